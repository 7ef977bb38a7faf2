import assert from "node:assert/strict";
import { test } from "node:test";
import type { Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { goroutineName } from "../../model/ids.js";
import type { Outcome } from "../../model/run/outcome.js";
import { besideSubtests, computesOn, inWhole, isSplit, mayHaveMore, splitAfter, type NaturalRun } from "./splitting.js";

const PASSED: Outcome = { kind: "quiescent", exitCode: 0, cutShort: 0 };
const RUN: NaturalRun = { outcome: PASSED, steps: 100, milliseconds: 10, lacks: false };
const OF = { isFuzz: false, subtests: ["T/a", "T/b"], budget: 1_000 };

test("S1 to S4: when the whole is explored, and for how long", () => {
  const table: readonly (readonly [string, Partial<typeof OF> & { readonly schedules?: number }, Partial<NaturalRun>, ReturnType<typeof splitAfter>])[] = [
    ["two subtests", {}, {}, 200],
    ["none", { subtests: [] }, {}, "never"],
    ["one", { subtests: ["T/a"] }, {}, "never"],
    ["one seed", { isFuzz: true, subtests: ["FuzzX/seed#0"] }, {}, "at-once"],
    ["a fuzz target without seeds", { isFuzz: true, subtests: [] }, {}, "never"],
    ["--schedules", { schedules: 5 }, {}, "never"],
    ["too long to be explored", {}, { steps: 20_000 }, "at-once"],
    ["half of the budget", {}, { milliseconds: 500 }, "at-once"],
    ["less than that", {}, { milliseconds: 499 }, 200],
    ["hangs", {}, { outcome: { kind: "deadlock" } }, "at-once"],
    ["dies", {}, { outcome: { kind: "panic", message: "", stack: [] } }, "at-once"],
    ["fails", {}, { outcome: { kind: "failed", cutShort: 0 } }, 200],
    ["lacks something", {}, { outcome: { kind: "failed", cutShort: 0 }, lacks: true }, "at-once"],
  ];
  for (const [what, of, run, expected] of table) assert.equal(splitAfter({ ...OF, ...of }, { ...RUN, ...run }, 20_000), expected, what);
});

test("S2, S4: what is complete, or was interrupted, is not split", () => {
  const coverage = { schedules: 1, bounds: [], depth: 1, milliseconds: 1 };
  assert.deepEqual([isSplit({ ...coverage, complete: true }), isSplit({ ...coverage, complete: false, stoppedBy: "time: raise --budget" }), isSplit({ ...coverage, complete: false, stoppedBy: "interrupted" })], [false, true, false]);
});

test("a natural run that did not come to its end may have left out subtests", () => {
  const table: readonly (readonly [Outcome, boolean])[] = [
    [PASSED, false], [{ kind: "failed", cutShort: 0 }, false], [{ kind: "skipped" }, false], [{ kind: "horizon", scopeOver: true, cutShort: 0, limit: "time" }, false],
    [{ kind: "horizon", scopeOver: false, cutShort: 0, limit: "steps" }, true], [{ kind: "horizon", scopeOver: false, cutShort: 0, limit: "budget" }, true],
    [{ kind: "runaway", goroutine: goroutineName("1.1.1"), stack: [], scopeOver: true }, false], [{ kind: "runaway", goroutine: goroutineName("1.1"), stack: [], scopeOver: false }, true],
    [{ kind: "deadlock" }, true], [{ kind: "exit", exitCode: 1 }, true], [{ kind: "panic", message: "", stack: [] }, true],
  ];
  for (const [outcome, expected] of table) assert.equal(mayHaveMore(outcome), expected, JSON.stringify(outcome));
});

test("a natural run that computed until the budget ended is not done again for the names of subtests that it never came to", () => {
  const ended = (limit: "budget" | "steps"): Outcome => ({ kind: "horizon", scopeOver: false, cutShort: 0, limit });
  const frame = { function: "f", file: "f.go", line: 1 };
  const loops = (stack: readonly (typeof frame)[]): Outcome => ({ kind: "runaway", goroutine: goroutineName("1.1"), stack, scopeOver: false });
  const computes: readonly (readonly [Outcome, number, boolean])[] = [
    [ended("budget"), 0, true], [ended("budget"), 1, false], [ended("steps"), 0, false], [{ kind: "deadlock" }, 0, false], [loops([frame]), 0, true], [loops([frame]), 2, false], [loops([]), 0, false],
  ];
  for (const [outcome, subtests, expected] of computes) assert.equal(computesOn(outcome, subtests), expected, JSON.stringify([outcome, subtests]));
});

const found = (line: number, of: string): Finding => ({ verdict: "leaked", cause: "unknown", evidence: [], goroutines: 1, blocked: { reason: "chan send", function: "f", file: "f.go", line }, stack: [], test: of });
const examination = (name: string, outcome: string, findings: readonly Finding[] = []): Examination => ({ name, package: "p", outcome, findings, limits: [], coverage: { schedules: 3, complete: true, bounds: [], depth: 1, milliseconds: 1 } });

test("S5: what a subtest shows is told there alone", () => {
  const whole = { ...examination("T", "passed", [found(1, "T"), found(2, "T")]), subtests: ["T/a"] };
  assert.deepEqual(besideSubtests(whole, [examination("T/a", "passed", [found(2, "T/a"), found(3, "T/a")])]).findings.map(({ blocked }) => blocked.line), [1]);
});

test("S6: a subtest that needs others fails nothing by itself; one that fails in the whole as well does", () => {
  const alone = examination("T/b", "failed", [found(4, "T/b")]);
  const dropped = inWhole(examination("T", "passed"), alone);
  assert.deepEqual([dropped.outcome, dropped.findings, dropped.coverage.complete, dropped.limits.length], ["no verdict", [], false, 1]);
  for (const outcome of ["failed", "no verdict", "deadlock"]) assert.equal(inWhole(examination("T", outcome), alone), alone);
  const passed = examination("T/b", "passed", [found(4, "T/b")]);
  assert.equal(inWhole(examination("T", "passed"), passed), passed);
});
