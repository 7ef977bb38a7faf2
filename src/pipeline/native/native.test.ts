// The native mode with real Go: test/native is the table of cases.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Report } from "../../model/results/examination.js";
import { replayGo } from "../go/replay-finding.js";
import { withSchedules } from "./stress-schedules.js";
import { nativeTest, type NativeRequest, type NativeResult } from "./native.js";

const cases = fileURLToPath(new URL("../../../../test/native", import.meta.url));
const cache = mkdtempSync(join(tmpdir(), "unpark-native-test-"));
after(() => rmSync(cache, { recursive: true, force: true }));

interface Ran extends NativeResult {
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], more: Partial<NativeRequest> = {}): Promise<Ran> {
  const text = { stdout: "", stderr: "" };
  const env = { ...process.env, UNPARK_CACHE: cache };
  const result = await nativeTest({ cwd: cases, env, args, unparkVersion: "test", ...more }, (stream, bytes) => {
    text[stream] += Buffer.from(bytes).toString();
  });
  return { ...result, ...text };
}

/** Test -> verdict and cause, sorted; a finding without a test under `-`. */
function blamed({ examinations }: Report): Readonly<Record<string, string>> {
  const rows = examinations.flatMap(({ findings }) => findings.map(({ test, verdict, cause }) => [test ?? "-", `${verdict} ${cause}`] as const));
  assert.equal(new Set(rows.map(([test]) => test)).size, rows.length, "each test is blamed once");
  return Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const receives = "leaked receive-without-sender";
const CASES: Readonly<Record<string, string>> = {
  "-": "leaked send-without-receiver", // TestAfterFunc's: a timer's goroutine has no owner
  BenchmarkLeak: receives,
  Example_leaks: receives,
  "FuzzLeak/seed#0": receives,
  TestCleanupLeaks: receives,
  TestCond: "leaked cond-never-signalled",
  TestContext: "leaked missing-cancel",
  TestDeadline: "lingering missing-cancel",
  TestGlobal: "lingering unknown",
  TestGrandchild: receives,
  TestLabels: receives,
  TestLeak: receives,
  TestMutex: "leaked unknown",
  TestNil: "leaked nil-channel",
  TestParallelLeak: receives,
  TestRange: "leaked range-never-closed",
  TestSelect: "leaked select-without-ready-case",
  TestSelectNothing: "leaked select-without-cases",
  TestSend: "leaked send-without-receiver",
  TestSendOfCaptured: "leaked send-without-receiver", // the value is hidden from the collection
  TestSkip: receives,
  TestSleeper: "lingering unknown",
  "TestSub/leaks": receives,
  "TestSub/parallel": receives,
  TestSynctest: receives,
  TestTicker: "lingering unknown",
  TestUnlabels: receives,
  TestWaitGroup: "leaked waitgroup-mismatch",
};

describe("the table of cases", () => {
  it("this machine's Go", async () => {
    const { report, goTest, stdout } = await run(["-bench=.", "-benchtime=1x", "./cases"]);
    assert.deepEqual(report.failures, [], stdout);
    assert.deepEqual(blamed(report), CASES);
    assert.equal(goTest, 0);
    assert.match(stdout, /^ok {2}\texample\.com\/native\/cases\t/m);
  });

  for (const goVersion of ["1.24.10", "1.25.4", "1.27.0"]) {
    it(`Go ${goVersion}`, async (t) => {
      const { report, stdout, stderr } = await run(["-bench=.", "-benchtime=1x", "./cases"], { goVersion });
      const [failure] = report.failures;
      if (failure && /^`go env` failed|cannot|download/.test(failure.message) && stdout === "") {
        return t.skip(`this machine cannot get Go ${goVersion} (run where the module proxy can be reached): ${failure.message}`);
      }
      assert.equal(failure, undefined, `${failure?.message}\n${stdout}${stderr}`);
      assert.deepEqual(blamed(report), expectedFor(goVersion));
    });
  }
});

/** Go 1.24 and 1.25 have no leak collection: who is left is known, but nothing is proved; and 1.24 has no synctest. */
function expectedFor(goVersion: string): Readonly<Record<string, string>> {
  if (goVersion.startsWith("1.27")) return CASES;
  const unproved = new Set(["receive-without-sender", "send-without-receiver", "range-never-closed", "select-without-ready-case", "waitgroup-mismatch", "cond-never-signalled"]);
  const rows = Object.entries(CASES).flatMap(([test, words]) => {
    if (test === "-" || (test === "TestSynctest" && goVersion.startsWith("1.24"))) return [];
    const cause = words.split(" ")[1]!;
    return [[test, `lingering ${unproved.has(cause) ? "unknown" : cause}`]];
  });
  return Object.fromEntries(rows) as Record<string, string>;
}

/** The deep form proves more, and knows whose a timer's goroutine is. */
const DEEP: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(CASES).filter(([test]) => test !== "-")),
  TestAfterFunc: "leaked send-without-receiver",
  TestTicker: "abandoned loop-without-exit",
};

const goroutines = ({ examinations }: Report, verdict: string): number =>
  examinations.flatMap(({ findings }) => findings).reduce((sum, one) => sum + (one.verdict === verdict ? one.goroutines : 0), 0);

