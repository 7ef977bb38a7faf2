import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { reportMarkdown } from "./markdown.js";

const finding = (line: number, more: Partial<Finding> = {}): Finding => ({
  verdict: "leaked", cause: "unknown", evidence: [], goroutines: 2, stack: [], test: "TestA|b", blocked: { reason: "chan send", function: "p.f", file: "/w/a.go", line }, ...more,
});
const report = (findings: readonly Finding[], outcome = "passed"): Report => ({
  examinations: [{ name: "p", package: "p", outcome, limits: [], findings, coverage: { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: 0 } }],
  failures: [],
});

describe("reportMarkdown", () => {
  it("shows findings in a table and folds notes away", () => {
    const text = reportMarkdown(report([finding(3), finding(4, { verdict: "lingering", cause: "no-timeout" })]), { cwd: "/w" });
    assert.equal(
      text,
      `### Unpark: 1 finding

| verdict | cause | goroutines | test | where |
| --- | --- | --- | --- | --- |
| leaked |  | 2 | \`TestA\\|b\` | chan send at \`a.go:3\` |

<details><summary>1 note</summary>

| verdict | cause | goroutines | test | where |
| --- | --- | --- | --- | --- |
| lingering | no-timeout | 2 | \`TestA\\|b\` | chan send at \`a.go:4\` |

</details>
`,
    );
  });

  it("fits a comment: twenty rows and how many more", () => {
    const text = reportMarkdown(report(Array.from({ length: 33 }, (_, i) => finding(i))));
    assert.equal(text.split("\n").filter((line) => line.startsWith("| leaked")).length, 20);
    assert.match(text, /^and 13 more$/m);
  });

  it("says when nothing was found, and what has no verdict", () => {
    assert.match(reportMarkdown(report([])), /^### Unpark: no goroutine leak found\n/);
    assert.match(reportMarkdown(report([], "no verdict")), /^No verdict: `p`\.$/m);
  });
});
