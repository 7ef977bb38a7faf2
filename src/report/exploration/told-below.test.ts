import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding, Step } from "../../model/finding/finding.js";
import type { Examination, Report } from "../../model/results/examination.js";
import { goroutineName } from "../../model/ids.js";
import { toldBelow } from "./told-below.js";
import { reportText } from "./text.js";

const at = (line: number) => ({ function: "example.com/shop.(*Router).run", file: "/shop/router.go", line });
const end = (name: string, line: number): Step => ({ goroutine: goroutineName(name), text: "is blocked for ever (select)", ...at(line), key: true });

/** A finding at a line, about goroutines of these names. */
const left = (line: number, names: readonly string[], more: Partial<Finding> = {}): Finding => ({
  verdict: "leaked", cause: "missing-cancel", evidence: [`why ${line}`, "and more of it"], goroutines: names.length, blocked: { reason: "select", ...at(line) }, stack: [at(line)],
  package: "example.com/shop", test: "TestA", schedule: "u1 1.1*3", steps: [{ number: 1, text: "starts goroutine", ...at(3), key: true }, ...names.map((name) => end(name, line))], ...more,
});
const linesOf = (...findings: readonly Finding[]): readonly number[] => [...toldBelow(findings).keys()].map(({ blocked }) => blocked.line);

test("what goes back to a goroutine that is left is told below it, over any number of starts", () => {
  const findings = [left(20, ["1.1.1.2.5"]), left(10, ["1.1.1"]), left(30, ["1.1.1.4", "1.1.1.7"])];
  const from = toldBelow(findings);
  assert.deepEqual([...from].map(([one, first]) => [one.blocked.line, first.blocked.line]), [[20, 10], [30, 10]]);
});

test("who has one goroutine of its own, or comes of nobody who is left, stands by itself", () => {
  assert.deepEqual(linesOf(left(10, ["1.1.1"]), left(20, ["1.1.2"]), left(30, ["1.1.1.1", "1.1.3"]), left(40, ["1.1.10"])), []);
});

test("goroutines of another run or another test have their names by chance", () => {
  assert.deepEqual(linesOf(left(10, ["1.1.1"]), left(20, ["1.1.1.1"], { schedule: "u1 1.1*4" })), []);
  assert.deepEqual(linesOf(left(10, ["1.1.1"]), left(20, ["1.1.1.1"], { test: "TestB" })), []);
});

test("nothing hides what spins, panics or fails, and the test's own goroutine is nobody's owner", () => {
  const of = (verdict: Finding["verdict"]): readonly number[] => linesOf(left(10, ["1.1.1"]), left(20, ["1.1.1.1"], { verdict }));
  assert.deepEqual([of("runaway"), of("panics"), of("flaky"), of("deadlock"), of("waiting-outside"), of("stuck")], [[], [], [], [], [20], [20]]);
  assert.deepEqual(linesOf(left(10, ["1.1"], { verdict: "deadlock" }), left(20, ["1.1.1"])), []);
});

test("of many the names at the end are read, and where not all are known nobody is told in short", () => {
  const many = (names: string, goroutines: number): Finding => left(20, ["1.1.1.1"], { goroutines, steps: [end("1.1.1.1", 20), { text: `likewise 2 more: ${names}`, key: true }] });
  assert.deepEqual(linesOf(left(10, ["1.1.1"]), many("1.1.1.2, 1.1.1.3", 3)), [20]);
  assert.deepEqual(linesOf(left(10, ["1.1.1"]), many("1.1.1.2, 1.1.2", 3)), []);
  assert.deepEqual(linesOf(left(10, ["1.1.1"]), many("1.1.1.2, …", 3)), []);
  assert.deepEqual(linesOf(left(10, ["1.1.1"]), many("1.1.1.2, 1.1.1.3", 9)), []);
});

const text = (findings: readonly Finding[], verbose = false): readonly string[] => {
  const one: Examination = { name: "TestA", package: "example.com/shop", outcome: "passed", findings, limits: [], coverage: { schedules: 3, complete: true, bounds: [], depth: 9, milliseconds: 10 } };
  return reportText({ origin: { command: "test", unpark: "0.1.0", goVersion: "1.26.8", packages: ["."], args: [] }, examinations: [one], failures: [] } satisfies Report, { cwd: "/shop", verbose }).split("\n");
};

test("below its owner stand place and reason, who waits for it, and no steps; with -v all of it", () => {
  const waits = { verdict: "leaked", blocked: { reason: "chan receive", ...at(50) }, stack: [], goroutines: 1, why: "waits for it" } as const;
  const findings = [left(20, ["1.1.1.2"], { consequences: [waits] }), left(10, ["1.1.1"])];
  const lines = text(findings);
  const from = lines.findIndex((line) => line.includes("started from the one above"));
  assert.ok(from > lines.findIndex((line) => line.includes("router.go:10")), "below it, whichever was found first");
  assert.deepEqual(lines.slice(from, from + 5), [
    "    leaked: 1 goroutine, proved  [missing-cancel]  started from the one above",
    "        shop.(*Router).run   router.go:20   select",
    "    why  why 20",
    "    so   1 more goroutine is left with it: router.go:50",
    "",
  ]);
  assert.ok(lines.includes("2 findings in 1 test: 2 leaked; 1 started from another one (-v: in full)."), lines.join("\n"));
  const whole = (all: readonly string[]): number => all.filter((line) => line.startsWith("    fix ")).length;
  assert.deepEqual([whole(lines), whole(text(findings, true))], [1, 2]);
});
