import assert from "node:assert/strict";
import { test } from "node:test";
import type { Examination } from "../../model/results/examination.js";
import type { Finding, Verdict } from "../../model/finding/finding.js";
import { reportText } from "./text.js";
import { together } from "./told-in-short.js";

const frame = (line: number, file = "/shop/pool.go") => ({ function: "example.com/shop.(*Pool).work", file, line });

const finding = (i: number, more: Partial<Finding> = {}): Finding => ({
  verdict: "leaked", cause: "receive-without-sender", evidence: ["nobody sends"], goroutines: 2, blocked: { reason: "chan receive", ...frame(i) }, stack: [frame(i)], unreachable: true,
  package: "example.com/shop", test: `Test${i}`, schedule: `u1 ${i}`, seen: 3, steps: Array.from({ length: 10 }, (_, n) => ({ number: n + 1, text: "receives", ...frame(i), key: true as const })), ...more,
});
const examination = (one: Finding): Examination => ({
  name: one.test!, package: "example.com/shop", outcome: "passed", findings: [one], limits: [], coverage: { schedules: 30, complete: true, bounds: [], depth: 9, milliseconds: 10 },
});
const text = (findings: readonly Finding[], verbose = false): readonly string[] => reportText({ examinations: findings.map(examination), failures: [] }, { cwd: "/shop", verbose }).split("\n");
const inFull = (lines: readonly string[]): readonly string[] => lines.flatMap((line, i) => (line.startsWith("    why ") ? [lines.slice(0, i).findLast((head) => head.startsWith("--- FAIL"))!.split(" ")[2]!] : []));

test("a report that fits is told in full", () => {
  assert.equal(inFull(text(Array.from({ length: 5 }, (_, i) => finding(i + 1)))).length, 5);
});

test("of a long one each finding keeps its place, verdict, cause and number; what is left of the code under test stands in full", () => {
  const flaky = Array.from({ length: 20 }, (_, i) => finding(100 + i, { verdict: "flaky", cause: "unknown", message: `want ${i}\ngot 1` }));
  const own = Array.from({ length: 10 }, (_, i) => finding(200 + i, { testCode: true }));
  const lines = text([...flaky, ...own, finding(1), finding(2, { needsStall: true })]);
  assert.ok(lines.length < 150, `${lines.length} lines`);
  assert.deepEqual(inFull(lines).filter((name) => /^Test\d$/.test(name)), ["Test1", "Test2"]);
  for (let i = 0; i < 20; i++) assert.ok(lines.some((line) => line.startsWith(`    flaky: want ${i}; in 3 of 30 schedules`)), `want ${i}`);
  assert.ok(lines.includes("    leaked: 2 goroutines, proved; in 3 of 30 schedules  [receive-without-sender]  at pool.go:209"), lines.join("\n"));
  const short = 32 - inFull(lines).length;
  assert.ok(lines.some((line) => line.includes(`32 findings in 32 tests: 20 flaky, 12 leaked; ${short} in short (-v: in full).`)), lines.slice(-4).join("\n"));
  assert.equal(inFull(text([...flaky, ...own, finding(1)], true)).length, 31, "with -v all stand in full");
});

test("what many tests show goes before what one shows", () => {
  const once = Array.from({ length: 12 }, (_, i) => finding(100 + i));
  const often = Array.from({ length: 9 }, (_, i) => finding(300, { test: `TestOften${i}` }));
  assert.ok(inFull(text([...once, ...often])).includes("TestOften0"));
});

for (const verdict of ["runaway", "deadlock", "stuck", "waiting-outside"] as const satisfies readonly Verdict[]) {
  test(`a long report of ${verdict} alone still shows some in full`, () => {
    const shown = inFull(text(Array.from({ length: 60 }, (_, i) => finding(i + 1, { verdict }))));
    assert.ok(shown.length > 0 && shown.length < 60, `${shown.length}`);
  });
}

test("what is told in short has no empty lines in between", () => {
  const of = (isBrief: boolean, ...lines: readonly string[]) => ({ isBrief, lines });
  assert.deepEqual(together([of(false, "a"), of(true, "b"), of(false), of(true, "c"), of(false, "d"), of(false, "e")]), [["a"], ["b", "c"], ["d"], ["e"]]);
});

test("one test by itself is told in full, however long that is: JUnit and go test -json show each so", () => {
  const many = Array.from({ length: 20 }, (_, i) => finding(i + 1, { test: "TestA" }));
  const lines = reportText({ examinations: [{ ...examination(many[0]!), findings: many }], failures: [] }, { cwd: "/shop" }).split("\n");
  assert.equal(lines.filter((line) => line.startsWith("    why ")).length, 20);
});
