// What go test runs, under the real Go: tests, examples, fuzz targets and benchmarks, each a program of its own with the
// name that go test gives it; and that each of their schedules replays.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { unpark as commandLine } from "../../src/cli/testing/command-line.js";
import type { Finding } from "../../src/model/finding/finding.js";

const root = new URL("../../../", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "unpark-gotest-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Program {
  readonly name: string;
  readonly package: string;
  readonly outcome: string;
  readonly complete: boolean;
  readonly subtests?: readonly string[];
  readonly findings: readonly Finding[];
}

const unpark = (...args: readonly string[]) => commandLine(args, { cwd: fileURLToPath(new URL("fixtures/gotest", root)) });

/** `verdict line`, of each program; the report stays in a file for replays. */
async function explored(file: string, ...args: readonly string[]): Promise<{ readonly status: number; readonly told: Readonly<Record<string, readonly string[]>>; readonly programs: readonly Program[] }> {
  const { status, stdout, stderr } = await unpark("test", "--no-native", "--no-cache", "--budget=20s", "--json", ...args);
  assert.notEqual(stdout, "", stderr);
  writeFileSync(join(folder, file), stdout);
  const { programs } = JSON.parse(stdout) as { readonly programs: readonly Program[] };
  const told = Object.fromEntries(programs.map(({ name, findings, outcome }) => [name, [outcome, ...findings.map(({ verdict, blocked }) => `${verdict} ${blocked.line}`)]]));
  return { status, told, programs };
}

test("tests, examples, fuzz targets and benchmarks are explored, each by the name that go test gives it", async () => {
  const { status, told } = await explored("kinds.json", "-bench=.", "./kinds");
  assert.deepEqual(told, {
    TestParts: ["passed", "leaked 15"],
    TestSynctest: ["passed"],
    FuzzSizes: ["passed"],
    "FuzzSizes/seed#0": ["passed"],
    "FuzzSizes/seed#1": ["passed", "leaked 15"],
    "FuzzSizes/three": ["skipped"],
    FuzzSetUp: ["passed"],
    "FuzzSetUp/seed#0": ["passed", "leaked 15"],
    Example_leaks: ["passed", "leaked 15"],
    Example_clean: ["passed"],
    Example_hangs: ["deadlock", "deadlock 37"],
    BenchmarkLeaks: ["passed", "leaked 15"],
    BenchmarkClean: ["passed"],
    BenchmarkParts: ["passed", "leaked 15"],
    BenchmarkHangs: ["deadlock", "deadlock 91"],
  });
  assert.equal(status, 1);
  const replayed = { 2: ["FuzzSizes/seed#1", "leaked 15"], 4: ["Example_leaks", "leaked 15"], 5: ["Example_hangs", "deadlock 37"], 6: ["BenchmarkLeaks", "leaked 15"], 8: ["BenchmarkHangs", "deadlock 91"] };
  for (const [number, expected] of Object.entries(replayed)) {
    const again = await unpark("replay", `--finding=${number}`, "--json", join(folder, "kinds.json"));
    assert.equal(again.status, 1, again.stderr);
    const [program] = (JSON.parse(again.stdout) as { readonly programs: readonly Program[] }).programs;
    assert.deepEqual([program!.name, ...program!.findings.map(({ verdict, blocked }) => `${verdict} ${blocked.line}`)], expected);
  }
});

test("tests that a test runs by testing.RunTests are a part of it, whatever becomes of them", async () => {
  assert.deepEqual((await explored("nested.json", "./nested")).told, {
    TestInnerFails: ["passed"],
    TestInnerSkips: ["passed", "leaked 10"],
    FuzzInner: ["passed"],
    "FuzzInner/seed#0": ["passed"],
  });
});

test("without -bench no benchmark runs; -skip and -run choose among all kinds", async () => {
  assert.deepEqual(Object.keys((await explored("some.json", "-skip=Fuzz|_hangs", "./kinds")).told), ["TestParts", "TestSynctest", "Example_leaks", "Example_clean"]);
  assert.deepEqual((await explored("sub.json", "-run=TestParts/clean|Example_c", "./kinds")).told, { TestParts: ["passed"], Example_clean: ["passed"] });
});

test("a subtest by name: replayed with the same choice", async () => {
  assert.deepEqual((await explored("leaks.json", "-run=TestParts/leaks", "./kinds")).told, { TestParts: ["passed", "leaked 15"] });
  const again = await unpark("replay", join(folder, "leaks.json"));
  assert.match(again.stdout, /replay .* -run=TestParts\/leaks --test=TestParts/);
  assert.equal(again.status, 1, again.stderr);
});

test("-count=2 runs each twice in one process: the scope ends with the second round", async () => {
  assert.deepEqual((await explored("once.json", "./rounds")).told, { TestSecondRound: ["passed"], TestSecondRoundFails: ["passed"] });
  const { told } = await explored("twice.json", "-count=2", "./rounds");
  assert.deepEqual(told, { TestSecondRound: ["passed", "leaked 11"], TestSecondRoundFails: ["failed"] });
  assert.equal((await unpark("replay", join(folder, "twice.json"))).status, 1);
  assert.match((await unpark("test", "-count=0", "./rounds")).stderr, /-count takes a whole number from 1, but got '0'/);
});

