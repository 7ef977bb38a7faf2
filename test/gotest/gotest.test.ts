// What go test runs, under the real Go: tests, examples, fuzz targets and benchmarks, each a program of its own with the
// name that go test gives it; and that each of their schedules replays.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Finding } from "../../src/model/finding.js";

const root = new URL("../../../", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "unpark-gotest-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Program {
  readonly name: string;
  readonly package: string;
  readonly outcome: string;
  readonly complete: boolean;
  readonly findings: readonly Finding[];
}

function unpark(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL("bin/unpark.js", root)), ...args], { cwd: fileURLToPath(new URL("fixtures/gotest", root)), encoding: "utf8" });
  return { status, stdout, stderr };
}

/** `verdict line`, of each program; the report stays in a file for replays. */
function explored(file: string, ...args: readonly string[]): { readonly status: number | null; readonly told: Readonly<Record<string, readonly string[]>>; readonly programs: readonly Program[] } {
  const { status, stdout, stderr } = unpark("test", "--no-native", "--no-cache", "--budget=20s", "--json", ...args);
  assert.notEqual(stdout, "", stderr);
  writeFileSync(join(folder, file), stdout);
  const { programs } = JSON.parse(stdout) as { readonly programs: readonly Program[] };
  const told = Object.fromEntries(programs.map(({ name, findings, outcome }) => [name, [outcome, ...findings.map(({ verdict, blocked }) => `${verdict} ${blocked.line}`)]]));
  return { status, told, programs };
}

test("tests, examples, fuzz targets and benchmarks are explored, each by the name that go test gives it", () => {
  const { status, told } = explored("kinds.json", "-bench=.", "./kinds");
  assert.deepEqual(told, {
    TestParts: ["passed", "leaked 15"],
    TestSynctest: ["passed"],
    FuzzSizes: ["passed", "leaked 15"],
    FuzzSetUp: ["passed", "leaked 15"],
    Example_leaks: ["passed", "leaked 15"],
    Example_clean: ["passed"],
    Example_hangs: ["deadlock", "deadlock 37"],
    BenchmarkLeaks: ["passed", "leaked 15"],
    BenchmarkClean: ["passed"],
    BenchmarkParts: ["passed", "leaked 15"],
    BenchmarkHangs: ["deadlock", "deadlock 91"],
  });
  assert.equal(status, 1);
  const replayed = { 2: ["FuzzSizes", "leaked 15"], 4: ["Example_leaks", "leaked 15"], 5: ["Example_hangs", "deadlock 37"], 6: ["BenchmarkLeaks", "leaked 15"], 8: ["BenchmarkHangs", "deadlock 91"] };
  for (const [number, expected] of Object.entries(replayed)) {
    const again = unpark("replay", `--finding=${number}`, "--json", join(folder, "kinds.json"));
    assert.equal(again.status, 1, again.stderr);
    const [program] = (JSON.parse(again.stdout) as { readonly programs: readonly Program[] }).programs;
    assert.deepEqual([program!.name, ...program!.findings.map(({ verdict, blocked }) => `${verdict} ${blocked.line}`)], expected);
  }
});

test("without -bench no benchmark runs; -skip and -run choose among all kinds", () => {
  assert.deepEqual(Object.keys(explored("some.json", "-skip=Fuzz|_hangs", "./kinds").told), ["TestParts", "TestSynctest", "Example_leaks", "Example_clean"]);
  assert.deepEqual(explored("sub.json", "-run=TestParts/clean|Example_c", "./kinds").told, { TestParts: ["passed"], Example_clean: ["passed"] });
});

test("a subtest by name: replayed with the same choice", () => {
  assert.deepEqual(explored("leaks.json", "-run=TestParts/leaks", "./kinds").told, { TestParts: ["passed", "leaked 15"] });
  const again = unpark("replay", join(folder, "leaks.json"));
  assert.match(again.stdout, /replay .* -run=TestParts\/leaks --test=TestParts/);
  assert.equal(again.status, 1, again.stderr);
});

test("-count=2 runs each twice in one process: the scope ends with the second round", () => {
  assert.deepEqual(explored("once.json", "./rounds").told, { TestSecondRound: ["passed"], TestSecondRoundFails: ["passed"] });
  const { told } = explored("twice.json", "-count=2", "./rounds");
  assert.deepEqual(told, { TestSecondRound: ["passed", "leaked 11"], TestSecondRoundFails: ["failed"] });
  assert.equal(unpark("replay", join(folder, "twice.json")).status, 1);
  assert.match(unpark("test", "-count=0", "./rounds").stderr, /-count takes a whole number from 1, but got '0'/);
});

test("two tests of one name, in a package and its external test package, are told apart; so are packages of one name", () => {
  assert.deepEqual(explored("twins.json", "./twins").told, { TestSame: ["passed"], TestInside: ["passed"], "twins_test.TestSame": ["passed", "leaked 8"], TestOutside: ["passed"] });
  const again = unpark("replay", join(folder, "twins.json"));
  assert.deepEqual([again.status, /FAIL: (\S+)/.exec(again.stdout)?.[1]], [1, "twins_test.TestSame"]);
  const { programs } = explored("same.json", "./a/...", "./b/...");
  assert.deepEqual(programs.map(({ package: path, findings }) => [path, findings.length]), [["example.test/gotest/a/same", 0], ["example.test/gotest/b/same", 1]]);
});

test("--memory bounds what a program may use", () => {
  const little = unpark("test", "--no-native", "--no-cache", "--memory=512MiB", "./memory");
  assert.deepEqual([little.status, /more memory than it may have under control: raise --memory/.test(little.stdout + little.stderr)], [2, true], little.stdout + little.stderr);
  assert.equal(unpark("test", "--no-native", "--no-cache", "--memory=1GiB", "--schedules=1", "./memory").status, 0);
});
