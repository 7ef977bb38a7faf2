import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Report } from "../../model/examination.js";
import type { Finding } from "../../model/finding.js";
import { merge, withDeaths } from "./native-then-explore.js";

const finding = (line: number, verdict: Finding["verdict"]): Finding => ({
  verdict, cause: "unknown", evidence: [], goroutines: 1, stack: [], blocked: { reason: "chan send", function: "p.f", file: "/p/a.go", line },
});
const report = (name: string, findings: readonly Finding[], failed: readonly string[] = []): Report => ({
  examinations: [{ name, package: "p", outcome: "passed", limits: [], findings, coverage: { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: 0 } }],
  failures: failed.map((path) => ({ package: path, message: "no" })),
});
const lines = ({ examinations }: Report) => examinations.map(({ name, findings }) => [name, findings.map(({ blocked, verdict }) => `${blocked.line} ${verdict}`)]);

describe("merge", () => {
  it("tells a place once, as the exploration tells it (F1)", () => {
    const both = merge(report("p", [finding(1, "lingering"), finding(2, "leaked")]), report("TestX", [finding(1, "leaked")]));
    assert.deepEqual(lines(both), [["p", ["2 leaked"]], ["TestX", ["1 leaked"]]]);
  });

  it("keeps a native panic as a failure (F3)", () => {
    assert.deepEqual(withDeaths({ report: report("p", []), died: ["p"] }).examinations.map(({ outcome }) => outcome), ["failed"]);
    assert.deepEqual(withDeaths({ report: report("p", []), died: ["q"] }).examinations.map(({ outcome }) => outcome), ["passed"]);
  });

  it("tells a package that neither can do once (F2)", () => {
    assert.deepEqual(merge(report("p", [], ["q"]), report("TestX", [], ["q"])).failures.map((one) => one.package), ["q"]);
    assert.deepEqual(merge(report("p", [], ["q"]), report("TestX", [])).failures.map((one) => one.package), ["q"]);
  });
});
