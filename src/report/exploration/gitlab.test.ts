import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { reportGitlab } from "./gitlab.js";

const finding = (more: Partial<Finding> = {}): Finding => ({
  verdict: "leaked", cause: "send-without-receiver", evidence: ["nobody received"], goroutines: 1, stack: [], package: "p", test: "TestA",
  blocked: { reason: "chan send", function: "p.f", file: "/repo/a/a.go", line: 7 }, createdBy: { function: "p.g", file: "/repo/a/g.go", line: 3 }, ...more,
});
const coverage = { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 1 };
const report = (...findings: readonly Finding[]): Report => ({ examinations: [{ name: "TestA", package: "p", outcome: "passed", limits: [], coverage, findings }], failures: [] });
const issues = (strict: boolean, ...findings: readonly Finding[]) =>
  JSON.parse(reportGitlab(report(...findings), { root: "/repo", strict })) as readonly { description: string; fingerprint: string; severity: string; location: { path: string; lines: { begin: number } } }[];

describe("GitLab's code quality report", () => {
  it("is a list with what GitLab requires of each", () => {
    assert.deepEqual(JSON.parse(reportGitlab(report(), { root: "/repo" })), []);
    const [one] = issues(false, finding());
    assert.deepEqual(Object.keys(one!), ["description", "check_name", "fingerprint", "severity", "location"]);
    assert.match(one!.description, /^1 goroutine leaked .* in TestA: chan send; nobody received$/);
    assert.deepEqual(one!.location, { path: "a/a.go", lines: { begin: 7 } });
  });

  for (const [verdict, more, plain, strict] of [
    ["leaked", {}, "major", "major"], ["panics", {}, "critical", "critical"], ["deadlock", {}, "critical", "critical"], ["flaky", {}, "minor", "minor"],
    ["flaky", { needsStall: true }, "info", "minor"], ["lingering", {}, "info", "minor"], ["cut-short", {}, "info", "info"],
  ] as const) {
    it(`${verdict}${"needsStall" in more ? " on a machine that stalls" : ""}: ${plain}, strictly ${strict}`, () => {
      assert.deepEqual([false, true].map((how) => issues(how, finding({ verdict, ...more }))[0]!.severity), [plain, strict]);
    });
  }

  it("stands in the repository where it can: where the goroutine was started, if it is blocked elsewhere", () => {
    const blocked = { reason: "select", function: "dep.f", file: "/mod/dep/f.go", line: 9 };
    assert.deepEqual(issues(false, finding({ blocked }))[0]!.location, { path: "a/g.go", lines: { begin: 3 } });
    assert.deepEqual(issues(false, finding({ blocked, createdBy: { function: "dep.g", file: "/mod/dep/g.go", line: 1 } }))[0]!.location, { path: "/mod/dep/f.go", lines: { begin: 9 } });
  });

  it("tells findings apart that are alike, and knows one again whose line has moved", () => {
    const [a, b] = issues(false, finding(), finding());
    assert.notEqual(a!.fingerprint, b!.fingerprint);
    assert.equal(issues(false, finding({ blocked: { ...finding().blocked, line: 99 } }))[0]!.fingerprint, a!.fingerprint);
  });
});
