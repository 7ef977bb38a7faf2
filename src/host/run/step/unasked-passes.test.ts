import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { buildFixture, fixtureFolder, loadFixture } from "../../../../test/guest-fixture.js";
import { replay } from "../../../explore/replay-schedule.js";
import type { RunEnd } from "../../../explore/strategy.js";
import type { Program } from "../../../model/run/program.js";
import { formatSchedule, type Schedule } from "../../../model/run/schedule.js";

/** The natural run behind a schedule, and what a user would see of it. */
async function run(program: Program, unaskedAfter: number | undefined, schedule: Schedule = []): Promise<{ readonly end: RunEnd; readonly told: unknown }> {
  let output = "";
  const end = await replay(program, schedule, { steps: 20_000, natural: true, ...(unaskedAfter === undefined ? {} : { unaskedAfter }), output: (stream, bytes) => (output += `${stream} ${new TextDecoder().decode(bytes)}`) });
  assert.equal(typeof end.stopped === "object" ? end.stopped.diverged.message : "", "");
  const left = (await end.run.goroutines()).goroutines.map(({ name, state, waitReason, unreachable }) => ({ name, state, waitReason, unreachable }));
  return { end, told: { outcome: end.outcome, left, output } };
}

describe("a natural run in which goroutines do not ask for what need not wait", () => {
  let main: Uint8Array;
  before(async () => void (main = await buildFixture(fixtureFolder("host"), "main")));

  for (const name of ["query", "locks", "readers", "abba", "default", "timeout", "sleepers", "stop", "once", "cond", "atomics", "map", "writer", "selects", "context", "spinlock", "gosched", "ticker"]) {
    it(`${name}: ends as it does where each asks`, async () => {
      const program = loadFixture(main, [name]).program();
      const asking = await run(program, undefined);
      const unasked = await run(program, 0);
      assert.deepEqual(unasked.told, asking.told);
      assert.ok(unasked.end.schedule.length <= asking.end.schedule.length);
      // U2: by its choices alone, with a stop before each step.
      const again = await run(program, 0, unasked.end.schedule.slice());
      assert.equal(formatSchedule(again.end.schedule), formatSchedule(unasked.end.schedule));
      assert.deepEqual(again.told, unasked.told);
    });
  }

  it("ahead: it goes on for longer before it is another's turn, and ends as well", async () => {
    const { end } = await run(loadFixture(main, ["ahead"]).program(), 0);
    assert.deepEqual(end.outcome, { kind: "quiescent", exitCode: 0, cutShort: 0 });
  });

  it("a hundred locked rounds and more make a few steps; who waits for the lock is let go on (U3)", async () => {
    const program = loadFixture(main, ["ahead"]).program();
    const [asking, unasked] = [(await run(program, undefined)).end.schedule.length, (await run(program, 0)).end.schedule.length];
    assert.ok(unasked * 5 < asking, `${unasked} of ${asking}`);
  });

  it("asks for each until so many steps are done", async () => {
    const program = loadFixture(main, ["ahead"]).program();
    const asking = (await run(program, undefined)).end.schedule;
    const late = (await run(program, 100)).end.schedule;
    assert.deepEqual(late.slice(0, 100), asking.slice(0, 100));
    assert.ok(late.length < asking.length);
  });
});
