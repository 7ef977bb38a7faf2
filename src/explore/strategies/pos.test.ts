import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatSchedule } from "../../model/run/schedule.js";
import { explore } from "../explorer.js";
import { LAZY_CLOCK } from "../fairness.js";
import type { Strategy } from "../strategy.js";
import { rmw, spawn, store, type ModelProgramText } from "../testing/model-operations.js";
import { ModelProgram } from "../testing/model-program.js";
import { PartialOrderSampling } from "./pos.js";
import { Random } from "./random.js";

/** How often each schedule comes up. */
async function frequencies(text: ModelProgramText, strategy: Strategy, schedules: number): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  await explore(new ModelProgram(text), { strategy, schedules, clock: LAZY_CLOCK, budget: Infinity }, (end) => {
    const key = formatSchedule(end.schedule.slice()).replace(/^u1 /, "");
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return [];
  });
  return counts;
}

/** How often main's step on the shared object comes before the goroutine's. */
const mainFirst = async (text: ModelProgramText, strategy: Strategy, schedules: number): Promise<number> => {
  let count = 0;
  for (const [schedule, times] of await frequencies(text, strategy, schedules)) if (schedule.endsWith(" 1.1")) count += times;
  return count;
};

const within = (value: number, least: number, most: number): void => assert.ok(value >= least && value <= most, `${value} is not between ${least} and ${most}`);

describe("partial order sampling", () => {
  it("steps that race with nothing do not make an order of those that race less likely than 1 in their number", async () => {
    // Seven steps, six of them main's alone, all above the goroutine's one: the integral of (1 - p)^7 is 1/8. A random walk: 1/128.
    const text: ModelProgramText = { main: [spawn(rmw(1)), ...Array.from({ length: 6 }, () => store(2)), rmw(1)] };
    within(await mainFirst(text, new PartialOrderSampling(1), 1_600), 160, 240);
    within(await mainFirst(text, new Random(1), 1_600), 3, 25);
  });

  it("what raced draws another priority: after one step of main, its next and the goroutine's are alike likely", async () => {
    // Main, main, then the goroutine: 1/2 · 1/2. With the priority that the goroutine's first step had, it would be 1/3.
    const text: ModelProgramText = { main: [spawn(rmw(1), rmw(1)), rmw(1), rmw(1)] };
    const counts = await frequencies(text, new PartialOrderSampling(1), 1_600);
    assert.equal(counts.size, 6);
    within(counts.get("1*2 1.1*2")!, 360, 440);
  });

  it("what commutes with the step keeps its priority", async () => {
    // As above, on two objects: nothing races, so the goroutine's first priority stays, and 1/3 it is.
    const text: ModelProgramText = { main: [spawn(store(2), store(2)), store(1), store(1)] };
    within((await frequencies(text, new PartialOrderSampling(1), 1_600)).get("1*2 1.1*2")!, 490, 580);
  });

  it("each operation has a priority of its own, also where nothing races", async () => {
    // Main has two, the goroutine one: its one is the highest of those compared in 1/2, the lowest of all three in 1/3.
    const counts = await frequencies({ main: [spawn(store(3)), store(1), store(2)] }, new PartialOrderSampling(1), 1_600);
    for (const [schedule, count] of [["1.1 1*2", 800], ["1*2 1.1", 533], ["1 1.1 1", 267]] as const) within(counts.get(schedule) ?? 0, count - 60, count + 60);
  });
});
