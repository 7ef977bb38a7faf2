import assert from "node:assert/strict";
import { it } from "node:test";
import { ModelProgram } from "../testing/model-program.js";
import { spawn, store } from "../testing/model-operations.js";
import { explore } from "../explorer.js";
import type { RunEnd } from "../strategy.js";

const stores = (n: number): readonly ReturnType<typeof store>[] => Array.from({ length: n }, () => store(1));

it("a program whose runs are all cut gets six long ones after the fourth", async () => {
  const program = new ModelProgram({ main: [spawn(...stores(100)), ...stores(100)] });
  const lengths: number[] = [];
  const judge = (end: RunEnd): [] => (lengths.push(end.schedule.length), []);
  const { cut } = await explore(program, { steps: 50, schedules: 12 }, judge);
  assert.deepEqual(lengths, [50, 50, 50, 50, 200, 200, 200, 200, 200, 200, 50, 50]);
  assert.equal(cut, 6);
});

it("a program that comes to its end once gets none", async () => {
  const program = new ModelProgram({ main: [spawn(...stores(20)), ...stores(20)] });
  const lengths: number[] = [];
  await explore(program, { steps: 50, schedules: 12 }, (end) => (lengths.push(end.schedule.length), []));
  assert.deepEqual(lengths, Array.from({ length: 12 }, () => 40));
});

it("a long run is given up once the budget is spent, and asked about that every 16 steps", async () => {
  const program = new ModelProgram({ main: [spawn(...stores(20_000)), ...stores(20_000)] });
  let now = 0; // a millisecond passes at each look at the clock: two or three a run, and one for each question
  const lengths: number[] = [];
  const judge = (end: RunEnd): [] => (lengths.push(end.schedule.length), []);
  const { coverage } = await explore(program, { steps: 50, budget: 32, wall: { now: () => now++, turn: async () => {} } }, judge);
  assert.deepEqual(lengths.slice(0, 4), [50, 50, 50, 50]);
  assert.equal(lengths.length, 5);
  assert.equal(lengths[4]! % 16, 0);
  assert.ok(lengths[4]! < 40_000, `${lengths[4]} steps`);
  assert.equal(coverage.stoppedBy, "time: raise --budget");
});
