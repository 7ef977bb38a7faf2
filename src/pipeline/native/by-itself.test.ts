import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../cli/testing/bin.js";
import type { Examination } from "../../model/results/examination.js";
import { EarlyChecks, NOT_HERE, onlyHere, suspectsIn } from "./by-itself.js";

const examination = (name: string, outcome: string, path = "example.com/m"): Examination => ({ name, package: path, outcome, findings: [], limits: [], coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 1 } });

test("who is run by itself natively: tests that fail under control, in packages that pass natively, where they are few", () => {
  const passes = { examinations: [examination("example.com/m", "passed")] };
  const names = (...explored: readonly Examination[]): readonly string[] => suspectsIn({ examinations: explored }, passes).map(({ name }) => name);
  const failing = ["failed", "panic", "exit 1"].map((outcome, i) => examination(`Test${i}`, outcome));
  assert.deepEqual(names(...failing, examination("TestOk", "passed"), examination("TestHangs", "deadlock")), ["Test0", "Test1", "Test2"]);
  assert.deepEqual(names(examination("TestA/inner", "failed"), examination("Example", "failed"), examination("TestB", "failed", "example.com/other")), []);
  assert.deepEqual(names(...Array.from({ length: 11 }, (_, i) => examination(`Test${i}`, "failed"))), []);
});

test("beside the exploration: one after the other, those that fail, ten at most", async () => {
  const tried: string[] = [];
  const checks = new EarlyChecks((one) => Promise.resolve(tried.push(one.name) > 0 && one.name !== "Test1"));
  const all = [examination("Test0", "failed"), examination("Test1", "failed"), examination("TestOk", "passed"), examination("Test2", "panic")];
  for (const one of all) checks.note(one);
  await new Promise(setImmediate);
  assert.deepEqual([tried, checks.dependentIn({ examinations: all }).map(({ name }) => name)], [["Test0", "Test1", "Test2"], ["Test0", "Test2"]]);
  for (let i = 0; i < 8; i++) checks.note(examination(`Test${i + 3}`, "failed"));
  assert.deepEqual(checks.dependentIn({ examinations: all }), []);
});

test("who hangs or fails in every schedule though its package passes natively needs something that is not here", () => {
  const passes = { examinations: [examination("example.com/m", "passed")] };
  const hangs = (schedules: number, complete: boolean, seen: number): Examination => ({
    ...examination(`Test${schedules}of${seen}${complete}`, "deadlock"),
    findings: [{ verdict: "deadlock", cause: "unknown", evidence: [], goroutines: 1, blocked: { reason: "chan send", function: "p.f", file: "p.go", line: 1 }, stack: [], seen }],
    coverage: { schedules, complete, bounds: [], depth: 1, milliseconds: 1 },
  });
  const fails = (schedules: number): Examination => ({ ...hangs(schedules, true, 0), name: `Test${schedules}`, outcome: "failed", findings: [] });
  const names = (native: typeof passes): readonly string[] => onlyHere({ examinations: [hangs(4, true, 4), hangs(4, true, 3), hangs(4, false, 4), hangs(1, true, 1), fails(1), fails(2)] }, native).map(({ name }) => name);
  assert.deepEqual(names(passes), ["Test4of4true", "Test1of1true", "Test1"]);
  assert.deepEqual(names({ examinations: [examination("example.com/m", "failed")] }), []);
});

test("where the time ended behind the one schedule in which it fails, and files of its package are left out here, it is not said that the test fails", () => {
  const cut = (name: string, more: Partial<Examination>): Examination => ({ ...examination(name, "failed"), ...more, coverage: { schedules: 1, complete: false, bounds: [], depth: 1, milliseconds: 1 } });
  const left = cut("TestOfLinux", { limits: ["sys_linux_test.go: build constraints exclude it from wasip1"] });
  const all = [left, cut("TestStub", { stubs: ["x.Call"] }), cut("TestOrder", {}), { ...left, name: "TestTwice", coverage: { ...left.coverage, schedules: 2 } }];
  assert.deepEqual(onlyHere({ examinations: all }, { examinations: [examination("example.com/m", "passed")] }).map(({ name }) => name), ["TestOfLinux", "TestStub"]);
  assert.match(NOT_HERE(left), /^fails in the one schedule that there was time for/);
});

test("a test that needs another one is natively only: no finding, exit code 0", () => {
  const root = new URL("../../../../", import.meta.url);
  const { stdout, status } = spawnSync(process.execPath, [BIN, "test", "--no-cache", "./depends"], { cwd: fileURLToPath(new URL("fixtures/findings", root)), encoding: "utf8" });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^ok {2}/m);
  assert.match(stdout, /1 test natively only|1 more natively only/);
  assert.match(stdout, /limit: natively only: TestUsesTheTable fails by itself natively, too \(go test -run '\^TestUsesTheTable\$'\)/);
});
