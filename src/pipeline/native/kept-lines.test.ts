import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptLines } from "./kept-lines.js";

function kept(lines: readonly string[]): readonly string[] {
  const all = new KeptLines();
  for (const line of lines) all.push(line);
  return all.text().split("\n");
}
const log = (many: number): readonly string[] => Array.from({ length: many }, (_, i) => `level=TRACE n=${i}`);

test("a thousand lines are kept as they are", () => assert.deepEqual(kept(log(1_000)), log(1_000)));

test("behind them only what says how a test failed", () => {
  const failed = ["--- FAIL: TestA (0.00s)", "    a_test.go:1: no"];
  assert.deepEqual(kept([...log(3_000), ...failed, ...log(10), "FAIL"]), [...log(1_000), "… 2,011 lines are not kept …", ...failed]);
});

test("a panic of ten thousand goroutines ends at two thousand lines", () => {
  const lines = kept(["panic: no", ...log(10_000)]);
  assert.equal(lines.length, 2_001);
  assert.equal(lines[1_000], "… 8,001 lines are not kept …");
});
