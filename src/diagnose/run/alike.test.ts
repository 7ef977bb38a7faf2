import assert from "node:assert/strict";
import { test } from "node:test";
import { goroutineName } from "../../model/ids.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import { fewAlike } from "./alike.js";

const goroutine = (n: number, line: number): Goroutine => ({
  name: goroutineName(`1.${n}`), count: 1, state: "waiting", waitReason: "chan send",
  stack: [{ function: "p.f", file: "f.go", line }], createdBy: { function: "p.g", file: "g.go", line: 3 },
});

const ROWS: readonly (readonly [lines: readonly number[], kept: number])[] = [
  [[], 0],
  [Array.from({ length: 16 }, () => 7), 16],
  [Array.from({ length: 3_000 }, () => 7), 16],
  [Array.from({ length: 3_000 }, (_, n) => n % 5), 80],
  [Array.from({ length: 20 }, (_, n) => n), 20],
];

for (const [lines, kept] of ROWS) {
  test(`${lines.length} goroutines at ${new Set(lines).size} lines: ${kept} are looked at, and all are counted`, () => {
    const few = fewAlike(lines.map((line, n) => ({ goroutine: goroutine(n + 1, line), verdict: "leaked" })));
    assert.equal(few.length, kept);
    for (const line of new Set(lines)) {
      const at = few.filter(({ goroutine: { stack } }) => stack[0]!.line === line);
      assert.equal(at.reduce((sum, { goroutine: { count } }) => sum + count, 0), lines.filter((one) => one === line).length);
    }
  });
}
