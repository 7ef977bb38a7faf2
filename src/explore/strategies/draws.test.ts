import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatSchedule } from "../../model/run/schedule.js";
import { explore } from "../explorer.js";
import { LAZY_CLOCK } from "../fairness.js";
import { DporSearch } from "../dpor/dpor-search.js";
import type { ExhaustiveStrategy, RunEnd, Strategy } from "../strategy.js";
import { lock, random, rmw, send, spawn, unless, unlock, type ModelProgramText } from "../testing/model-operations.js";
import { ModelProgram } from "../testing/model-program.js";
import { signatures } from "../testing/signatures.js";
import { DrawsLast } from "./draws.js";
import { Pct } from "./pct.js";
import { portfolio } from "./portfolio.js";
import { Preemptions } from "./preemptions.js";
import { Random } from "./random.js";

/** Main draws three times among ten, and then takes two locks; a goroutine takes them in the other order. */
const both: ModelProgramText = {
  main: [
    spawn(lock(1), lock(2), unlock(2), unlock(1)),
    lock(2), lock(1), random(10), random(10), random(10), unlock(1), unlock(2),
  ],
};
/** Who is first decides which of the two draws again. */
const conditional: ModelProgramText = {
  main: [spawn(rmw(1), unless(0, 1), random(3)), rmw(1), unless(0, 2), random(2), random(2)],
};

const valuesOf = (end: RunEnd): number => end.schedule.filter((c) => c.kind === "value" && c.value !== 0).length;

async function tried(text: ModelProgramText, search: Strategy, schedules = Infinity): Promise<RunEnd[]> {
  const ends: RunEnd[] = [];
  await explore(new ModelProgram(text), { strategy: search, clock: LAZY_CLOCK, budget: Infinity, schedules }, (end) => (ends.push({ ...end, schedule: end.schedule.slice() }), []));
  return ends;
}

describe("draws of random numbers come after scheduling", () => {
  it("all schedules with first values, then with one other value, then the rest", async () => {
    const rounds = (await tried(both, new DrawsLast(() => new DporSearch(LAZY_CLOCK)))).map(valuesOf);
    // Who has both locks before the other begins: 2 schedules with the draws; or they block each other: 1, without any.
    assert.deepEqual(rounds.slice(0, 3), [0, 0, 0]);
    const one = rounds.slice(3, 3 + 1 + 2 * (1 + 3 * 9));
    assert.equal(Math.max(...one), 1);
    assert.equal(rounds.length, 3 + one.length + 1 + 2 * 1000);
  });

  it("plain reduction is still at its first schedule's draws when the deadlock is due", async () => {
    const deadlock = (end: RunEnd): boolean => end.outcome?.kind === "deadlock";
    const plain = await tried(both, new DporSearch(LAZY_CLOCK), 1_000);
    assert.equal(plain.findIndex(deadlock), -1, "1,000 runs, one schedule");
    const last = await tried(both, new DrawsLast(() => new DporSearch(LAZY_CLOCK)), 1_000);
    assert.ok(last.findIndex(deadlock) < 3);
  });

  for (const [title, text] of [["three draws and a lock order", both], ["draws that depend on the schedule", conditional]] as const) {
    it(`${title}: as many schedules that differ as without, the same outcomes`, async () => {
      for (const make of [(): ExhaustiveStrategy => new DporSearch(LAZY_CLOCK), (): ExhaustiveStrategy => new Preemptions(2)]) {
        const plain = await signatures(text, { strategy: make(), clock: LAZY_CLOCK });
        const last = await signatures(text, { strategy: new DrawsLast(make), clock: LAZY_CLOCK });
        assert.equal(last.coverage.complete, true);
        assert.equal(last.coverage.schedules, plain.coverage.schedules);
        assert.deepEqual(last.found.map((f) => f.key).sort(), plain.found.map((f) => f.key).sort());
      }
    });
  }

  it("the portfolio's counts do not change: 2 · 10 · 10 · 10 + 1", async () => {
    const { coverage } = await explore(new ModelProgram(both), { clock: LAZY_CLOCK, budget: Infinity }, () => []);
    assert.deepEqual([coverage.complete, coverage.schedules], [true, 2_001]);
    const bounded = await explore(new ModelProgram(both), { strategy: portfolio({ seed: 1, clock: LAZY_CLOCK, preemptions: 0 }), clock: LAZY_CLOCK, budget: Infinity }, () => []);
    assert.deepEqual([bounded.coverage.complete, bounded.coverage.schedules], [true, 2_000]);
  });

  it("a program that does not draw is explored once", async () => {
    const text: ModelProgramText = { channels: { 1: 3 }, main: [spawn(send(1)), spawn(send(1)), spawn(send(1))] };
    assert.equal((await tried(text, new DrawsLast(() => new DporSearch(LAZY_CLOCK)))).length, 6);
  });
});

describe("random searches: a draw takes no turn", () => {
  const drawing: ModelProgramText = { main: [spawn(random(4), random(4), rmw(1)), random(4), rmw(1)] };
  for (const search of [new Random(1, 40), new Pct(1, 40)]) {
    it(search.name, async () => {
      const ends = await tried(drawing, search);
      for (const end of ends) assert.match(formatSchedule(end.schedule), /^u1( 1(\.1)?=\d(\*2)?){2,3} /);
      assert.equal(new Set(ends.map((end) => formatSchedule(end.schedule.slice(3)))).size, 2, "both orders of what follows");
    });
  }
});
