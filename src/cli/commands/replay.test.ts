import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { keepLastReport } from "../../pipeline/results/last-report.js";
import { command } from "./replay.js";
import { fakeIo } from "../testing/run-cli.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-replay-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

test("replay: bad input is one sentence that says what to do, and exit code 2", async () => {
  file("report.json", JSON.stringify({ schema: "unpark-report/1", origin: { command: "run", packages: ["."], args: [] }, programs: [], failures: [] }));
  const rows: readonly (readonly [string[], RegExp])[] = [
    [[], /needs a schedule or a report/],
    [["u1 1.1"], /a schedule alone does not say which program it is of: unpark replay 'u1 1\.1' \.\/package/],
    [["missing.json"], /'missing\.json' is neither a schedule \(it would begin with u1\) nor a report that can be read/],
    [[file("bad.json", "{")], /cannot replay bad\.json: it is not JSON/],
    [["report.json"], /cannot replay report\.json: it has no finding with a schedule/],
    [["--test=TestX"], /this project's last report has no finding with a schedule of TestX: explore it first/],
    [["--finding", "3", "report.json"], /there is no finding 3; it has no finding/],
    [["u1 1.1", "./pkg", "other"], /a schedule is of one package, but got 'other' too; the program's own arguments stand behind --: unpark replay 'u1 …' \.\/pkg -- other/],
    [["report.json", "./pkg"], /takes one report, but got '\.\/pkg' too/],
    [["nonsense", "./pkg"], /'nonsense' is no schedule: one begins with u1/],
    [["u1 1", "./pkg", "--horizon=soon"], /--horizon: 'soon' is not a duration/],
  ];
  for (const [argv, said] of rows) {
    const io = fakeIo({ cwd: folder, env: { XDG_CACHE_HOME: folder } });
    assert.equal(await command.run(argv, io), 2, argv.join(" "));
    assert.match(io.err(), said);
    assert.equal(io.err().trim().split("\n").length, 1);
    assert.equal(io.out(), "");
  }
});

test("replay: a corrupt schedule is refused at its word, before anything is built", async () => {
  const io = fakeIo({ cwd: folder });
  assert.equal(await command.run(["u1 1.1 x", "./pkg"], io), 2);
  assert.match(io.out(), /corrupt schedule at word 3: 'x' is not a choice/);
});

test("replay: of several findings the first that is no note, and how to get the others", async () => {
  const finding = (verdict: string, schedule: string, more: object = {}) => ({ verdict, cause: "unknown", package: "./pkg", blocked: { reason: "chan send", function: "p.f", file: "p.go", line: 1 }, schedule, ...more });
  const findings = [finding("lingering", "u1 1"), finding("flaky", "u1 1.2", { needsStall: true }), finding("leaked", "u1 1.3 x")];
  const origin = { command: "run", unpark: "0", packages: ["./pkg"], args: [] };
  file("three.json", JSON.stringify({ schema: "unpark-report/1", origin, programs: [{ findings }], failures: [] }));
  const io = fakeIo({ cwd: folder });
  assert.equal(await command.run(["three.json"], io), 2);
  assert.match(io.err(), /^unpark: finding 3 of three\.json; others: --finding 1, 2$/m);
  assert.match(io.out(), /corrupt schedule at word 3/);
});

test("replay: a test of the project's last report, where its schedule is too long to be copied", async () => {
  const env = { XDG_CACHE_HOME: join(folder, "cache") };
  const leak = (test: string, schedule: string): Finding => ({ verdict: "leaked", cause: "unknown", evidence: [], goroutines: 1, package: "./pkg", test, program: test, blocked: { reason: "chan send", function: "p.f", file: "p.go", line: 1 }, stack: [], schedule });
  const found: Report = {
    origin: { command: "test", unpark: "0", packages: ["./pkg"], args: [] },
    examinations: [{ name: "TestX", package: "./pkg", outcome: "passed", findings: [leak("TestX", "u1 1.4 y"), leak("TestY", "u1 x")], limits: [], coverage: { schedules: 1, complete: false, bounds: [], depth: 1, milliseconds: 1 } }],
    failures: [],
  };
  keepLastReport({ cwd: folder, env, found, left: found, partial: false });
  const io = fakeIo({ cwd: folder, env });
  assert.equal(await command.run(["--test=TestX"], io), 2);
  assert.match(io.out(), /corrupt schedule at word 3: 'y'/);
  const none = fakeIo({ cwd: folder, env });
  assert.equal(await command.run(["--test=TestZ"], none), 2);
  assert.match(none.err(), /no finding with a schedule of TestZ/);
});
