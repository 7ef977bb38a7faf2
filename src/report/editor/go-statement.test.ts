import assert from "node:assert/strict";
import { it } from "node:test";
import type { Coverage, Examination, GoStatement } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { goStatementWords } from "./go-statement.js";

const HERE = { file: "/p/a.go", line: 7 };
const started = (n: number, ended = n): GoStatement => ({ function: "p.f", ...HERE, started: n, ended });
const coverage = (schedules: number, complete = true, more: Partial<Coverage> = {}): Coverage => ({ schedules, complete, bounds: [], depth: 1, milliseconds: 1, ...more });
const test = (name: string, of: Coverage, more: Partial<Examination> = {}): Examination => ({ name, package: "p", outcome: "passed", coverage: of, findings: [], limits: [], goStatements: [started(2)], ...more });
const finding = (verdict: Finding["verdict"], line: number, more: Partial<Finding> = {}): Finding => ({
  verdict, cause: "unknown", evidence: [], goroutines: 1, blocked: { reason: "chan send", function: "p.g", file: HERE.file, line: 9 }, stack: [], createdBy: { function: "p.f", file: HERE.file, line }, ...more,
});

const NONE = "No goroutine started here was left in";
const ROWS: readonly (readonly [name: string, examinations: readonly Examination[], words: readonly string[]])[] = [
  ["nothing recorded", [test("TestA", coverage(5), { goStatements: [{ ...started(1), line: 8 }] })], []],
  ["a report without the field", [{ name: "TestA", package: "p", outcome: "passed", coverage: coverage(5), findings: [], limits: [] }], []],
  ["three tests, all complete", [test("TestA", coverage(200)), test("TestB", coverage(11)), test("TestC", coverage(1))], [`${NONE} any of 212 schedules of 3 tests: all that differ.`]],
  ["within bounds", [test("TestA", coverage(200, true, { bounds: ["at most 3 early clock moves in one run"] }))], [`${NONE} any of 200 schedules of TestA: all that differ, within at most 3 early clock moves in one run.`]],
  ["one of two not complete", [test("TestA", coverage(200)), test("TestB", coverage(11, false))], [`${NONE} any of 211 schedules of 2 tests; not all that differ were tried of 1 test.`]],
  ["none complete", [test("TestA", coverage(200, false))], [`${NONE} any of 200 schedules of TestA; not all that differ were tried.`]],
  ["one schedule", [test("TestA", coverage(1))], [`${NONE} the one schedule of TestA: no other differs.`]],
  ["a native run says nothing of schedules", [test("TestA", coverage(1, false, { native: true }))], []],
  ["its own leak", [test("TestA", coverage(50), { findings: [finding("leaked", 7, { seen: 12 })] })], ["leaked: 1 goroutine in 12 of 50 schedules of TestA: chan send in p.g, line 9."]],
  ["a leak in one test, none in another", [test("TestA", coverage(50), { findings: [finding("leaked", 7, { seen: 50 })] }), test("TestB", coverage(9))], ["leaked: 1 goroutine in every schedule of TestA that was tried: chan send in p.g, line 9.", `${NONE} any of 9 schedules of TestB: all that differ.`]],
  ["who waits for another's leak", [test("TestA", coverage(50), { findings: [finding("leaked", 3, { seen: 50, consequences: [{ verdict: "leaked", why: "waits", blocked: finding("leaked", 3).blocked, stack: [], goroutines: 1, createdBy: { function: "p.f", ...HERE } }] })] })], ["leaked: 1 goroutine in every schedule of TestA that was tried: chan send in p.g, line 9."]],
  ["another statement's leak does not matter", [test("TestA", coverage(50), { findings: [finding("leaked", 3)] })], [`${NONE} any of 50 schedules of TestA: all that differ.`]],
  ...(["panics", "flaky", "deadlock", "runaway", "waiting-outside"] as const).map((verdict) => [`${verdict} elsewhere: what was left then is not judged`, [test("TestA", coverage(50), { findings: [finding(verdict, 3)] })], ["In the natural schedule of TestA all 2 goroutines started here ended; of its other schedules it is not recorded."]] as const),
  ["a limit", [test("TestA", coverage(50), { limits: ["a finding did not replay"], goStatements: [started(1)] })], ["In the natural schedule of TestA the goroutine started here ended; of its other schedules it is not recorded."]],
  ["a main cuts short in each schedule otherwise", [test("p", coverage(50), { goStatements: [started(3, 1)] })], ["In the natural schedule of main 1 of 3 goroutines started here had ended when it was over; of its other schedules it is not recorded."]],
  ["a test that failed", [test("TestA", coverage(50), { outcome: "failed" })], ["In the natural schedule of TestA all 2 goroutines started here ended; of its other schedules it is not recorded."]],
];
for (const [name, examinations, words] of ROWS) it(name, () => assert.deepEqual(goStatementWords({ id: "", root: "/p", report: { examinations, failures: [] }, accepted: [], lines: {} }, HERE), words));
it("what is accepted is said to be so", () => {
  const words = goStatementWords({ id: "", root: "/p", report: { examinations: [], failures: [] }, accepted: ["/p/a.go:7"], lines: {} }, HERE);
  assert.deepEqual(words, ["What is found of it is accepted (a comment, the ignore list or the baseline)."]);
});
