import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatSchedule, parseSchedule, type Schedule } from "../../model/run/schedule.js";
import { explore } from "../explorer.js";
import { LAZY_CLOCK, type ClockPolicy } from "../fairness.js";
import { replay } from "../replay-schedule.js";
import { DepthFirst } from "../strategies/depth-first.js";
import { ModelProgram } from "../testing/model-program.js";
import { lock, panics, rmw, spawn, store, unlock, type ModelProgramText } from "../testing/model-operations.js";
import { randomProgram, type Family } from "../testing/random-program.js";
import { signatureOf } from "../testing/signatures.js";
import { eventsOf, traceOf } from "../testing/event-order.js";
import { normalForm, canonicalLength } from "./normal-form.js";

const formOf = (text: ModelProgramText, schedule: Schedule, lazy: boolean, abrupt = false): Schedule => {
  const { history, names } = eventsOf(text, schedule, lazy);
  const form = normalForm(history.events, (p) => names.nameOf(p), abrupt);
  assert.equal(form.length, canonicalLength(history.events, abrupt));
  return form;
};

/** Each trace of a program (of its first 300 schedules, none of which panics) with the normal forms of its schedules. */
async function formsOf(text: ModelProgramText, clock: ClockPolicy): Promise<Map<string, Set<string>>> {
  const lazy = clock.kind === "lazy";
  const forms = new Map<string, Set<string>>();
  await explore(new ModelProgram(text), { strategy: new DepthFirst(), clock, schedules: 300, budget: Infinity }, (end) => {
    if (end.outcome?.kind === "panic") return [];
    const trace = traceOf(text, end.schedule, lazy);
    forms.set(trace, (forms.get(trace) ?? new Set()).add(formatSchedule(formOf(text, end.schedule, lazy))));
    return signatureOf(end);
  });
  return forms;
}

const check = (name: string, families: readonly Family[], clock: ClockPolicy): void => {
  it(name, async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram(families), async (text) => {
        for (const [trace, forms] of await formsOf(text, clock)) {
          assert.equal(forms.size, 1, [...forms].join("\n"));
          const form = parseSchedule([...forms][0]!);
          assert.ok(form.ok);
          const end = await replay(new ModelProgram(text), form.value);
          assert.equal(end.stopped, undefined);
          assert.equal(formatSchedule(end.schedule), [...forms][0], "it is a whole run");
          assert.equal(traceOf(text, end.schedule, clock.kind === "lazy"), trace, "of the same trace");
        }
      }),
      { numRuns: 40, seed: 5 },
    );
  });
};

describe("normal form: one for all schedules that are alike, and one of them", () => {
  check("locks", ["mutex", "rwmutex"], LAZY_CLOCK);
  check("channels and selects", ["buffered", "unbuffered", "select"], LAZY_CLOCK);
  check("atomics and conditions", ["atomic", "cond", "mutex"], LAZY_CLOCK);
  check("time, lazily", ["sleep", "timer", "unbuffered"], LAZY_CLOCK);
  check("time, at any moment", ["sleep", "atomic"], { kind: "any", early: 2 });
});

describe("normal form", () => {
  const schedule = (text: string): Schedule => {
    const parsed = parseSchedule(text);
    assert.ok(parsed.ok);
    return parsed.value;
  };

  it("goes on with whoever went last", () => {
    const text: ModelProgramText = { main: [spawn(store(1), store(1)), spawn(store(2), store(2))] };
    assert.equal(formatSchedule(formOf(text, schedule("u1 1.2 1.1 1.2 1.1"), true)), "u1 1.1*2 1.2*2");
  });

  it("keeps the order of what does not commute", () => {
    const text: ModelProgramText = { main: [spawn(lock(1), unlock(1)), spawn(lock(1), unlock(1))] };
    assert.equal(formatSchedule(formOf(text, schedule("u1 1.2*2 1.1*2"), true)), "u1 1.2*2 1.1*2");
  });

  it("of a panic: only what it depends on", () => {
    const text: ModelProgramText = { main: [spawn(store(1), store(1)), spawn(rmw(2)), rmw(2), panics("no")] };
    assert.equal(formatSchedule(formOf(text, schedule("u1 1.1 1.2 1.1 1"), true, true)), "u1 1.2 1");
  });
});
