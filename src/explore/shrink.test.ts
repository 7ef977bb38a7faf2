import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatSchedule } from "../model/schedule.js";
import { shrink, switchesOf } from "./shrink.js";
import { Random } from "./strategies/random.js";
import { ModelProgram } from "./testing/model-program.js";
import { load, lock, rmw, spawn, store, unlock, type ModelProgramText } from "./testing/operations.js";
import { signatures } from "./testing/signatures.js";

const deadlock: ModelProgramText = {
  main: [
    spawn(store(9), lock(1), lock(2), unlock(2), unlock(1)),
    spawn(...Array.from({ length: 6 }, () => rmw(8))),
    store(7), lock(2), lock(1), unlock(1), unlock(2),
  ],
};

describe("shrinking", () => {
  it("a random walk into a deadlock becomes the fewest switches that still deadlock, and replays", async () => {
    const { found } = await signatures(deadlock, { search: new Random(3, 300) });
    const program = new ModelProgram(deadlock);
    const deadlocks = found.filter((f) => f.value.endsWith("deadlock"));
    assert.ok(deadlocks.length > 0);
    for (const { schedule } of deadlocks) {
      const shrunk = await shrink(program, schedule, (end) => end.outcome?.kind === "deadlock");
      // Main takes lock 2, the first goroutine lock 1 and everything else before it, the third all of its own: 2 switches.
      assert.equal(shrunk?.switches, 2, formatSchedule(schedule));
      assert.ok(switchesOf(schedule) >= 2);
      assert.equal(shrunk.end.outcome?.kind, "deadlock");
    }
  });

  it("what does not show again has no short form", async () => {
    const program = new ModelProgram({ main: [load(1)] });
    assert.equal(await shrink(program, [], (end) => end.outcome?.kind === "deadlock"), undefined);
  });
});
