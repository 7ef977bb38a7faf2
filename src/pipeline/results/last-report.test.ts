import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { Examination, Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { keepLastReport, lastReports, projectOf, reportsFolder } from "./last-report.js";

const scratch = mkdtempSync(join(tmpdir(), "unpark-last-report-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
let projects = 0;

function project() {
  const root = join(scratch, `p${projects++}`);
  mkdirSync(join(root, "sub"), { recursive: true });
  writeFileSync(join(root, "go.mod"), "module example.com/p\n");
  writeFileSync(join(root, "a.go"), "package p\n\n\tgo f()\n");
  const env = { UNPARK_CACHE: join(root, "cache") };
  const finding: Finding = { verdict: "leaked", cause: "unknown", evidence: [], goroutines: 1, stack: [], blocked: { reason: "chan send", function: "p.f", file: join(root, "a.go"), line: 3 }, createdBy: { function: "p.g", file: join(root, "a.go"), line: 3 } };
  const one = (path: string, name: string, findings: readonly Finding[] = []): Examination => ({ name, package: path, outcome: "passed", findings, limits: [], coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 1 } });
  const report = (examinations: readonly Examination[], more: object = {}): Report => ({ origin: { command: "test", unpark: "1", packages: ["."], args: [], ...more }, examinations, failures: [] });
  const keep = (found: Report, more: object = {}): void => keepLastReport({ cwd: join(root, "sub"), env, found, left: found, partial: false, ...more });
  const names = (): readonly string[] => lastReports(root, env).flatMap((last) => last.report.examinations.map((x) => `${x.package} ${x.name} ${x.findings.length}`)).sort();
  return { root, env, finding, one, report, keep, names };
}

describe("the last report of a project", () => {
  it("L1: packages that were examined again are replaced, others stay; of a part of the tests only those", () => {
    const { one, report, keep, names, finding } = project();
    keep(report([one("p", "TestA", [finding]), one("p", "TestB"), one("q", "TestC")]));
    keep(report([one("p", "TestA")]), { partial: true });
    assert.deepEqual(names(), ["p TestA 0", "p TestB 0", "q TestC 0"]);
    keep(report([one("p", "TestB")]));
    assert.deepEqual(names(), ["p TestB 0", "q TestC 0"]);
  });
  it("L2: other flags replace all; another command is kept apart", () => {
    const { one, report, keep, names } = project();
    keep(report([one("p", "TestA")]));
    keep(report([one("p", "p")], { command: "run" }));
    assert.deepEqual(names(), ["p TestA 0", "p p 0"]);
    keep(report([one("q", "TestC")], { tags: "slow" }));
    assert.deepEqual(names(), ["p p 0", "q TestC 0"]);
  });
  it("keeps the text of the lines that it names, and whose findings the project accepts", () => {
    const { root, env, one, report, keep, finding } = project();
    const found = report([one("p", "TestA", [finding])]);
    keep(found, { left: report([one("p", "TestA")]) });
    const [last] = lastReports(join(root, "sub"), env);
    assert.deepEqual([last!.root, last!.accepted, last!.lines], [root, [`${join(root, "a.go")}:3`], { [join(root, "a.go")]: { 3: "go f()" } }]);
    assert.deepEqual(lastReports(scratch, env).map((one) => one.root), [root]);
    assert.deepEqual(lastReports(join(scratch, "other"), env), []);
  });
  it("L3: what was damaged is as good as none, and a cache that cannot be written to is no error", () => {
    const { root, env, one, report, keep, names } = project();
    keep(report([one("p", "TestA")]));
    const [file] = readdirSync(reportsFolder(env));
    const path = join(reportsFolder(env), file!);
    const whole = readFileSync(path, "utf8");
    for (let cut = 0; cut < whole.length; cut += 17) {
      writeFileSync(path, whole.slice(0, cut));
      assert.deepEqual(names(), []);
    }
    keep(report([one("p", "TestB")]));
    assert.deepEqual(names().length, 1);
    keepLastReport({ cwd: root, env: { UNPARK_CACHE: join(root, "a.go", "x") }, found: report([one("p", "TestA")]), left: report([]), partial: false });
  });
  it("a folder in no project is its own", () => assert.equal(projectOf("/"), "/"));
});
