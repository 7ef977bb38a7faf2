import assert from "node:assert/strict";
import { test } from "node:test";
import type { Examination, Report } from "../../model/results/examination.js";
import { endWordsOf } from "./end-words.js";
import { reportGoTestJson } from "./go-test-json.js";
import { reportMarkdown } from "./markdown.js";
import { reportText } from "./text.js";

const ended = (outcome: string, ...limits: readonly string[]): Examination => ({
  name: "TestA", package: "p", outcome, limits, findings: [], coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 10 },
});
const TIMEOUT = "timed out: not over after 10m of virtual time, when go test ends a test (-timeout); it waits at a_test.go:3 (chan receive)";

for (const [outcome, limits, words] of [
  ["timed out", [TIMEOUT, "another limit"], [TIMEOUT]],
  ["exit 3", [], ["it ended its process: exit status 3"]],
  ["exit 0", [], ["it ended its process: unexpected call to os.Exit(0) during test"]],
  ["failed", ["a limit"], []],
  ["passed", [TIMEOUT], []],
] as const) {
  test(`${outcome}: how it ended is said in text and in go test's events, and a comment counts it`, () => {
    const one = ended(outcome, ...limits);
    const report: Report = { examinations: [one], failures: [] };
    assert.deepEqual(endWordsOf(one), words);
    for (const sentence of words) {
      assert.ok(reportText(report).includes(`\n    ${sentence}\n`));
      assert.ok(reportGoTestJson(report).includes(`"Output":"    ${sentence}\\n"`));
    }
    assert.equal(reportMarkdown(report).split("\n")[0], `### Unpark: no goroutine leak found${outcome === "passed" ? "" : "; 1 test failed"}`);
  });
}
