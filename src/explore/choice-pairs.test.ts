import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { joined } from "./choice-pairs.js";
import { DporSearch } from "./dpor/dpor-search.js";
import { LAZY_CLOCK } from "./fairness.js";
import { DepthFirst } from "./strategies/depth-first.js";
import { NonPreemptive } from "./strategies/natural.js";
import type { Strategy } from "./strategy.js";
import { load, lock, onRecv, rmw, select, send, spawn, store, unlock, type ModelProgramText } from "./testing/model-operations.js";
import { ModelWorkers } from "./testing/model-workers.js";
import { signatures } from "./testing/signatures.js";

const locking = (n: number): ModelProgramText => ({ main: Array.from({ length: n }, () => spawn(lock(1), unlock(1))) });

/** Pairs, and those tried both ways. */
async function counted(text: ModelProgramText, strategy: Strategy): Promise<readonly [pairs: number, both: number, complete: boolean]> {
  const { coverage } = await signatures(text, { strategy, clock: LAZY_CLOCK, pairs: true });
  const pairs = coverage.pairs!;
  return [pairs.length, pairs.filter((name) => name.endsWith("+")).length, coverage.complete];
}

describe("pairs of choices", () => {
  const cases: readonly (readonly [title: string, text: ModelProgramText, pairs: number, natural: number])[] = [
    ["two that lock one mutex: who is first", locking(2), 1, 0],
    ["three that lock one: three pairs", locking(3), 3, 0],
    ["what touches different objects is no choice", { main: [spawn(store(1), store(1)), spawn(store(2))] }, 0, 0],
    ["nor what only looks", { main: [spawn(load(1)), spawn(load(1))] }, 0, 0],
    ["a step that comes again is the same", { main: [spawn(store(1), store(1), store(1)), spawn(store(1))] }, 1, 0],
    ["two operations of one, each with the other's: two pairs", { main: [spawn(store(1), rmw(1)), spawn(store(1))] }, 2, 0],
    ["a select with two cases that are ready", { channels: { 1: 1, 2: 1 }, main: [send(1), send(2), select([onRecv(1), onRecv(2)])] }, 1, 0],
    ["one that runs alone", { channels: { 1: 1 }, main: [send(1), store(2)] }, 0, 0],
  ];
  for (const [title, text, pairs, natural] of cases) {
    it(title, async () => {
      assert.deepEqual(await counted(text, new DepthFirst()), [pairs, pairs, true]);
      assert.deepEqual(await counted(text, new DporSearch(LAZY_CLOCK)), [pairs, pairs, true]);
      assert.deepEqual((await counted(text, new NonPreemptive())).slice(1, 2), [natural]);
    });
  }

  it("what helpers tried counts as well", async () => {
    const text: ModelProgramText = { main: Array.from({ length: 6 }, () => spawn(lock(1), rmw(2), unlock(1))) };
    let now = 0;
    const wall = { now: () => (now += 60), turn: () => new Promise<void>((resolve) => setImmediate(resolve)) };
    const helpers = await new ModelWorkers(text, 2).start();
    try {
      let most = 0;
      const { coverage } = await signatures(text, { wall, helpers, clock: LAZY_CLOCK, pairs: true, progress: ({ workers }) => (most = Math.max(most, workers)) });
      assert.deepEqual([coverage.complete, coverage.pairs!.length, coverage.pairs!.every((name) => name.endsWith("+"))], [true, 15, true]);
      assert.equal(most, 3);
    } finally {
      await helpers.end();
    }
  });

  it("nobody asked: nothing is counted", async () => {
    const { coverage } = await signatures(locking(2), { strategy: new DepthFirst(), clock: LAZY_CLOCK });
    assert.equal("pairs" in coverage, false);
  });

  it("of several rounds each pair once, tried both ways where it was in one of them", () => {
    assert.deepEqual(joined(["a", "b+", "c"], ["a+", "b", "d"]), ["a+", "b+", "c", "d"]);
    assert.deepEqual([joined(undefined, ["a"]), joined(["a"], undefined), joined(undefined, undefined)], [["a"], ["a"], undefined]);
  });
});
