import assert from "node:assert/strict";
import { test } from "node:test";
import type { Examination } from "../../model/results/examination.js";
import { failedWords } from "./failed-tests.js";

const examination = (name: string, outcome: string, native: Partial<Examination> = {}): Examination => ({
  name, package: "p", outcome, findings: [], limits: [], coverage: { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: 0 }, ...native,
});
const natively = (output: string): Examination => examination("p", "failed", { output, coverage: { ...examination("p", "").coverage, native: true } });

for (const [what, examinations, expected] of [
  ["natively and under control", [natively("--- FAIL: TestA (0.00s)\n    --- FAIL: TestA/sub (0.00s)\nFAIL\n"), examination("TestA", "failed")], "1 test failed."],
  ["each", [natively("--- FAIL: TestA (0.00s)\n--- FAIL: TestB (0.00s)\nFAIL\n"), examination("TestC", "failed"), examination("TestD", "passed")], "3 tests failed."],
  ["one of an external package, twice (-count)", [natively("--- FAIL: TestA (0.00s)\n--- FAIL: TestA (0.00s)\n"), examination("p_test.TestA", "failed")], "1 test failed."],
  ["a suite, of which a subtest was explored by itself", [natively("--- FAIL: TestSuite (0.00s)\n"), examination("TestSuite/one", "failed")], "1 test failed."],
  ["none of its own: TestMain gave another exit code", [natively("PASS\n"), examination("TestA", "passed")], "1 package failed."],
  ["none natively: the process was ended; a test of it under control", [natively("panic: no\n"), examination("TestA", "failed")], "1 test failed."],
  ["nothing", [examination("TestA", "passed")], undefined],
] as const) {
  test(`a test that failed is one, and a package only where no test of it did: ${what}`, () => assert.equal(failedWords(examinations), expected));
}
