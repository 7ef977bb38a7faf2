import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { explore } from "../explorer.js";
import type { Schedule } from "../../model/run/schedule.js";
import { Random } from "../strategies/random.js";
import { ModelProgram } from "./model-program.js";
import { ModelRun } from "./model-run.js";
import { randomProgram } from "./random-program.js";
import { swapTest } from "./swap.js";

async function schedulesOf(program: ModelProgram, runs: number): Promise<Schedule[]> {
  const schedules: Schedule[] = [];
  await explore(program, { strategy: new Random(1, runs), budget: Infinity }, (end) => {
    if (end.outcome?.kind !== "panic") schedules.push(end.schedule.slice());
    return [];
  });
  return schedules;
}

describe("the swap test: independent neighbours commute", () => {
  it("in random model programs", async () => {
    let swaps = 0;
    await fc.assert(
      fc.asyncProperty(
        randomProgram(["mutex", "rwmutex", "buffered", "unbuffered", "select", "atomic", "waitgroup", "cond", "sleep", "timer"]),
        async (text) => {
          const program = new ModelProgram(text);
          for (const schedule of await schedulesOf(program, 3)) {
            const report = await swapTest(program, schedule, 10, 1);
            assert.deepEqual(report.failures, []);
            swaps += report.swaps;
          }
        },
      ),
      { numRuns: 150, seed: 4 },
    );
    assert.ok(swaps > 1_000, `${swaps} swaps`);
  });

  it("notices a host whose footprints are too small", async (t) => {
    t.mock.method(ModelRun.prototype, "last", function (this: ModelRun) {
      return { accesses: [], moved: [], started: [] };
    });
    const program = new ModelProgram({ main: [{ op: "spawn", body: [{ op: "lock", object: 1 as never }] }, { op: "lock", object: 1 as never }] });
    const noticed = (await Promise.all((await schedulesOf(program, 4)).map((s) => swapTest(program, s, 10, 1)))).flatMap((r) => r.failures);
    assert.deepEqual(noticed, [], "a single step each: nothing to swap");
    const two = new ModelProgram({
      main: [
        { op: "spawn", body: [{ op: "lock", object: 1 as never }, { op: "unlock", object: 1 as never }] },
        { op: "lock", object: 1 as never }, { op: "unlock", object: 1 as never },
      ],
    });
    const failures = (await Promise.all((await schedulesOf(two, 4)).map((s) => swapTest(two, s, 10, 1)))).flatMap((r) => r.failures);
    assert.ok(failures.length > 0);
  });
});