describe("--deep", () => {
  it("proves what the light form cannot, and finds what is abandoned", async () => {
    const { report, stdout, stderr } = await run(["-bench=.", "-benchtime=1x", "./cases"], { deep: true });
    assert.deepEqual(report.failures, [], stdout + stderr);
    assert.deepEqual(blamed(report), DEEP);
  });

  it("finds every bare lock, of which the light form misses most", async () => {
    const [light, deep] = [await run(["./tiny"]), await run(["./tiny"], { deep: true })];
    assert.equal(goroutines(deep.report, "leaked"), 16);
    assert.equal(goroutines(light.report, "leaked") + goroutines(light.report, "lingering"), 16);
    assert.ok(goroutines(light.report, "leaked") < 16);
  });

  it("finds servers and listeners that nobody can close any more", async () => {
    const { report } = await run(["./outside"], { deep: true });
    assert.deepEqual(blamed(report), {
      TestAccept: "abandoned no-timeout",
      TestDB: "leaked resource-not-closed",
      TestPipe: "leaked resource-not-closed",
      TestSignal: "lingering unknown",
      TestUnclosedServer: "abandoned resource-not-closed",
    });
  });

  it("--each sees what outlives its test but not the process", async () => {
    const [exit, each] = [await run(["./each"], { deep: true }), await run(["./each"], { each: true })];
    assert.deepEqual(blamed(exit.report), {});
    assert.deepEqual(blamed(each.report), { TestOutlives: "lingering unknown" });
    const [finding] = each.report.examinations[0]!.findings;
    assert.match(finding!.evidence.join(), /still there when its test ended, and ended before the process did/);
    assert.equal(finding!.blocked.line, 11);
  });

  it("is refused where Go has no leak collection", async (t) => {
    const { report } = await run(["./cases"], { deep: true, goVersion: "1.24.10" });
    if (/download/.test(report.failures[0]?.message ?? "")) return t.skip("this machine cannot get Go 1.24.10");
    assert.match(report.failures[0]!.message, /--deep and --each need .* Go 1\.26 or later, and this is 1\.24\.10/);
  });
});

describe("--stress", () => {
  const stress = { kind: "runs", runs: 400, cores: 2 } as const; // 134 under each of -cpu=1,2,4

  for (const [goVersion, verdict] of [[undefined, "leaked send-without-receiver"], ["1.24.10", "lingering unknown"], ["1.25.4", "lingering unknown"], ["1.27.0", "leaked send-without-receiver"]] as const) {
    it(`finds what a single run rarely shows, and says how often (Go ${goVersion ?? "of this machine"})`, async (t) => {
      const { report, stdout } = await run(["./rare"], { stress, ...(goVersion === undefined ? {} : { goVersion }) });
      if (/download/.test(report.failures[0]?.message ?? "")) return t.skip(`this machine cannot get Go ${goVersion}`);
      assert.deepEqual(blamed(report), { TestFetch: verdict }, stdout);
      const { goroutines: many, evidence } = report.examinations[0]!.findings[0]!;
      assert.ok(evidence.includes(`left by ${many} of 402 runs of TestFetch`), evidence.join("; "));
      assert.equal(report.examinations[0]!.coverage.schedules, 402);
    });
  }

  it("with --deep, too", async () => {
    assert.deepEqual(blamed((await run(["./rare"], { deep: true, stress })).report), { TestFetch: "leaked send-without-receiver" });
  });

  it("gives what it found a schedule that replays in another process", async () => {
    const request = { cwd: cases, env: { ...process.env, UNPARK_CACHE: cache }, args: ["./rare"], unparkVersion: "test" };
    const settings = { budget: 300_000, workers: 1, seed: 1, clock: { kind: "any", early: 3 } } as const;
    const { report } = await run(["./rare"], { stress });
    const [finding] = (await withSchedules(report, request, settings, {})).examinations[0]!.findings;
    assert.equal(finding!.evidence[0], "example.com/native/rare.fetch, which started it, receives at rare_test.go:13 (case n := <-result:), but returned by another path"); // so says the run that was followed
    assert.ok(finding!.steps!.some(({ text }) => text === "selects: takes the default case"), JSON.stringify(finding!.steps));
    const again = await replayGo({ ...request, command: "test", patterns: [finding!.package!], args: [], settings, schedule: finding!.schedule!, test: finding!.test! }, {});
    assert.deepEqual(again.examinations.flatMap(({ findings }) => findings.map(({ verdict, blocked }) => [verdict, blocked.line])), [["leaked", 9]]);
  });
});

describe("-fuzz", () => {
  it("tells what the workers' inputs left, with the fuzz target", async () => {
    assert.deepEqual(blamed((await run(["-run=FuzzInputs", "./fuzz"])).report), {}); // the seed alone
    const { report, stdout } = await run(["-fuzz=FuzzInputs", "-fuzztime=300x", "-parallel=2", "./fuzz"]);
    assert.deepEqual(blamed(report), { FuzzInputs: "leaked receive-without-sender" }, stdout);
    assert.deepEqual(report.examinations.map(({ limits }) => limits), [[]]);
  });
});

describe("the user's own linker flags", () => {
  it("are kept, and those that leave no room for ours cost the proof of a captured value", async () => {
    const stamped = await run(["-ldflags=-X=example.com/native/flags.stamp=stamped -s", "./flags"]);
    assert.equal(stamped.goTest, 0, stamped.stdout);
    assert.deepEqual(blamed(stamped.report), { TestCaptured: "leaked send-without-receiver" });
    const pattern = await run(["-ldflags=./flags=-X=example.com/native/flags.stamp=stamped", "./flags"]);
    assert.equal(pattern.goTest, 0, pattern.stdout);
    assert.deepEqual(blamed(pattern.report), { TestCaptured: "lingering unknown" });
  });
});

describe("outside the process", () => {
  it("tells what the runtime cannot prove from what was left open", async () => {
    const { report } = await run(["./outside"]);
    assert.deepEqual(blamed(report), {
      TestAccept: "lingering no-timeout",
      TestDB: "leaked resource-not-closed",
      TestPipe: "leaked resource-not-closed",
      TestSignal: "lingering unknown",
      TestUnclosedServer: "lingering resource-not-closed",
    });
  });
});
