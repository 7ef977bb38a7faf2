import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { TestOutput } from "./native-output.js";
import { diedIn, goneIn, NO_TEST_BEGAN } from "./native-report.js";
import { TotalTime } from "../go/total-time.js";
import { failedIn, lateOf, merge, onlyHangs, replaced, withDeaths } from "./native-then-explore.js";

const finding = (line: number, verdict: Finding["verdict"]): Finding => ({
  verdict, cause: "unknown", evidence: [], goroutines: 1, stack: [], blocked: { reason: "chan send", function: "p.f", file: "/p/a.go", line },
});
const report = (name: string, findings: readonly Finding[], failed: readonly string[] = []): Report => ({
  examinations: [{ name, package: "p", outcome: "passed", limits: [], findings, coverage: { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: 0 } }],
  failures: failed.map((path) => ({ package: path, message: "no" })),
});
const lines = ({ examinations }: Report) => examinations.map(({ name, findings }) => [name, findings.map(({ blocked, verdict }) => `${blocked.line} ${verdict}`)]);

describe("onlyHangs", () => {
  const explored: Report = {
    examinations: [["a", "deadlock"], ["a", "passed"], ["b", "passed"], ["c", "never ends"]].map(([path, outcome], i) => ({ ...report(`Test${i}`, []).examinations[0]!, package: path!, outcome: outcome! })),
    failures: [{ package: "d", message: "does not build" }],
  };
  for (const [over, ends] of [
    [[], false], // b may still find something, d may still run
    [["b"], false],
    [["b", "d"], true],
    [["a", "b", "d"], true],
    [["a", "b", "c", "d"], false], // nothing is outstanding: it ends by itself
  ] as const) {
    it(`${over.join(" ") || "nothing"} over: ${ends ? "ends it" : "waits"}`, () => assert.equal(onlyHangs(explored, new Set(over)), ends));
  }
});

describe("a package that failed beside the exploration (B2)", () => {
  const native = (outcome: string, died: readonly string[] = []) => ({ report: { ...report("p", []), examinations: [{ ...report("p", []).examinations[0]!, outcome }] }, died });
  it("is run again, and that run counts", () => {
    const explored = report("TestX", []);
    assert.deepEqual([native("failed"), native("no verdict", ["p"]), native("passed")].map((one) => failedIn(one, explored)), [["p"], ["p"], []]);
    const kept = (...cached: readonly boolean[]): Report => ({ ...explored, examinations: cached.map((yes) => ({ ...explored.examinations[0]!, coverage: { ...explored.examinations[0]!.coverage, ...(yes ? { cached: true as const } : {}) } })) });
    // Nothing was explored beside it; one test was; nothing could be (the compiler ran).
    assert.deepEqual([kept(true, true), kept(true, false), kept()].map((one) => failedIn(native("failed"), one)), [[], ["p"], ["p"]]);
    assert.deepEqual(replaced(native("no verdict", ["p"]), native("passed")), native("passed"));
    assert.deepEqual(replaced(native("failed"), native("failed")), native("failed"));
  });
});

describe("a package whose process ends well before its tests (F4)", () => {
  const failure = { package: "p", message: "p exits with code 0 before it can be controlled", onlyNatively: "exits with code 0 before it can be controlled" };
  const natively = (outcome: string, limits: readonly string[]): Report => ({ examinations: [{ ...report("p", []).examinations[0]!, outcome, limits }], failures: [] });
  const merged = (native: Report): readonly unknown[] => {
    const { examinations, failures } = merge(native, { examinations: [], failures: [failure] });
    return [failures.length, examinations[0]?.limits];
  };
  it("natively, too: it can be done, and has no verdict", () => assert.deepEqual(merged(natively("no verdict", [NO_TEST_BEGAN])), [0, [NO_TEST_BEGAN]]));
  it("not natively: its tests were run there", () => assert.deepEqual(merged(natively("passed", [])), [0, ["natively only: p exits with code 0 before it can be controlled"]]));
  it("and natively it hung: it could not be done", () => assert.equal(merged(natively("no verdict", ["no verdict: it had not ended after 2m"]))[0], 1));
});

describe("a package that failed, and of which the explorer knows a hang (B1, B2)", () => {
  it("is not run again, to hang again", () => {
    const first = { report: { ...report("p", []), examinations: [{ ...report("p", []).examinations[0]!, outcome: "failed" }] }, died: [] };
    const explored = (outcome: string, path = "p") => ({ examinations: [{ ...report("TestX", []).examinations[0]!, package: path, outcome }] });
    assert.deepEqual([explored("deadlock"), explored("never ends"), explored("deadlock", "q"), explored("passed")].map((one) => failedIn(first, one)), [[], [], ["p"], ["p"]]);
  });
});

