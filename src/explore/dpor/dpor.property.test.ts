import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { explore } from "../explorer.js";
import { LAZY_CLOCK, type ClockPolicy } from "../fairness.js";
import { DepthFirst } from "../strategies/depth-first.js";
import { ModelProgram } from "../testing/model-program.js";
import { randomProgram } from "../testing/random-program.js";
import { signatureOf } from "../testing/signatures.js";
import { traceOf } from "../testing/event-order.js";
import type { ModelProgramText } from "../testing/model-operations.js";
import { DporSearch } from "./dpor-search.js";

/** Programs with more schedules than this say nothing more and take too long. */
const ENOUGH = 400;

/** UNPARK_EFFORT=60 tries sixty times as many programs, as was done before this was first committed. */
const EFFORT = Number(process.env["UNPARK_EFFORT"] ?? 1) / 3;

interface Compared {
  readonly plain: ReadonlySet<string>;
  readonly reduced: ReadonlySet<string>;
  readonly plainTraces: ReadonlySet<string>;
  readonly reducedTraces: readonly string[];
}

async function compare(text: ModelProgramText, clock: ClockPolicy): Promise<Compared | undefined> {
  const lazy = clock.kind === "lazy";
  const run = async (search: DepthFirst | DporSearch): Promise<{ keys: Set<string>; traces: string[] } | undefined> => {
    const traces: string[] = [];
    const result = await explore(new ModelProgram(text), { strategy: search, clock, schedules: ENOUGH, budget: Infinity }, (end) => {
      if (end.outcome?.kind !== "panic") traces.push(traceOf(text, end.schedule, lazy));
      return signatureOf(end);
    });
    return result.coverage.complete ? { keys: new Set(result.found.map((f) => f.key)), traces } : undefined;
  };
  const plain = await run(new DepthFirst());
  if (!plain) return undefined;
  const reduced = await run(new DporSearch(clock));
  assert.ok(reduced, "reduction takes more runs than plain search");
  return { plain: plain.keys, plainTraces: new Set(plain.traces), reduced: reduced.keys, reducedTraces: reduced.traces };
}

const check = (name: string, families: readonly Parameters<typeof randomProgram>[0][number][], clock: ClockPolicy, runs: number, outcomesOnly = false): void => {
  it(name, async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram(families), async (text) => {
        const both = await compare(text, clock);
        if (!both) return;
        assert.deepEqual([...both.reduced].sort(), [...both.plain].sort(), "outcomes");
        if (outcomesOnly) return;
        assert.deepEqual([...both.reducedTraces].sort(), [...both.plainTraces].sort(), "every trace once");
      }),
      { numRuns: Math.ceil(runs * EFFORT), seed: 4 },
    );
  });
};

describe("reduction finds exactly the outcomes of plain search, each trace once", () => {
  check("locks", ["mutex", "rwmutex"], LAZY_CLOCK, 60);
  check("buffered channels", ["buffered"], LAZY_CLOCK, 60);
  check("unbuffered channels", ["unbuffered"], LAZY_CLOCK, 60);
  check("selects", ["select"], LAZY_CLOCK, 60);
  check("atomics", ["atomic"], LAZY_CLOCK, 60);
  check("conditions", ["cond", "mutex"], LAZY_CLOCK, 60);
  // Whether two Adds commute depends on the counter, so that equal traces need not look equal: outcomes only.
  check("WaitGroups", ["waitgroup"], LAZY_CLOCK, 150, true);
  check("everything but WaitGroups", ["mutex", "rwmutex", "buffered", "unbuffered", "select", "atomic", "cond"], LAZY_CLOCK, 100);
  check("everything", ["mutex", "rwmutex", "buffered", "unbuffered", "select", "atomic", "waitgroup", "cond"], LAZY_CLOCK, 100, true);
  check("time, lazily", ["sleep", "timer", "unbuffered"], LAZY_CLOCK, 60);
  // GoKer Cockroach10214: who waits for a lock that a sleeper holds might have had it before the sleep.
  check("time, lazily, and locks", ["sleep", "timer", "mutex", "rwmutex", "select"], LAZY_CLOCK, 80);
  // The same trace may be tried with more and with fewer early clock moves: outcomes only.
  check("time, at any moment", ["sleep", "timer", "unbuffered"], { kind: "any", early: 2 }, 60, true);
  check("time, at any moment, among others", ["sleep", "timer", "select", "mutex", "atomic"], { kind: "any", early: 1 }, 60, true);
});

it("runs that are given up as repetitions are counted: they and the schedules are all the runs", async () => {
  let repeated = 0;
  await fc.assert(
    fc.asyncProperty(randomProgram(["mutex", "rwmutex"]), async (text) => {
      let judged = 0;
      const { coverage, runs } = await explore(new ModelProgram(text), { strategy: new DporSearch(LAZY_CLOCK), clock: LAZY_CLOCK, schedules: ENOUGH, budget: Infinity }, () => {
        judged++;
        return [];
      });
      assert.equal(judged + (coverage.repeated ?? 0), runs);
      if (coverage.complete) assert.equal(coverage.schedules, judged);
      repeated += coverage.repeated ?? 0;
    }),
    { numRuns: 60, seed: 4 },
  );
  assert.ok(repeated > 0, "none of them repeats a run");
});