test("two tests of one name, in a package and its external test package, are told apart; so are packages of one name", async () => {
  assert.deepEqual((await explored("twins.json", "./twins")).told, { TestSame: ["passed"], TestInside: ["passed"], "twins_test.TestSame": ["passed", "leaked 8"], TestOutside: ["passed"] });
  const again = await unpark("replay", join(folder, "twins.json"));
  assert.deepEqual([again.status, /FAIL: (\S+)/.exec(again.stdout)?.[1]], [1, "twins_test.TestSame"]);
  const { programs } = await explored("same.json", "./a/...", "./b/...");
  assert.deepEqual(programs.map(({ package: path, findings }) => [path, findings.length]), [["example.test/gotest/a/same", 0], ["example.test/gotest/b/same", 1]]);
});

test("--memory bounds what a program may use", async () => {
  const little = await unpark("test", "--no-native", "--no-cache", "--memory=512MiB", "./memory");
  assert.deepEqual([little.status, /more memory than it may have under control: raise --memory/.test(little.stdout + little.stderr)], [2, true], little.stdout + little.stderr);
  assert.equal((await unpark("test", "--no-native", "--no-cache", "--memory=1GiB", "--schedules=1", "./memory")).status, 0);
});

test("the subtests of a suite are programs of their own where the whole is too large", async () => {
  const { told, programs } = await explored("suite.json", "./suite");
  assert.deepEqual(told, {
    Test: ["passed"],
    "Test/A": ["passed"],
    "Test/B": ["passed"],
    "Test/C": ["passed"],
    "Test/Leaks": ["passed", "leaked 53"],
    "Test/More": ["passed"],
    ...(told["Test/More/one"] === undefined ? {} : { "Test/More/one": ["passed"], "Test/More/with_a_blank": ["passed"], "Test/More/a/b": ["passed"] }),
    "Test/Skipped": ["skipped"],
    TestSmall: ["passed"],
  });
  const of = (name: string): Program => programs.find((one) => one.name === name)!;
  assert.deepEqual([of("Test").complete, of("Test/Leaks").complete, of("TestSmall").complete], [false, true, true]);
  assert.deepEqual(of("Test").subtests, ["Test/A", "Test/B", "Test/C", "Test/Leaks", "Test/More", "Test/Skipped"]);
  const again = await unpark("replay", join(folder, "suite.json"));
  assert.deepEqual([again.status, /FAIL: (\S+)/.exec(again.stdout)?.[1]], [1, "Test/Leaks"], again.stdout + again.stderr);
});

test("a subtest that needs another one fails nothing; what stands behind one that hangs is explored all the same", async () => {
  const { told, programs } = await explored("alone.json", "./alone");
  assert.deepEqual([told["TestInOrder"], told["TestInOrder/uses"], told["TestInOrder/other#07"]], [["passed"], ["no verdict"], ["passed"]]);
  assert.deepEqual(
    [told["TestHangsInTheMiddle"], told["TestHangsInTheMiddle/hangs"], told["TestHangsInTheMiddle/leaks"]],
    [["deadlock"], ["deadlock", "deadlock 39"], ["passed", "leaked 42"]],
  );
  assert.equal(programs.filter(({ name }) => name.startsWith("TestInOrder")).length, 11);
});

test("each form of the report names a subtest that is a program as go test does", async () => {
  const { stdout } = await unpark("test", "--no-native", "--no-cache", "-json", "--junit=" + join(folder, "fuzz.xml"), "--sarif=" + join(folder, "fuzz.sarif"), "-run=FuzzSizes", "./kinds");
  const events = stdout.trim().split("\n").map((line) => JSON.parse(line) as { readonly Action: string; readonly Test?: string });
  assert.deepEqual(
    events.filter(({ Action, Test }) => Test !== undefined && /^(pass|fail|skip)$/.test(Action)).map(({ Action, Test }) => `${Action} ${Test}`),
    ["fail FuzzSizes", "pass FuzzSizes/seed#0", "fail FuzzSizes/seed#1/unpark:leaked", "fail FuzzSizes/seed#1", "skip FuzzSizes/three"],
  );
  assert.deepEqual([...readFileSync(join(folder, "fuzz.xml"), "utf8").matchAll(/<testcase [^>]*name="([^"]*)"/g)].map(([, name]) => name), ["FuzzSizes", "FuzzSizes/seed#0", "FuzzSizes/seed#1", "FuzzSizes/three"]);
  assert.match(readFileSync(join(folder, "fuzz.sarif"), "utf8"), /FuzzSizes\/seed#1/);
});

test("a subtest's result is kept by its own name", async () => {
  const first = await unpark("test", "--no-native", "-run=FuzzSizes", "./kinds");
  const second = await unpark("test", "--no-native", "-run=FuzzSizes", "./kinds");
  assert.match(second.stdout, /4 tests.*\(cached\)/);
  assert.equal(/(--- FAIL: .*)/.exec(second.stdout)?.[1], /(--- FAIL: .*)/.exec(first.stdout)?.[1]);
  assert.match(second.stdout, /--- FAIL: FuzzSizes\/seed#1/);
});

test("--total bounds the command: what is complete counts, and what was not begun is named in every form", async () => {
  const whole = await unpark("test", "--no-native", "--no-cache", "--total=10m", "./a/...", "./b/...");
  assert.equal(whole.status, 1);
  assert.match(whole.stdout, /^2 tests in 2 packages: 2 explored completely/m);
  const none = await unpark("test", "--no-cache", "--total=1ms", "--json", "--junit=" + join(folder, "total.xml"), "./a/...");
  assert.equal(none.status, 2);
  const { failures } = JSON.parse(none.stdout) as { readonly failures: readonly { readonly message: string }[] };
  assert.ok(failures.length > 0 && failures.every(({ message }) => /left out/.test(message)), none.stdout);
  assert.match(readFileSync(join(folder, "total.xml"), "utf8"), /<error message=/);
  assert.match((await unpark("test", "--total=soon", "./a/...")).stderr, /--total: /);
});
