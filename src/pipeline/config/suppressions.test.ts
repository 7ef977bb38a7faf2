import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { applyBaseline, applyIgnores, applySeverity, baselineText, countsFor, matches, parseBaseline } from "./suppressions.js";
import { counts } from "../../report/exit-code.js";
import { NO_CONFIG, type Ignore } from "./config.js";

const finding = (name: string, more: Partial<Finding> = {}): Finding => ({
  verdict: "leaked",
  cause: "unknown",
  evidence: [],
  goroutines: 1,
  blocked: { reason: "chan send", function: name, file: "/a.go", line: 3 },
  stack: [],
  package: "p",
  test: "TestA",
  ...more,
});
const coverage = { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: 0 };
const report = (...findings: Finding[]): Report => ({ examinations: [{ name: "p", package: "p", coverage, outcome: "passed", findings, limits: [] }], failures: [] });
const names = ({ examinations }: Report): readonly string[] => examinations.flatMap(({ findings }) => findings.map(({ blocked }) => blocked.function));
const ignore = (more: Partial<Ignore>): Ignore => ({ function: "p.a", reason: "known", expires: "2027-03-31", line: 2, ...more });

describe("applyIgnores", () => {
  for (const [title, entry, left] of [
    ["the function", {}, ["p.ab"]],
    ["a pattern", { function: "p.*" }, []],
    ["nothing but what is written: a dot is a dot", { function: "p?a" }, ["p.a", "p.ab"]],
    ["not another verdict", { verdict: "lingering" }, ["p.a", "p.ab"]],
    ["not another test", { test: "TestB*" }, ["p.a", "p.ab"]],
  ] as const) {
    it(`takes out ${title}`, () => {
      assert.deepEqual(names(applyIgnores(report(finding("p.a"), finding("p.ab")), [ignore(entry)], "2027-03-31").report), left);
    });
  }

  it("fits anywhere on the stack where it says so, and a test's subtests with the test", () => {
    const frame = (name: string) => ({ function: name, file: "/a.go", line: 1 });
    const found = report(finding("p.a", { stack: [frame("runtime.park"), frame("lib.(*T).run")], test: "TestA/sub" }), finding("p.b", { stack: [frame("p.b")], createdBy: frame("lib.(*T).start"), test: "TestAB" }));
    const left = (entry: Partial<Ignore>): readonly string[] => names(applyIgnores(found, [{ reason: "known", expires: "2027-03-31", line: 2, ...entry }], "2027-03-31").report);
    assert.deepEqual(left({ stack: "lib.(*T).run" }), ["p.b"]);
    assert.deepEqual(left({ stack: "lib.*" }), []);
    assert.deepEqual(left({ stack: "lib.*", function: "p.a" }), ["p.b"]);
    assert.deepEqual(left({ stack: "*", test: "TestA" }), ["p.b"]);
  });

  it("holds on its last day and no longer (A1), and an entry that fits nothing is told (A2)", () => {
    const on = applyIgnores(report(finding("p.a")), [ignore({}), ignore({ function: "x", line: 5 })], "2027-03-31");
    assert.deepEqual(on.notes, ["ignored 1 finding in p.a until 2027-03-31: known", "line 5 of the ignore list fits nothing that was found: x"]);
    const after = applyIgnores(report(finding("p.a")), [ignore({})], "2027-04-01");
    assert.deepEqual(names(after.report), ["p.a"]);
    assert.deepEqual(after.notes, ["line 2 of the ignore list expired on 2027-03-31, and what it is for is still there: p.a"]);
  });
});

describe("applySeverity", () => {
  const severity = [{ verdict: "lingering", severity: "error", line: 2 }, { verdict: "leaked", severity: "note", line: 3 }, { verdict: "flaky", severity: "off", line: 4 }] as const;
  const all = [finding("a"), finding("b", { verdict: "lingering" }), finding("c", { verdict: "flaky" }), finding("d", { verdict: "flaky" }), finding("e", { verdict: "deadlock" }), finding("f", { verdict: "cut-short" })];
  it("says of each finding what the project says of its verdict; what is off is gone, and told", () => {
    const { report: left, notes } = applySeverity(report(...all), severity);
    assert.deepEqual(left.examinations[0]!.findings.map(({ blocked, severity: said }) => [blocked.function, said]), [["a", "note"], ["b", "error"], ["e", undefined], ["f", undefined]]);
    assert.deepEqual(notes, ["2 findings not shown: severity of 'flaky' is off (line 4 of the settings)"]);
    assert.deepEqual(left.examinations[0]!.findings.map((one) => [counts(one, false), counts(one, true)]), [[false, false], [true, true], [true, true], [false, false]], "also with --strict");
  });
  it("countsFor is the same for one finding, and minds what is ignored", () => {
    const config = { ...NO_CONFIG, severity, ignore: [ignore({ function: "e", expires: "2027-03-31" })] };
    assert.deepEqual(all.map((one) => countsFor(one, config, "2027-03-31")), [false, true, false, false, false, false]);
    assert.equal(countsFor(all[4]!, config, "2027-04-01"), true);
  });
});

it("an entry that fits nothing is not told where only a part was run", () => {
  assert.deepEqual(applyIgnores(report(), [ignore({})], "2027-03-31", true).notes, []);
});

describe("the baseline", () => {
  it("knows a finding again whose line and count have changed, and lets a new one through", () => {
    const before = parseBaseline(baselineText(report(finding("p.a"), finding("p.gone"))));
    const moved = finding("p.a", { goroutines: 7, blocked: { reason: "chan send", function: "p.a", file: "/a.go", line: 99 } });
    const { report: left, notes } = applyBaseline(report(moved, finding("p.new")), before!);
    assert.deepEqual(names(left), ["p.new"]);
    assert.deepEqual(notes, [
      "1 finding of the baseline is still there and not counted",
      "1 finding of the baseline was not found this time: if they are mended, write it again",
    ]);
  });

  it("is sorted, each once", () => {
    assert.equal(baselineText(report(finding("p.b"), finding("p.a"), finding("p.b"))), baselineText(report(finding("p.a"), finding("p.b"))));
  });

  it("is no other JSON", () => {
    assert.equal(parseBaseline("{}"), undefined);
    assert.equal(parseBaseline("no"), undefined);
  });
});

describe("a pattern with stars", () => {
  for (const [pattern, text, fits] of [
    ["a", "a", true], ["a", "ab", false], ["*", "", true], ["a*", "ab", true], ["*b", "ab", true], ["a*b", "ab", true], ["a*b", "axb", true], ["a*a", "a", false], ["a*b*c", "axbyc", true], ["a*b*c", "acb", false], ["*b*", "abc", true],
    ["a.(*B).*", "a.(*B).Run", true], ["a.(*B).*", "a.(xB).Run", true], ["*aa*aa", "aaa", false], ["*aa*aa", "aaaa", true], ["x*\n*y", "x\n\ny", true], ["", "", true], ["", "a", false], ["a**b", "ab", true],
  ] as const) it(`${JSON.stringify(pattern)} ${fits ? "fits" : "does not fit"} ${JSON.stringify(text)}`, () => assert.equal(matches(pattern, text), fits));

  it("costs a walk through the text, however many stars", () => assert.equal(matches(`${"*a".repeat(5000)}*b`, "a".repeat(100_000)), false));
});
