import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { applyComments } from "./ignore-comments.js";

const finding = (line: number, more: Partial<Finding> = {}): Finding => ({
  verdict: "leaked", cause: "unknown", evidence: [], goroutines: 1, stack: [], package: "p", test: "TestA",
  blocked: { reason: "chan send", function: "p.f", file: "/a.go", line: 90 }, createdBy: { function: "p.g", file: "/a.go", line }, ...more,
});
const report = (...findings: Finding[]): Report => ({ examinations: [{ name: "p", package: "p", coverage: { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: 0 }, outcome: "passed", findings, limits: [] }], failures: [] });
const apply = (lines: readonly string[], one: Finding) => {
  const { report: left, notes } = applyComments(report(one), (file) => (file === "/a.go" ? lines : undefined));
  return { left: left.examinations[0]!.findings.length, notes };
};

describe("//unpark:ignore", () => {
  for (const [title, lines, line, left] of [
    ["at the end of the line", ["go serve() //unpark:ignore lives as long as the process"], 1, 0],
    ["on the line above", ["\t//unpark:ignore known", "\tgo serve()"], 2, 0],
    ["two lines above", ["//unpark:ignore known", "", "go serve()"], 3, 1],
    ["behind another statement of the line above", ["go other() //unpark:ignore known", "go serve()"], 2, 1],
    ["without a reason", ["go serve() //unpark:ignore"], 1, 1],
    ["with blanks for a reason", ["go serve() //unpark:ignore   "], 1, 1],
    ["as prose", ["go serve() // unpark:ignore known"], 1, 1],
    ["as another word", ["go serve() //unpark:ignored known"], 1, 1],
    ["nowhere", ["go serve()"], 1, 1],
    ["in a file that is not there", [], 1, 1],
  ] as const) {
    it(`${title}: ${left === 0 ? "ignored" : "counts"}`, () => assert.equal(apply(lines, finding(line)).left, left));
  }

  it("says what it ignored and why, and what has no reason", () => {
    assert.deepEqual(apply(["go f() //unpark:ignore known since May "], finding(1)).notes, ["ignored 1 finding of the goroutine started at /a.go:1: known since May"]);
    assert.deepEqual(apply(["go f() //unpark:ignore"], finding(1)).notes, ["the comment at /a.go:1 says no reason, and so ignores nothing: //unpark:ignore <reason>"]);
  });

  it("never accepts a panic, or what no statement started", () => {
    const lines = ["go f() //unpark:ignore known"];
    assert.equal(apply(lines, finding(1, { verdict: "panics" })).left, 1);
    const { createdBy: _, ...main } = finding(1);
    assert.equal(apply(lines, main).left, 1);
  });
});
