import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatSchedule } from "../../model/run/schedule.js";
import type { Exploration } from "../exploration.js";
import { LAZY_CLOCK } from "../fairness.js";
import { DporSearch } from "../dpor/dpor-search.js";
import { load, lock, rmw, store, unlock, type ModelProgramText } from "../testing/model-operations.js";
import { ModelWorkers } from "../testing/model-workers.js";
import { lockedBy, SHARED_PROGRAMS, spawns, type SharedProgramCase } from "../testing/shared-programs.js";
import { signatures } from "../testing/signatures.js";
import type { ExplorerOptions } from "../explorer.js";

const PROGRAMS: readonly SharedProgramCase[] = [
  ["five that take one lock: 5! = 120", lockedBy(5), LAZY_CLOCK],
  ["six that take one lock: 6! = 720", lockedBy(6), LAZY_CLOCK],
  ["three that count in two variables", { main: spawns(3, (i) => [rmw(1 + (i % 2)), load(1), store(2)]) }, LAZY_CLOCK],
  ...SHARED_PROGRAMS,
];

/** A clock by which so much time goes by that help is called at once, and asked for after every run. */
function hasty(): ExplorerOptions["wall"] {
  let now = 0;
  return { now: () => (now += 60), turn: () => new Promise((resolve) => setImmediate(resolve)) };
}

async function together(text: ModelProgramText, helpers: number, options: ExplorerOptions): Promise<Exploration<string>> {
  const hands = await new ModelWorkers(text, helpers).start();
  try {
    return await signatures(text, { wall: hasty()!, helpers: hands, ...options });
  } finally {
    await hands.end();
  }
}

/** All that a report says, apart from what it cost: times, and runs that were given up (who helps begins some that another would have spared). */
const told = ({ coverage: { repeated: _repeated, ...coverage }, found }: Exploration<string>): unknown => [
  { ...coverage, milliseconds: 0 },
  found.map(({ key, value, schedule, seen }) => [key, value, formatSchedule(schedule), seen]),
];

describe("helpers", () => {
  for (const [title, text, clock] of PROGRAMS) {
    it(`${title}: the same without, with one, and with two`, async () => {
      const alone = await together(text, 0, { clock });
      const reduced = await signatures(text, { strategy: new DporSearch(clock), clock });
      assert.equal(alone.coverage.complete, true);
      assert.equal(alone.coverage.schedules, reduced.coverage.schedules);
      for (const helpers of [1, 2]) assert.deepEqual(told(await together(text, helpers, { clock })), told(alone), `${helpers} helpers`);
      assert.deepEqual(told(await together(text, 1, { clock, seed: 7 })), told(alone), "another seed");
    });
  }

  it("they do their share", async () => {
    let most = 0;
    const text = lockedBy(7); // 5,040: long enough for two helpers to begin
    await together(text, 2, { clock: LAZY_CLOCK, progress: ({ workers }) => (most = Math.max(most, workers)) });
    assert.equal(most, 3);
  });

  const LONG: ModelProgramText = { main: spawns(7, () => [lock(1), rmw(2), unlock(1)]) };

  it("stop at exactly the number of schedules, all together", async () => {
    const some = await together(LONG, 2, { schedules: 700 });
    assert.equal(some.runs, 700);
    assert.equal(some.coverage.complete, false);
    assert.match(some.coverage.stoppedBy!, /--schedules/);
  });

  it("stop when interrupted, with what was found", async () => {
    const interrupt = new AbortController();
    const some = await together(LONG, 2, {
      signal: interrupt.signal,
      progress: ({ workers, schedules }) => { if (workers === 3 && schedules > 500) interrupt.abort(); },
    });
    assert.equal(some.coverage.stoppedBy, "interrupted");
    assert.ok(some.found.length > 0 && some.runs < 5_040);
  });

  it("one that is recalled gives back what it had, and nothing is lost", async () => {
    const hands = await new ModelWorkers(LONG, 2).start();
    let recalled = false;
    let left = Infinity;
    const all = await signatures(LONG, {
      wall: hasty()!, helpers: hands,
      progress: ({ workers, schedules }) => {
        if (recalled) left = Math.min(left, workers);
        if (workers !== 3 || schedules <= 500 || recalled) return;
        hands.recall();
        recalled = true;
      },
    });
    await hands.end();
    assert.ok(recalled);
    assert.equal(left, 1);
    assert.deepEqual(told(all), told(await together(LONG, 0, {})));
  });

  for (const [fate, why] of [["throws", /one of its workers failed \(the judge says no\)/], ["dies", /one of its workers failed \(it ended\)/]] as const) {
    it(`one that ${fate} is said: then it is not complete, but the others go on`, async () => {
      const hands = await new ModelWorkers(LONG, 1, fate).start();
      const some = await signatures(LONG, { wall: hasty()!, helpers: hands });
      await hands.end();
      assert.equal(some.coverage.complete, false);
      assert.match(some.coverage.stoppedBy!, why);
      assert.ok(some.runs > 500);
    });
  }

  it("are not called for what is small", async () => {
    const text = lockedBy(2);
    const hands = new ModelWorkers(text, 1);
    await signatures(text, { wall: hasty()!, helpers: hands });
    assert.equal(hands.called, false);
  });
});
