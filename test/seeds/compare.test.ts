import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Examination } from "../../src/model/results/examination.js";
import type { Finding } from "../../src/model/finding/finding.js";
import { compare } from "./compare.js";
import type { Expectation } from "./expectations.js";

const expected: Expectation = {
  kind: "main", label: "main", args: [], neverEnds: false, outcome: undefined,
  printed: [{ kind: "line", text: "done" }],
  wants: [{ verdict: "leaked", cause: "nil-channel", goroutines: 1, file: "21-nil-send/main.go", line: 7 }],
  notes: [{ verdict: "cut-short", goroutines: 2 }],
};
const leak: Finding = {
  verdict: "leaked", cause: "nil-channel", evidence: [], goroutines: 1, stack: [],
  blocked: { reason: "chan send (nil chan)", function: "main.main.func1", file: "/home/me/go/21-nil-send/main.go", line: 7 },
};
const note: Finding = { ...leak, verdict: "cut-short", cause: "unknown", goroutines: 2 };
const found: Examination = {
  name: "main", package: "example.test/x", outcome: "passed", output: "done\n", findings: [leak, note], limits: [],
  coverage: { schedules: 1, complete: true, bounds: [], depth: 3, milliseconds: 1 },
};

describe("compare", () => {
  it("is content with what was expected", () => assert.deepEqual(compare(expected, found), []));

  const wrong: readonly (readonly [string, Partial<Examination>, RegExp])[] = [
    ["a missing finding", { findings: [note] }, /^not found: leaked nil-channel x1 at 21-nil-send\/main.go:7$/],
    ["another finding", { findings: [leak, { ...leak }, note] }, /^not wanted: leaked nil-channel x1/],
    ["a missing note", { findings: [leak] }, /^no note: cut-short x2, but none$/],
    ["another outcome", { outcome: "deadlock" }, /^outcome 'deadlock', expected 'passed'$/],
    ["other output", { output: "Done\n" }, /^printed\n {4}Done\nwhere expected\n {4}done$/],
    ["no schedule at all", { coverage: { ...found.coverage, schedules: 0 } }, /^no schedule was tried$/],
  ];
  for (const [name, change, message] of wrong) {
    it(`names ${name}`, () => {
      const problems = compare(expected, { ...found, ...change });
      assert.equal(problems.length, 1, problems.join("; "));
      assert.match(problems[0]!, message);
    });
  }

  it("tells apart line, cause, verdict and count", () => {
    const others: readonly Finding[] = [
      { ...leak, goroutines: 2 }, { ...leak, cause: "unknown" }, { ...leak, verdict: "deadlock" },
      { ...leak, blocked: { ...leak.blocked, line: 8 } }, { ...leak, blocked: { ...leak.blocked, file: "/x/main.go" } },
    ];
    for (const other of others) assert.equal(compare(expected, { ...found, findings: [other, note] }).length, 2);
  });
});
