import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { buildFixture, fixtureFolder, loadFixture } from "../../../../test/guest-fixture.js";
import { replay } from "../../../explore/replay-schedule.js";
import type { Program } from "../../../model/run/program.js";
import { formatSchedule } from "../../../model/run/schedule.js";
import type { GoRun } from "../go-run.js";

/** The natural schedule, where the explorer is told only what has changed, or sees all in each step. */
async function natural(program: Program, changes: boolean): Promise<{ readonly schedule: string; readonly told: number; readonly all: number }> {
  let [told, all] = [0, 0];
  const watched: Program = {
    name: program.name,
    start: (options) => {
      const run = program.start(options) as GoRun;
      const takeChanged = run.takeChanged.bind(run);
      run.takeChanged = () => {
        const changed = takeChanged();
        told += changed?.length ?? 0;
        all += changed === undefined ? 0 : run.pending().length;
        return changes ? changed : undefined;
      };
      return run;
    },
  };
  const end = await replay(watched, [], { steps: 20_000, natural: true });
  return { schedule: formatSchedule(end.schedule), told, all };
}

describe("a search that is told only what has changed chooses what it does when it sees all", () => {
  let main: Uint8Array;
  before(async () => void (main = await buildFixture(fixtureFolder("host"), "main")));

  for (const args of [["still", "40", "60"], ["grow", "40", "20"], ["copies", "40", "40"]]) {
    it(args.join(" "), async () => {
      const program = loadFixture(main, args).program();
      const { schedule, told, all } = await natural(program, true);
      assert.equal(schedule, (await natural(program, false)).schedule);
      assert.ok(told * 4 < all, `${told} of ${all}`);
    });
  }

  for (const name of ["query", "locks", "readers", "abba", "default", "timeout", "sleepers", "stop", "once", "cond", "atomics", "ahead", "map", "writer", "selects", "context", "spinlock", "ticker"]) {
    it(name, async () => {
      const program = loadFixture(main, [name]).program();
      assert.equal((await natural(program, true)).schedule, (await natural(program, false)).schedule);
    });
  }
});
