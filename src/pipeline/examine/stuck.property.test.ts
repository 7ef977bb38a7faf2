// Random programs whose goroutines are all reachable: `stuck` is said of none that a continuation of its run wakes.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { allAlternatives } from "../../explore/alternatives.js";
import { ModelProgram } from "../../explore/testing/model-program.js";
import type { ModelRun } from "../../explore/testing/model-run.js";
import type { ModelProgramText } from "../../explore/testing/model-operations.js";
import { randomProgram } from "../../explore/testing/random-program.js";
import type { Choice } from "../../model/run/choice.js";
import { goroutineName, type GoroutineName } from "../../model/ids.js";
import type { Program, Run } from "../../model/run/program.js";
import { parseSchedule, type Schedule } from "../../model/run/schedule.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import type { GoroutineLife, Trace, TraceStep } from "../../model/run/trace.js";
import { examine } from "./examine.js";

const MAIN = goroutineName("1");
/** Each goroutine has a line of its own, so that K3 never counts two as one. */
const lineOf = (name: GoroutineName): number => [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 100_000;
const frameOf = (name: GoroutineName): Frame => ({ function: `main.g${name}`, file: "main.go", line: lineOf(name) });

/** A model program as a host shows it: stacks, lives, and everything reachable. */
function hosted(text: ModelProgramText): Program {
  const model = new ModelProgram(text);
  return { name: "model", start: () => hostedRun(model.start()) };
}

function hostedRun(run: ModelRun): Run {
  const steps: TraceStep[] = [];
  const started = new Map<GoroutineName, number>([[MAIN, -1]]);
  for (const { goroutine } of run.pending()) if (goroutine !== undefined && goroutine !== MAIN) started.set(goroutine, -1);
  const goroutines = (): Snapshot => {
    const all = run.goroutines();
    return { ...all, goroutines: all.goroutines.map((one) => ({ ...one, stack: [frameOf(one.name!)], unreachable: false, ...(one.name === MAIN ? {} : { createdBy: { ...frameOf(one.name!), name: MAIN } }) })) };
  };
  const trace = (): Trace => {
    const left = new Set(run.goroutines().goroutines.map(({ name }) => name));
    const lives = [...started].map(([name, startedAt]): GoroutineLife => ({ name, entry: frameOf(name).function, startedAt, createdBy: frameOf(name), ...(left.has(name) ? {} : { endedAt: steps.length - 1 }) }));
    return { steps, lives };
  };
  const take = (choice: Choice): void => {
    run.take(choice);
    steps.push({ choice, acts: [], time: run.now() });
    for (const name of run.last().started) started.set(name, steps.length - 1);
  };
  return { pending: () => run.pending(), take, last: () => run.last(), outcome: () => run.outcome(), goroutines, trace, now: () => run.now() };
}

function standing(text: ModelProgramText, schedule: Schedule): ModelRun {
  const run = new ModelProgram(text).start();
  for (const choice of schedule) run.take(choice);
  return run;
}

/** Does any way on from the end of a schedule make the goroutine move? */
function wakes(text: ModelProgramText, schedule: Schedule, name: GoroutineName, depth = 40): boolean {
  const run = standing(text, schedule);
  if (depth === 0 || run.outcome()?.kind === "panic") return false;
  return allAlternatives(run.pending()).some((choice) => {
    const next = standing(text, schedule);
    next.take(choice);
    return next.last().moved.includes(name) || wakes(text, [...schedule, choice], name, depth - 1);
  });
}

const isLeft = (run: ModelRun, name: GoroutineName): boolean => run.goroutines().goroutines.some((one) => one.name === name);

test("stuck: left at the end of its schedule, woken by no continuation, and gone at the end of the other schedule", async () => {
  let said = 0;
  const programs = fc.tuple(randomProgram(["unbuffered", "buffered", "select", "sleep", "timer", "timer"]), fc.constantFrom(3, 6, 9, 1_000));
  await fc.assert(
    fc.asyncProperty(programs, async ([text, horizon]) => {
      const settings = { budget: 60_000, schedules: 150, workers: 1, seed: 1, clock: { kind: "any", early: 3 } as const };
      const { findings } = await examine(hosted({ ...text, horizon }), { package: "p", test: "TestX", scope: MAIN, lines: () => undefined, settings });
      for (const { verdict, schedule, contrast, blocked } of findings) {
        if (verdict !== "stuck") continue;
        said++;
        const [here, there] = [parseSchedule(schedule!), parseSchedule(contrast!.schedule)];
        assert.ok(here.ok && there.ok);
        const name = standing(text, here.value).goroutines().goroutines.find((one) => frameOf(one.name!).line === blocked.line)?.name;
        assert.ok(name !== undefined, "it is left");
        assert.equal(wakes(text, here.value, name), false, "no continuation wakes it");
        assert.equal(isLeft(standing(text, there.value), name), false, "it ended in the other schedule");
      }
    }),
    { numRuns: 150, seed: 7 },
  );
  assert.ok(said > 5, `only ${said} were stuck: the property says little`);
});
