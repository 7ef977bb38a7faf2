import assert from "node:assert/strict";
import { test } from "node:test";
import type { Examination, Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { goroutineName } from "../../model/ids.js";
import { reportText } from "./text.js";

const frame = (line: number) => ({ function: "example.com/shop.(*Pool).work", file: "/shop/pool.go", line });

const finding = (name: string, more: Partial<Finding> = {}): Finding => ({
  verdict: "leaked", cause: "receive-without-sender", evidence: [`${name} has ended and nobody sends`], goroutines: 2, blocked: { reason: "chan receive", ...frame(41) },
  stack: [frame(41)], createdBy: frame(30), unreachable: true, package: "example.com/shop", test: name, schedule: `u1 ${name}`, seen: 3,
  steps: [{ number: 1, text: "receives", ...frame(41), key: true }], ...more,
});
const examination = (name: string, ...findings: readonly Finding[]): Examination => ({
  name, package: "example.com/shop", outcome: "passed", findings, limits: [], coverage: { schedules: 3, complete: true, bounds: [], depth: 9, milliseconds: 10 },
});
const ORIGIN = { origin: { command: "test", unpark: "0.1.0", goVersion: "1.26.8", packages: ["."], args: [] } } as const;
const text = (examinations: readonly Examination[], verbose = false): readonly string[] =>
  reportText({ ...ORIGIN, examinations, failures: [] } satisfies Report, { cwd: "/shop", verbose }).split("\n");

const whole = (lines: readonly string[]): number => lines.filter((line) => line.startsWith("    why ")).length;

test("what a set-up leaks in every test of a suite is told in full once, with the names of the others", () => {
  const lines = text([examination("TestA", finding("TestA")), examination("TestB", finding("TestB", { goroutines: 5 })), examination("TestC", finding("TestC"))]);
  assert.equal(whole(lines), 1);
  const at = lines.indexOf("--- FAIL: 2 more tests  (example.com/shop)");
  assert.deepEqual(lines.slice(at, at + 4), [
    "--- FAIL: 2 more tests  (example.com/shop)",
    "    leaked  [receive-without-sender]  as in TestA above, at pool.go:41",
    "        TestB, TestC",
    "",
  ]);
  assert.ok(lines.includes("3 findings in 3 tests: 3 leaked; 2 repeat one above (-v: in full)."), lines.join("\n"));
  assert.equal(whole(text([examination("TestA", finding("TestA")), examination("TestB", finding("TestB"))], true)), 2, "with -v all stand in full");
});

test("of one other test the count and how often stand there, too", () => {
  const lines = text([examination("TestA", finding("TestA")), examination("TestB", finding("TestB", { goroutines: 5 }))]);
  const at = lines.indexOf("--- FAIL: TestB  (example.com/shop)");
  assert.equal(lines[at + 1], "    leaked: 5 goroutines, proved; in every schedule  [receive-without-sender]  as in TestA above, at pool.go:41");
});

test("a hundred subtests of one test are a number, and tests of another package stand apart", () => {
  const subtests = Array.from({ length: 100 }, (_, i) => `TestSizes/run_${i}`);
  const names = ["TestA", "TestGet", ...subtests, "TestAnswersWithTheWholeBodyWhereTheClientAsksForIt", "TestAnswersWithNothingWhereTheClientHasGone", "TestX/a", "TestX/b"];
  const other = { ...examination("TestZ", finding("TestZ", { package: "example.com/other" })), package: "example.com/other" };
  const lines = text([...names.map((name) => examination(name, finding(name))), other]);
  const at = lines.indexOf("--- FAIL: 105 more tests  (example.com/shop)");
  assert.deepEqual(lines.slice(at + 2, at + 4), [
    "        TestGet, TestSizes (100 subtests), TestAnswersWithTheWholeBodyWhereTheClientAsksForIt,",
    "        TestAnswersWithNothingWhereTheClientHasGone, TestX/a, TestX/b",
  ]);
  assert.equal(whole(lines), 1);
  assert.ok(lines.includes("    leaked: 2 goroutines, proved; in every schedule  [receive-without-sender]  as in shop.TestA above, at pool.go:41"), "the code under test is the same in another package's tests");
});

test("what repeats other findings stands apart; a name that is a sentence has a line to itself", () => {
  const of = (name: string, line: number): Examination => examination(name, finding(name, { blocked: { reason: "chan receive", ...frame(line) } }));
  const lines = text([of("TestA", 41), of("TestB", 50), of("it waits, and ends", 41), of("TestD", 50), of("it is closed", 41), of("TestF", 50)]);
  assert.deepEqual(lines.slice(lines.findIndex((line) => line.includes("2 more tests"))).slice(0, 8), [
    "--- FAIL: 2 more tests  (example.com/shop)",
    "    leaked  [receive-without-sender]  as in TestA above, at pool.go:41",
    "        it waits, and ends",
    "        it is closed",
    "--- FAIL: 2 more tests  (example.com/shop)",
    "    leaked  [receive-without-sender]  as in TestB above, at pool.go:50",
    "        TestD, TestF",
    "",
  ]);
});

test("one of a machine that stalls, which repeats one that needs none, says so", () => {
  const lines = text([examination("TestA", finding("TestA")), examination("TestB", finding("TestB", { needsStall: true }))]);
  assert.ok(lines.some((line) => line.endsWith("as in TestA above, at pool.go:41; here only on a machine that stalls")), lines.join("\n"));
});

test("each test's own line starts what it tests: the same code under test, blocked at the same place, is told once", () => {
  const started = (name: string, line: number): Finding => finding(name, { createdBy: { function: `example.com/shop.${name}`, file: "/shop/pool_test.go", line } });
  assert.equal(whole(text([examination("TestA", started("TestA", 7)), examination("TestB", started("TestB", 19))])), 1);
});

test("so of those that wait for it: each test's own line starts them, too", () => {
  const waits = (line: number): Finding["consequences"] => [{ verdict: "leaked", blocked: { reason: "sync.WaitGroup.Wait", ...frame(50) }, stack: [], goroutines: 1, why: "waits for Done", createdBy: { function: "example.com/shop.TestX", file: "/shop/pool_test.go", line } }];
  assert.equal(whole(text([examination("TestA", finding("TestA", { consequences: waits(7)! })), examination("TestB", finding("TestB", { consequences: waits(19)! }))])), 1);
});

test("a thousand steps are no text: the first and the last stand there, and how many more there are", () => {
  const steps = Array.from({ length: 1_000 }, (_, i) => ({ number: i + 1, text: "sends", ...frame(i), key: true as const }));
  const rows = (verbose: boolean): readonly string[] => text([examination("TestA", finding("TestA", { steps }))], verbose).filter((line) => /^ +\d+ .*sends|more steps/.test(line));
  assert.equal(rows(true).length, 1_000);
  assert.equal(rows(false).length, 12 + 1 + 24);
  assert.ok(rows(false)[12]!.includes("… 964 more steps (-v) …"), rows(false)[12]);
});

test("what many goroutines do at the same places stands there for the first and the last time", () => {
  const client = (i: number) => [{ number: 3 * i + 1, goroutine: goroutineName(`1.1.${i + 1}`), text: `sends on channel A to 1.1.${i + 1}`, ...frame(186), key: true as const }, { number: 3 * i + 2, text: "closes channel B", ...frame(195), key: true as const }];
  const steps = [...Array.from({ length: 100 }, (_, i) => client(i)).flat(), { text: "is blocked for ever (select)", ...frame(32), key: true as const }];
  const lines = text([examination("TestA", finding("TestA", { steps }))]);
  const from = lines.findIndex((line) => line.startsWith("    steps")) + 1;
  assert.deepEqual(lines.slice(from, lines.findIndex((line) => line.startsWith("    more"))).map((line) => line.trim().replace(/ {2,}/g, " ")), [
    "1 1.1.1 sends on channel A to 1.1.1 pool.go:186",
    "2 closes channel B pool.go:195",
    "… 196 more like these (-v) …",
    "298 1.1.100 sends on channel A to 1.1.100 pool.go:186",
    "299 closes channel B pool.go:195",
    "is blocked for ever (select) pool.go:32",
  ]);
});

test("where there was no time for a traced replay no steps are told: the end stands in the finding", () => {
  const steps = (...all: NonNullable<Finding["steps"]>): boolean => text([examination("TestA", finding("TestA", { schedule: "u1 1.1*4", steps: all }))]).some((line) => line.startsWith("    steps"));
  const end = { goroutine: goroutineName("1.1.1"), text: "is blocked for ever (chan receive)", ...frame(41), key: true } as const;
  const start = { goroutine: goroutineName("1.1"), text: "starts goroutine 1.1.1 (shop.work)", ...frame(30), key: true } as const;
  assert.deepEqual([steps(end), steps(start, end), steps({ ...start, number: 2 }, end)], [false, true, true]);
});

test("tests that cannot be done for one reason are one line", () => {
  const cannot = (name: string, message = "it needs what wasip1 does not have") => ({ package: "example.com/shop", test: name, message });
  const failures = [cannot("TestA"), cannot("TestB"), cannot("TestC", "it starts another process"), cannot("TestD")];
  const lines = (verbose: boolean): readonly string[] => reportText({ ...ORIGIN, examinations: [], failures }, { cwd: "/shop", verbose }).split("\n").filter((line) => line.startsWith("CANNOT"));
  assert.deepEqual(lines(false), ["CANNOT example.com/shop TestA and 2 more (-v): it needs what wasip1 does not have", "CANNOT example.com/shop TestC: it starts another process"]);
  assert.equal(lines(true).length, 4);
});

test("tests that need the same of a native run are one line, each in its own words with -v", () => {
  const cannot = (name: string, onlyNatively: string) => ({ package: "example.com/shop", test: name, message: `cannot be put under control. It ${onlyNatively}`, onlyNatively });
  const failures = [cannot("TestA", "starts another process: a_test.go:1: exec: no"), cannot("TestB", "starts another process: b_test.go:9: exec: no"), cannot("TestC", "uses the real network: c_test.go:5: dial")];
  const lines = (verbose: boolean): readonly string[] => reportText({ ...ORIGIN, examinations: [], failures }, { cwd: "/shop", verbose }).split("\n").filter((line) => line.startsWith("CANNOT"));
  assert.deepEqual(lines(false).map((line) => line.slice(0, 46)), ["CANNOT example.com/shop TestA and 1 more (-v):", "CANNOT example.com/shop TestC: cannot be put u"]);
  assert.equal(lines(true).length, 3);
});

test("packages that were left out for one reason are one line", () => {
  const failures = ["a", "b", "c"].map((name) => ({ package: `example.com/${name}`, message: `left out when the total time ended (--total 60s): Test${name}` }));
  const lines = (verbose: boolean): readonly string[] => reportText({ ...ORIGIN, examinations: [], failures }, { cwd: "/shop", verbose }).split("\n").filter((line) => line.startsWith("CANNOT"));
  assert.deepEqual(lines(false), ["CANNOT example.com/a and 2 more packages (-v): left out when the total time ended (--total 60s): Testa"]);
  assert.equal(lines(true).length, 3);
});

for (const [what, other] of [
  ["another line", { blocked: { reason: "chan receive", ...frame(42) } }],
  ["another creator", { createdBy: frame(31) }],
  ["another cause", { cause: "missing-cancel" }],
  ["another verdict", { verdict: "stuck" }],
  ["another loop that the same helper started", { verdict: "runaway", blocked: { reason: "runnable", ...frame(42), function: "example.com/shop.(*Pool).watch" } }],
  ["another failed assertion at the same place", { verdict: "flaky", message: "want 2" }],
] as const satisfies readonly (readonly [string, Partial<Finding>])[]) {
  test(`${what} is another finding, and told in full`, () => {
    const verdict = "verdict" in other && other.verdict !== "stuck" ? other.verdict : "leaked";
    const first = finding("TestA", { verdict, ...(verdict === "flaky" ? { message: "want 1" } : {}) });
    const lines = text([examination("TestA", first), examination("TestB", finding("TestB", other))]);
    assert.equal(whole(lines), 2, lines.join("\n"));
    assert.ok(!lines.some((line) => line.includes("different")));
  });
}

test("what fails in another package, or is blocked in the standard library for its tests, is that package's own", () => {
  const inTwo = (more: Partial<Finding>): number => {
    const other = { ...examination("TestB", finding("TestB", { ...more, package: "example.com/other" })), package: "example.com/other" };
    return whole(text([examination("TestA", finding("TestA", more)), other]));
  };
  const library = { function: "net/http.(*persistConn).readLoop", file: "/go/src/net/http/transport.go", line: 7 };
  assert.deepEqual([inTwo({}), inTwo({ verdict: "flaky", message: "want 1" }), inTwo({ verdict: "panics", message: "panic: closed" }), inTwo({ blocked: { reason: "select", ...library } })], [1, 2, 2, 2]);
});

test("who else waits for what stands above is told, by place", () => {
  const waits = (...lines: readonly number[]): NonNullable<Finding["consequences"]> =>
    lines.map((line) => ({ verdict: "leaked", blocked: { reason: "sync.WaitGroup.Wait", ...frame(line) }, stack: [], goroutines: 1, why: "waits for Done" }));
  const lines = text([examination("TestA", finding("TestA", { consequences: waits(50) })), examination("TestB", finding("TestB", { consequences: waits(50, 60) })), examination("TestC", finding("TestC", { consequences: waits(50) }))]);
  const at = lines.indexOf("--- FAIL: TestB  (example.com/shop)");
  assert.deepEqual(lines.slice(at + 1, at + 3), [
    "    leaked: 2 goroutines, proved; in every schedule  [receive-without-sender]  as in TestA above, at pool.go:41",
    "    so   2 more goroutines are left with it: pool.go:50, pool.go:60",
  ]);
  assert.equal(lines[lines.indexOf("--- FAIL: TestC  (example.com/shop)") + 2], "", "what waits for it there, too, is not told again");
});

test("a test that starts the same thing at two lines has the second in short, with its own line", () => {
  const started = (line: number): Finding => finding("TestA", { createdBy: { function: "example.com/shop.TestA", file: "/shop/pool_test.go", line } });
  const lines = text([examination("TestA", started(7), started(19))]);
  assert.equal(whole(lines), 1);
  assert.ok(lines.includes("    leaked: 2 goroutines, proved; in every schedule  [receive-without-sender]  as above, at pool.go:41, started at pool_test.go:19"), lines.join("\n"));
});

test("who logs after a test does so in each: the test's name and the line that is logged are no other finding", () => {
  const logs = (name: string, what: string, line = 41): Finding =>
    finding(name, { verdict: "panics", cause: "unknown", message: `panic: Log in goroutine after ${name} has completed: ${what}`, blocked: { reason: "panic", ...frame(line) } });
  const lines = text([examination("TestA", logs("TestA", "closed")), examination("TestB", logs("TestB", "server write 1:\n 00000 ce")), examination("TestC", logs("TestC", "closed", 50))]);
  assert.equal(whole(lines), 2);
  assert.ok(lines.some((line) => line.startsWith("    panics: panic: Log in goroutine after TestB has completed: server write 1:") && line.endsWith("  as in TestA above, at pool.go:41")), lines.join("\n"));
});

test("tests that fail with one error, or panic with the same words, are told once, each with its own place", () => {
  const place = (line: number) => ({ reason: "test failed", function: "shop.Test", file: "/shop/pool_test.go", line });
  const fails = (name: string, line: number): Finding => finding(name, { verdict: "flaky", cause: "unknown", message: `Received unexpected error:\nclose timeout\nshop.${name}\n/shop/pool_test.go:${line}`, blocked: place(line) });
  const panics = (name: string, line: number, message = "panic: close timeout"): Finding => finding(name, { verdict: "panics", cause: "unknown", message, blocked: { ...place(line), reason: "panic" } });
  const lines = text([examination("TestA", fails("TestA", 9)), examination("TestB", fails("TestB", 19)), examination("TestC", fails("TestC", 29)), examination("TestD", panics("TestD", 39)), examination("TestE", panics("TestE", 49))]);
  assert.deepEqual(lines.filter((line) => line.includes(" as in ")).map((line) => line.replace(/.* {2}as in/, "as in")), ["as in TestA above, at pool_test.go:19", "as in TestA above, at pool_test.go:29", "as in TestD above, at pool_test.go:49"]);
  const nil = "panic: runtime error: invalid memory address or nil pointer dereference";
  assert.equal(whole(text([examination("TestD", panics("TestD", 39, nil)), examination("TestE", panics("TestE", 49, nil))])), 2, "the runtime's words do not say which pointer");
});

test("what several tests repeat of one test is a line, and of many names the first lines stand there", () => {
  const both = (name: string): Examination => examination(name, finding(name), finding(name, { cause: "missing-cancel", blocked: { reason: "select", ...frame(60) } }));
  const lines = text(["TestA", ...Array.from({ length: 40 }, (_, i) => `TestWithALongName${i}`)].map(both));
  const at = lines.indexOf("--- FAIL: 40 more tests  (example.com/shop)");
  assert.equal(lines[at + 1], "    leaked  [receive-without-sender], [missing-cancel]  as in TestA above, at pool.go:41, pool.go:60");
  const names = lines.slice(at + 2, lines.indexOf("", at));
  assert.equal(names.length, 4, names.join("\n"));
  assert.equal(names.slice(0, 3).join(" ").split(", ").length + Number(/and (\d+) more \(-v\)/.exec(names[3]!)![1]), 40);
});

test("of an error that is printed with its stack the first lines stand there", () => {
  const fails = finding("TestA", { verdict: "flaky", cause: "unknown", message: ["Received unexpected error:", ...Array.from({ length: 9 }, (_, i) => `line ${i}`)].join("\n") });
  const says = (verbose: boolean): readonly string[] => text([examination("TestA", fails)], verbose).filter((line) => /^ {4}(says|\s{4}) ?(line|…)/.test(line)).map((line) => line.replace("says", "").trim());
  assert.ok(text([examination("TestA", fails)]).some((line) => line.startsWith("    flaky: Received unexpected error: line 0")), "the first of them in the headline, which only announces it");
  assert.deepEqual(says(false), ["line 1", "line 2", "line 3", "… 5 more lines (-v)"]);
  assert.equal(says(true).length, 8);
});
