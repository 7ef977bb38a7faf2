import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Prng } from "../base/prng.js";
import { growthOf, type Sample, theilSen } from "./growth.js";
import { SCENARIOS } from "./testing/simulated.js";

const at = (counts: readonly number[]): Sample[] => counts.map((count, i) => ({ at: i * 10, count }));

/** Asked at every tenth sample, as a watch that runs on would be. */
const alarmed = (series: readonly Sample[]): boolean => {
  for (let end = 60; end <= series.length; end += 10) if (growthOf(series.slice(0, end))) return true;
  return false;
};

for (const scenario of SCENARIOS) {
  test(`${scenario.leaks ? "alarm" : "quiet"}: ${scenario.name}`, () => {
    const calls = Array.from({ length: 5 }, (_, seed) => alarmed(scenario.series(new Prng(seed))));
    assert.deepEqual(calls, calls.map(() => scenario.leaks));
  });
}

/** fixtures/watch/recorded.json: scripts/record-growth.mjs, real services under load with a slow start and a restart. */
const RECORDED = JSON.parse(readFileSync(new URL("../../../fixtures/watch/recorded.json", import.meta.url), "utf8")) as readonly { service: string; fixed: boolean; group: string; leaks: boolean; counts: readonly number[] }[];
for (const { service, fixed, group, leaks, counts } of RECORDED) {
  test(`${leaks ? "alarm" : "quiet"}: recorded of ${service}${fixed ? ", fixed" : ""}: ${group}`, () => {
    assert.equal(alarmed(counts.map((count, i) => ({ at: i / 4, count }))), leaks);
  });
}

test("Theil–Sen: a quarter of nonsense does not move it", () => {
  const line = at(Array.from({ length: 20 }, (_, i) => (i % 5 === 2 ? 1000 : 3 * i)));
  assert.equal(theilSen(line), 0.3);
});

test("too little history gives no alarm", () => {
  assert.equal(growthOf(at(Array.from({ length: 59 }, (_, i) => 10 * i))), undefined);
  assert.equal(growthOf(at(Array.from({ length: 60 }, (_, i) => 10 * i)))?.perMinute, 60);
});

test("a rise of less than minRise, or of less than a tenth, is none", () => {
  assert.equal(growthOf(at(Array.from({ length: 60 }, (_, i) => Math.floor(i / 7)))), undefined);
  assert.equal(growthOf(at(Array.from({ length: 60 }, (_, i) => 1000 + i))), undefined);
});
