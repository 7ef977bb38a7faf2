import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding } from "../../model/finding/finding.js";
import type { Examination } from "../../model/results/examination.js";
import { withKept, type KeptResult } from "./result-cache.js";

const finding = (line: number, seen?: number): Finding => ({
  verdict: "leaked", cause: "unknown", evidence: [], goroutines: 1, stack: [], blocked: { reason: "chan send", function: "p.f", file: "/p/a.go", line }, ...(seen === undefined ? {} : { seen }),
});
const examined = (schedules: number, complete: boolean, findings: readonly Finding[]): Examination => ({
  name: "TestX", package: "p", outcome: "passed", limits: [], findings, coverage: { schedules, complete, bounds: [], depth: 1, milliseconds: 5, ...(complete ? {} : { stoppedBy: "time" }) },
});
const kept = (findings: readonly Finding[]): KeptResult => ({ examination: examined(100, false, findings), budget: 1_000, rounds: 1 });
const told = ({ examination: { coverage, findings } }: KeptResult): readonly string[] => findings.map(({ blocked, seen }) => `line ${blocked.line} in ${seen} of ${coverage.schedules}`);

test("what a further round shows is counted in the schedules of both; what it does not show stays", () => {
  assert.deepEqual(told(withKept(kept([finding(1, 90), finding(2, 5)]), examined(50, false, [finding(1, 19), finding(3, 2)]), 500)), ["line 1 in 109 of 150", "line 3 in 2 of 150", "line 2 in 5 of 150"]);
});

test("a round that is complete counts its own schedules alone", () => {
  assert.deepEqual(told(withKept(kept([finding(1, 90)]), examined(7, true, [finding(1, 3)]), 500)), ["line 1 in 3 of 7"]);
});
