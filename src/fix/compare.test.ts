import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NOT_EVERY_ORDER, type Examination } from "../model/results/examination.js";
import type { Finding } from "../model/finding/finding.js";
import { missOf } from "./compare.js";

const leak: Finding = { verdict: "leaked", cause: "unknown", evidence: [], goroutines: 1, stack: [], package: "p", blocked: { reason: "chan send", function: "p.f", file: "/a.go", line: 3 } };
const other: Finding = { ...leak, blocked: { ...leak.blocked, function: "p.g" } };
const before: Examination = { name: "TestX", package: "p", outcome: "passed", findings: [leak, other], limits: ["in 3 s"], coverage: { schedules: 10, complete: true, bounds: [], depth: 3, milliseconds: 1 } };
const after: Examination = { ...before, findings: [other], limits: ["in 4 s"] };

describe("a patch is kept only if all holds", () => {
  for (const [name, change, expected] of [
    ["all holds", {}, undefined],
    ["more lines above the other finding", { findings: [{ ...other, blocked: { ...other.blocked, line: 9 } }] }, undefined],
    ["the finding is still there", { findings: [leak, other] }, "still"],
    ["the finding is a note now", { findings: [{ ...leak, verdict: "lingering" }, other] }, "still"],
    ["another finding", { findings: [other, { ...leak, verdict: "panics", blocked: { ...leak.blocked, reason: "panic" } }] }, "new"],
    ["the other finding twice", { findings: [other, other] }, "new"],
    ["it fails now", { outcome: "failed" }, "outcome"],
    ["it passes in place of a deadlock", {}, undefined],
    ["a finding that did not replay", { limits: ["a finding (leaked at a.go:3) did not replay"] }, "limit"],
    ["not complete", { coverage: { ...before.coverage, complete: false, schedules: 999 } }, "fewer"],
  ] as const) {
    it(name, () => assert.equal(missOf(before, { ...after, ...change }, [leak])?.kind, expected));
  }

  const part: Examination = { ...before, coverage: { ...before.coverage, complete: false } };
  it("where not all was tried before, as many schedules suffice, and all of them do", () => {
    const tried = (schedules: number, complete: boolean) => missOf(part, { ...after, coverage: { ...part.coverage, schedules, complete } }, [leak])?.kind;
    assert.deepEqual([tried(9, false), tried(10, false), tried(2, true)], ["fewer", undefined, undefined]);
  });
  it("all orders of the operations, which was not reached before, is no new limit; it is one where everything was tried before", () => {
    const limits = [`the only order of its operations was tried, ${NOT_EVERY_ORDER}; say so`];
    assert.equal(missOf(part, { ...after, limits, coverage: { ...part.coverage, schedules: 12 } }, [leak]), undefined);
    assert.equal(missOf(before, { ...after, limits }, [leak])?.kind, "limit");
  });
  it("two findings of one place must both be gone", () => {
    const twice = { ...before, findings: [leak, leak] };
    assert.equal(missOf(twice, { ...before, findings: [leak] }, [leak, leak])?.kind, "still");
    assert.equal(missOf(twice, { ...before, findings: [] }, [leak, leak]), undefined);
  });
});
