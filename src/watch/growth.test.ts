import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Prng } from "../base/prng.js";
import { DEFAULT_GROWTH, growthOf, type Sample, theilSen } from "./growth.js";
import { SCENARIOS } from "./testing/simulated.js";

const at = (counts: readonly number[]): Sample[] => counts.map((count, i) => ({ at: i * 10, count }));

/** Asked at every tenth sample, as a watch that runs on would be. */
const alarmed = (series: readonly Sample[]): boolean => {
  for (let end = DEFAULT_GROWTH.window; end <= series.length; end += 10) if (growthOf(series.slice(0, end))) return true;
  return false;
};

for (const scenario of SCENARIOS) {
  test(`${scenario.leaks ? "alarm" : "quiet"}: ${scenario.name}`, () => {
    const calls = Array.from({ length: 5 }, (_, seed) => alarmed(scenario.series(new Prng(seed))));
    assert.deepEqual(calls, calls.map(() => scenario.leaks));
  });
}

/** fixtures/watch/recorded.json: scripts/record-growth.mjs, real services under eight loads, with restarts and deploys. */
const RECORDED = JSON.parse(readFileSync(new URL("../../../fixtures/watch/recorded.json", import.meta.url), "utf8")) as readonly { load: string; service: string; fixed: boolean; group: string; leaks: boolean; counts: readonly number[] }[];
for (const { load, service, fixed, group, leaks, counts } of RECORDED) {
  test(`${leaks ? "alarm" : "quiet"}: recorded under ${load}: ${service}${fixed ? ", fixed" : ""}: ${group}`, () => {
    assert.equal(alarmed(counts.map((count, i) => ({ at: i / 4, count }))), leaks);
  });
}

test("Theil–Sen: a quarter of nonsense does not move it", () => {
  const line = at(Array.from({ length: 20 }, (_, i) => (i % 5 === 2 ? 1000 : 3 * i)));
  assert.equal(theilSen(line), 0.3);
});

test("too little history gives no alarm", () => {
  assert.equal(growthOf(at(Array.from({ length: 119 }, (_, i) => 10 * i))), undefined);
  assert.equal(growthOf(at(Array.from({ length: 120 }, (_, i) => 10 * i)))?.perMinute, 60);
});

test("a rise of less than minRise, or of less than a tenth, is none", () => {
  assert.equal(growthOf(at(Array.from({ length: 120 }, (_, i) => Math.floor(i / 14)))), undefined);
  assert.equal(growthOf(at(Array.from({ length: 120 }, (_, i) => 2000 + i))), undefined);
});

test("what fills up within about a window is none, for it slows down", () => {
  const filling = (limit: number): readonly Sample[] => at(Array.from({ length: 720 }, (_, i) => Math.round(limit * (1 - Math.exp(-i / 110)))));
  assert.equal(alarmed(filling(400)), false);
  assert.equal(alarmed(at(Array.from({ length: 720 }, (_, i) => i))), true);
});

test("a wave that comes up to where it was before is none; one that goes beyond is", () => {
  // Two thirds of a wave are a steady rise of 160 samples.
  const waves = (top: (n: number) => number): readonly Sample[] => at(Array.from({ length: 660 }, (_, i) => (i % 220 < 160 ? (top(Math.floor(i / 220)) * (i % 220)) / 160 : top(Math.floor(i / 220)) * (1 - ((i % 220) - 160) / 60))));
  const inThird = (series: readonly Sample[]): boolean => Array.from({ length: 15 }, (_, i) => 440 + 10 * i).some((end) => growthOf(series.slice(0, end + 10)) !== undefined);
  assert.equal(inThird(waves(() => 200)), false);
  assert.equal(inThird(waves((n) => 200 * (n + 1))), true);
});