describe("a package whose native run was ended because its hang is known (B1), or with the total time", () => {
  const printed = (text: string): TestOutput => {
    const output = new TestOutput();
    output.push("stdout", Buffer.from(text));
    return output;
  };
  const died = (text: string, kind: "enough" | "interrupted"): readonly string[] => diedIn({ censuses: [], broken: [], lost: [], begun: new Set<string>(), outcome: { kind }, output: printed(text) });
  it("has not died by itself; one that panicked before has", () => {
    for (const kind of ["enough", "interrupted"] as const) {
      assert.deepEqual(died("signal: interrupt\nFAIL\tp\t2.1s\n", kind), []);
      assert.deepEqual(died("panic: own words\nFAIL\tp\t0.1s\n", kind), ["p"]);
    }
  });
});

describe("merge", () => {
  it("tells a place once, as the exploration tells it (F1)", () => {
    const both = merge(report("p", [finding(1, "lingering"), finding(2, "leaked")]), report("TestX", [finding(1, "leaked")]));
    assert.deepEqual(lines(both), [["p", ["2 leaked"]], ["TestX", ["1 leaked"]]]);
    assert.deepEqual(both.examinations.flatMap(({ findings }) => findings.map(({ natively }) => natively)), [undefined, true]);
  });

  it("keeps a native panic as a failure (F3)", () => {
    assert.deepEqual(withDeaths({ report: report("p", []), died: ["p"] }).examinations.map(({ outcome }) => outcome), ["failed"]);
    assert.deepEqual(withDeaths({ report: report("p", []), died: ["q"] }).examinations.map(({ outcome }) => outcome), ["passed"]);
  });

  it("takes a test that only the native run could do as a limit of its package, where that passed (F4)", () => {
    const explored: Report = { ...report("TestX", []), failures: [{ package: "p", test: "TestRuns", message: "cannot be put under control", onlyNatively: "starts another process: exec" }] };
    const passed = merge({ examinations: [{ ...report("p", []).examinations[0]!, outcome: "passed" }], failures: [] }, explored);
    assert.deepEqual([passed.failures, passed.examinations[0]!.limits], [[], ["natively only: TestRuns starts another process: exec"]]);
    for (const outcome of ["failed", "no verdict"]) {
      const other = merge({ examinations: [{ ...report("p", []).examinations[0]!, outcome }], failures: [] }, explored);
      assert.deepEqual([other.failures.length, other.examinations[0]!.limits], [1, []], outcome);
    }
    assert.equal(merge({ examinations: [], failures: [] }, explored).failures.length, 1);
  });

  it("tells a package that neither can do once (F2)", () => {
    assert.deepEqual(merge(report("p", [], ["q"]), report("TestX", [], ["q"])).failures.map((one) => one.package), ["q"]);
    assert.deepEqual(merge(report("p", [], ["q"]), report("TestX", [])).failures.map((one) => one.package), ["q"]);
  });
});

it("a package of which every process that began is gone is over, though go test has said nothing of it yet", () => {
  const folder = mkdtempSync(join(tmpdir(), "unpark-gone-"));
  try {
    const { pid: dead } = spawnSync("true");
    const begun = (name: string, path: string): void => writeFileSync(join(folder, name), path);
    begun(`${dead}-a1.begun`, "example.com/died");
    begun(`0123456789abcdef.5f-token.${process.pid}-b2.begun`, "example.com/runs");
    begun(`${dead}-c3.begun`, "example.com/runs");
    assert.deepEqual(goneIn(folder), ["example.com/died"]);
    assert.deepEqual(goneIn(folder, (name) => !name.startsWith(String(dead))), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("lateOf", () => {
  const ran = (name: string, milliseconds: number): Report["examinations"][number] => {
    const one = report(name, []).examinations[0]!;
    return { ...one, package: name, outcome: "failed", coverage: { ...one.coverage, milliseconds } };
  };
  const native = { report: { examinations: [ran("short", 400), ran("long", 5_500), ran("good", 1)], failures: [] } };
  const late = (now: number, interrupted?: AbortSignal): readonly string[] => {
    let at = 0;
    const time = new TotalTime(10_000, 2, { now: () => at, turn: () => Promise.resolve() });
    at = now;
    return lateOf(native, ["short", "long"], { time, text: "10s", ended: new AbortController().signal, ...(interrupted === undefined ? {} : { interrupted }) }).packages;
  };

  it("is what failed beside the exploration, as far as it may end in the time that is left and a tenth", () => {
    assert.deepEqual(late(0), ["short"]);
    assert.deepEqual(late(10_000), ["short"]);
  });

  it("is nothing where the user ended it", () => {
    assert.deepEqual(late(10_000, AbortSignal.abort()), []);
    assert.deepEqual(late(10_000, new AbortController().signal), ["short"]);
  });
});
