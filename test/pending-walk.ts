import assert from "node:assert/strict";
import { Prng } from "../src/base/prng.js";
import type { GoRun } from "../src/host/run/go-run.js";
import { formatChoice } from "../src/model/run/choice.js";
import type { Pending, Program } from "../src/model/run/program.js";
import { ways } from "./plain-search.js";

/** Everything that is told, in words. */
const words = (pending: readonly Pending[]): string[] =>
  pending.map(({ goroutine, op, accesses, alternatives, yielding, hasDefault, time }) =>
    [goroutine ?? "@", op, accesses.map((a) => `${a.op}:${a.object}`).join(), alternatives.map(formatChoice).join(), yielding, hasDefault, time].join(" "),
  );

/**
 * Random walks, lazily and with an early clock, of which some go on from a copy of the world; after every step the host's
 * table of who is pending is held against a look at everybody (host/run/pending/pending-table.ts, T1). Answers the number of steps.
 */
export function walk(program: Program, runs: number): number {
  const random = new Prng(1);
  let steps = 0;
  for (let n = 0; n < runs; n++) {
    let run = program.start({ arrival: n % 2 === 0, steps: 400 }) as GoRun;
    while (run.outcome() === undefined) {
      assert.deepEqual(words(run.pending()), words(run.scan()), `${program.name}, run ${n}, step ${steps}`);
      assert.deepEqual(words(run.able()), words(run.scan().filter(({ alternatives }) => alternatives.length > 0)), `${program.name}, run ${n}, step ${steps}`);
      const all = ways(run.pending(), n % 2 === 0 ? "lazy" : "any");
      if (steps % 7 === 3) run = run.fork().restore() as GoRun;
      void run.take(all[random.below(all.length)]!);
      steps++;
    }
  }
  return steps;
}
