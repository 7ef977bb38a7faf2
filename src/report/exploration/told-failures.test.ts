import assert from "node:assert/strict";
import { test } from "node:test";
import type { Examination } from "../../model/results/examination.js";
import { isToldByItsTest, toldFailures } from "./told-failures.js";

const failed = (name: string, output: string, more: Partial<Examination> = {}): Examination => ({
  name, package: "p", outcome: "failed", output, findings: [], limits: [], coverage: { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: 0 }, ...more,
});
const natively = (output: string): Examination => failed("p", output, { coverage: { ...failed("", "").coverage, native: true } });
const of = (name: string, line: number, words = "connection refused"): Examination => failed(name, `--- FAIL: ${name} (0.00s)\n    p_test.go:${line}: ${words}\nFAIL\n`);
const PARENT = failed("TestConn", "--- FAIL: TestConn (0.00s)\n    --- FAIL: TestConn/a (0.00s)\n        p_test.go:5: no broker\n    --- FAIL: TestConn/b (0.00s)\n        p_test.go:9: refused\n");

for (const [what, examinations, expected] of [
  ["natively at the same line", [natively("--- FAIL: TestA (0.00s)\n    p_test.go:3: x\n"), of("TestA", 3)], [undefined, "in the native run"]],
  ["natively, of the external test package", [natively("--- FAIL: TestA (0.00s)\n    p_test.go:3: x\n"), { ...of("TestA", 3), name: "p_test.TestA" }], [undefined, "in the native run"]],
  ["by another test, which ended its process besides", [of("TestA", 3), { ...of("TestB", 7), outcome: "exit 1" }], [undefined, undefined]],
  ["natively at another line", [natively("--- FAIL: TestA (0.00s)\n    p_test.go:4: x\n"), of("TestA", 3)], [undefined, undefined]],
  ["in the test that it is a subtest of", [PARENT, failed("TestConn/b", "--- FAIL: TestConn (0.00s)\n    --- FAIL: TestConn/b (0.00s)\n        p_test.go:9: refused\n")], [undefined, "TestConn"]],
  ["by another test in the same words, at another line", [of("TestA", 3), of("TestB", 7), of("TestC", 9, "want 1")], [undefined, "TestA", undefined]],
  ["by a test of another package", [of("TestA", 3), { ...of("TestB", 7), package: "q" }], [undefined, undefined]],
  ["by a test that says the test's own name", [of("TestA", 3, "TestA: refused"), of("TestB", 7, "TestB: refused")], [undefined, "TestA"]],
  ["by testify, which gives the place in a line of its own", [
    failed("TestA", "--- FAIL: TestA (0.00s)\n    p_test.go:3: \n        \tError Trace:\tp_test.go:3\n        \tError:      \tNot equal\n        \tTest:       \tTestA\n"),
    failed("TestB", "--- FAIL: TestB (0.00s)\n    p_test.go:8: \n        \tError Trace:\tp_test.go:8\n        \tError:      \tNot equal\n        \tTest:       \tTestB\n")], [undefined, "TestA"]],
  ["of a server that is not there, whatever else each of them asserts", [
    of("TestA", 3, "dial tcp 127.0.0.1:9092: connect: connection refused"),
    of("TestB", 7, "cannot open: dial tcp [::1]:9092: connect: connection refused"),
    of("TestC", 9, "dial unix /tmp/.s.PGSQL.5432: connect: no such file or directory"),
    of("TestD", 11, "connection refused")], [undefined, "TestA", undefined, undefined]],
  ["without a word", [failed("TestA", "--- FAIL: TestA (0.00s)\nFAIL\n"), failed("TestB", "--- FAIL: TestB (0.00s)\nFAIL\n")], [undefined, undefined]],
] as const) {
  test(`a failure stands above: ${what}`, () => {
    const told = toldFailures(examinations);
    assert.deepEqual(examinations.map((one) => told.get(one)), expected);
  });
}

test("a subtest whose test shows its failure has nothing more to say, unless something is found in it", () => {
  const sub = failed("TestConn/b", "--- FAIL: TestConn (0.00s)\n    --- FAIL: TestConn/b (0.00s)\n        p_test.go:9: refused\n");
  const found = { ...sub, findings: [{} as Examination["findings"][number]] };
  const told = toldFailures([PARENT, sub, found, of("TestA", 3), of("TestB", 7)]);
  assert.deepEqual([PARENT, sub, found].map((one) => isToldByItsTest(one, told)), [false, true, false]);
  assert.deepEqual([of("TestA", 3), of("TestB", 7)].map((one) => isToldByItsTest(one, told)), [false, false]);
});
