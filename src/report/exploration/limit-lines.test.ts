import assert from "node:assert/strict";
import { test } from "node:test";
import type { Examination } from "../../model/results/examination.js";
import { limitLines, namedLimits } from "./limit-lines.js";

const examination = (path: string, name: string, ...limits: readonly string[]): Examination => ({
  name, package: path, outcome: "passed", findings: [], limits, coverage: { schedules: 1, complete: false, bounds: [], depth: 9, milliseconds: 10 },
});
const SHOP = "example.com/shop";
const POOL = "example.com/pool";

for (const [what, examinations, expected] of [
  ["every test's", [examination(SHOP, "TestA", "too long"), examination(POOL, "TestB", "too long")], "too long"],
  ["one test's", [examination(SHOP, "TestA", "too long"), examination(SHOP, "TestB")], "TestA: too long"],
  ["some tests'", [examination(SHOP, "TestA", "too long"), examination(SHOP, "TestB", "too long"), examination(SHOP, "TestC")], "TestA and 1 more: too long"],
  ["a test's, which says so", [examination(SHOP, "TestA", "TestA does not end"), examination(SHOP, "TestB")], "TestA does not end"],
  ["a package's", [examination(SHOP, "TestA", "no cgo"), examination(SHOP, "TestB", "no cgo"), examination(POOL, "TestC")], `${SHOP}: no cgo`],
  ["a package's, which says so", [examination(SHOP, "TestA", `${SHOP} has cgo`), examination(SHOP, "TestB", `${SHOP} has cgo`), examination(POOL, "TestC")], `${SHOP} has cgo`],
  ["a test's, which names its package", [examination(SHOP, "TestA", `${SHOP}.Get waits`), examination(SHOP, "TestB"), examination(POOL, "TestC")], `TestA: ${SHOP}.Get waits`],
  ["two packages'", [examination(SHOP, "TestA", "no cgo"), examination(POOL, "TestC", "no cgo"), examination("example.com/c", "TestD")], `${SHOP} and 1 more package: no cgo`],
] as const) {
  test(`a limit says whose it is: ${what}`, () => assert.deepEqual(namedLimits(examinations, () => true), [expected]));
}

test("of several limits the first stands there, with -v all", () => {
  assert.deepEqual(limitLines([], false), []);
  assert.deepEqual(limitLines(["a"], false), ["limit: a"]);
  assert.deepEqual(limitLines(["a", "b"], false), ["limits: 2 (-v); the first: a"]);
  assert.deepEqual(limitLines(["a", "b"], true), ["limit: a", "limit: b"]);
});
