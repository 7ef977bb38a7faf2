// `unpark test -json`, read by the tools that people pipe `go test -json` into: real gotestsum and go-junit-report.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Examination, Report } from "../../src/model/results/examination.js";
import type { Finding } from "../../src/model/finding/finding.js";
import { reportGoTestJson } from "../../src/report/exploration/go-test-json.js";

const TOOLS = ["gotest.tools/gotestsum@v1.12.3", "github.com/jstemmer/go-junit-report/v2@v2.1.0"];
const coverage = { schedules: 3, complete: true, bounds: [], depth: 9, milliseconds: 120 };
const finding = (verdict: Finding["verdict"], test: string): Finding => ({
  verdict, cause: "send-without-receiver", evidence: ["nobody received"], goroutines: 1, package: "example.com/shop", test,
  blocked: { reason: "chan send", function: "shop.f", file: "/shop/shop.go", line: 7 }, stack: [],
});
const program = (name: string, findings: readonly Finding[], outcome = "passed"): Examination => ({ name, package: "example.com/shop", outcome, findings, limits: [], coverage });
const REPORT: Report = {
  examinations: [
    program("TestClean", []),
    program("TestLeaks", [finding("leaked", "TestLeaks"), finding("leaked", "TestLeaks"), finding("lingering", "TestLeaks")]),
    program("TestFails", [], "failed"),
    program("TestSkips", [], "skipped"),
    { name: "example.com/shop", package: "example.com/shop", outcome: "passed", limits: [], coverage: { ...coverage, native: true }, findings: [finding("abandoned", "TestClean/of a subtest")] },
  ],
  failures: [{ package: "example.com/broken", message: "broken.go:3: undefined: X" }],
};

describe("go test -json", () => {
  const folder = mkdtempSync(join(tmpdir(), "unpark-tools-"));
  const file = join(folder, "events.json");
  after(() => rmSync(folder, { recursive: true, force: true }));
  before(() => {
    writeFileSync(file, reportGoTestJson(REPORT));
    for (const tool of TOOLS) {
      const { status, stderr } = spawnSync("go", ["install", tool], { cwd: folder, encoding: "utf8", env: { ...process.env, GOBIN: folder, GOFLAGS: "" } });
      assert.equal(status, 0, stderr);
    }
  });

  it("gotestsum shows each finding as a failing subtest, notes as passing ones, and what does not build as a failed package", () => {
    const { stdout, status } = spawnSync(join(folder, "gotestsum"), ["--raw-command", "--format", "testname", "--no-color", "--", "cat", file], { encoding: "utf8", cwd: folder });
    const told = [...stdout.matchAll(/^(PASS|FAIL|SKIP) (?:example\.com\/)?(\S*?)\.?(Test\S+)/gm)].map(([, word, , name]) => `${word} ${name}`).sort();
    assert.deepEqual(told, [
      // The native pass's finding is of TestClean, which is clean under control: the tools know one test of that name.
      "FAIL TestClean", "FAIL TestClean/unpark:abandoned", "FAIL TestFails", "FAIL TestLeaks", "FAIL TestLeaks/unpark:leaked", "FAIL TestLeaks/unpark:leaked#01",
      "PASS TestLeaks/unpark:lingering", "SKIP TestSkips",
    ]);
    assert.match(stdout, /broken\.go:3: undefined: X/);
    assert.equal(status, 0, "gotestsum judges the command, which is cat here");
  });

  it("go-junit-report makes a failing test case of each", () => {
    const { stdout } = spawnSync(join(folder, "go-junit-report"), ["-parser", "gojson"], { encoding: "utf8", input: reportGoTestJson(REPORT) });
    const cases = [...stdout.matchAll(/<testcase name="([^"]+)"[^>]*(\/>|>\s*<(failure|skipped|system-out))/g)].map(([, name, , what]) => `${name} ${what === "failure" || what === "skipped" ? what : "ok"}`);
    assert.ok(cases.includes("TestLeaks/unpark:leaked failure") && cases.includes("TestLeaks/unpark:lingering ok") && cases.includes("TestSkips skipped"), stdout);
  });
});
