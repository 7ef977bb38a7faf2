import { parseDuration } from "../../base/duration.js";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { systemWallClock } from "../../base/wall-clock.js";
import { TotalTime } from "../../pipeline/go/total-time.js";
import type { Report } from "../../model/results/examination.js";
import type { SaidSettings } from "../../pipeline/config/settings.js";
import { byLanguage, type Words } from "../../pipeline/config/language.js";
import type { Listener, ExploreRequest } from "../../pipeline/go/explore-request.js";
import { FINDINGS, reportExit } from "../../report/exit-code.js";
import { accept, writesBaseline, type AcceptChoice } from "../accept.js";
import { version } from "../version.js";
import type { Command } from "../command.js";
import { BASELINE_FLAGS, BUILD_FLAGS, EXPLORE_FLAGS, ONCE, OUTPUT_FLAGS, readSettings, settingsHere, SHORT } from "../flags/explore-flags.js";
import { parseFlags, usageText, type Flags, type FlagSpecs } from "../flags/flags.js";
import { goTestWords, saidOf } from "../flags/go-test-flags.js";
import { complain, ioWith, type Io, passOn } from "../io.js";
import { deliver } from "../output.js";
import { ProgressLine } from "../progress-line.js";
import { withBuildFlags } from "../../pipeline/go/build-flags.js";
import { choosePackages, readShard } from "../../pipeline/go/choose-packages.js";
import { notedByGoleak } from "../../pipeline/go/goleak-ignores.js";
import { countProblem } from "../../pipeline/go/test-selection.js";
import { keepLastReport } from "../../pipeline/results/last-report.js";
import { resultCache } from "../../pipeline/results/open-results.js";
import { queueOf, QUEUE_FLAG } from "../flags/queue-flag.js";
import { NATIVE_FLAGS, runNative, settableNatively } from "../test-native.js";
import { testScripts } from "../test-scripts.js";
import { WallTimes } from "../wall-times.js";

const FLAGS = {
  run: { type: "string", goStyle: true, never: "it would leave tests out without a word; give it on the command line, or write a 'skip:' list with reasons", value: "REGEXP", help: "only tests, examples and fuzz targets that match, as go test takes it (TestX/sub)" },
  skip: { type: "string", goStyle: true, never: "it would leave tests out without a word; write a 'skip:' list with reasons at the top", value: "REGEXP", help: "none that match" },
  bench: { type: "string", goStyle: true, value: "REGEXP", help: "benchmarks that match, too: one iteration of each" },
  count: { type: "string", goStyle: true, kind: "positive", usual: "1", value: "N", help: "run each so many times in one process" },
  shuffle: { type: "string", goStyle: true, value: "on|off|N", help: "order of the native run; explored, each test begins from the same state" },
  short: SHORT,
  total: { type: "string", kind: "time", usual: "no limit", value: "TIME", help: "real time for the whole command: shared where it finds most; what was left out is named (docs/exploring.md)" },
  "fail-fast": { type: "boolean", goName: "failfast", help: "end at the first finding, or test that fails; what was left out is counted" },
  ...EXPLORE_FLAGS,
  ...BUILD_FLAGS,
  ...OUTPUT_FLAGS,
  ...BASELINE_FLAGS,
  runner: { type: "string", kind: ["vitest", "jest", "node"], usual: "the one that package.json names", value: "NAME", help: "of TypeScript: vitest, jest or node (default: the one that package.json names)" },
  "go-json": { type: "boolean", goName: "json", help: "as `go test -json` events, each finding a failing subtest: for gotestsum and editors" },
  "no-cache": { type: "boolean", help: "explore everything anew, whatever earlier results there are (docs/cache.md)" },
  further: { type: "boolean", help: "explore on where an earlier run stopped, with new random numbers: for nights" },
  changed: { type: "string", never: ONCE, value: "REF", help: "only packages whose tests are built of other files than where this branch left REF (origin/main)" },
  shard: { type: "string", never: ONCE, value: "I/N", help: "the I-th of N parts of the packages, for N machines; unpark merge makes one report (docs/ci.md)" },
  queue: QUEUE_FLAG,
  "no-native": { type: "boolean", help: "do not run the tests natively as well" },
  native: { type: "boolean", never: ONCE, help: "run natively, once, at full speed: every word with one dash is go test's own. Beside it: --deep, --each, --stress=N|TIME, --strict, --baseline, the forms of the report (docs/native.md)" },
} as const satisfies FlagSpecs;
/** A package may have hundreds of tests: what each gets without asking. */
const BUDGET = 3_000;

export const command: Command = {
  name: "test",
  summary: "Runs Go and TypeScript tests, each under control in many schedules of its own, and reports every leak.",
  flags: FLAGS,
  usage: usageText(
    "test [flags] [packages | files.test.ts | folders] [-- flags of the test binary or the runner]",
    "Runs all tests natively, as go test does, and reports what outlives its test. Beside that it builds the packages' tests with your own Go and explores each top-level test, example and fuzz target on its own, its subtests\n" +
      "and cleanups inside. A goroutine that is left when the test is over is a leak; one that was there before is never blamed on it.\n" +
      "go test's other flags are taken, too: -race, -cover, -timeout … by the native run, -mod, -ldflags … by every build.\n" +
      "In a project whose package.json depends on unpark it runs the project's own vitest, jest or node:test, and reports what its explore(…) and leak.verifyNone() find (docs/typescript.md).",
    FLAGS,
    ["unpark test ./...", "unpark test --budget 30s src/pool.test.ts", "unpark test -run 'TestServer' -short --budget 30s ./server", "unpark test --native -race -count=2 ./..."],
  ),
  modes: [NATIVE_FLAGS],
  settable: (argv) => (isNative(argv) ? settableNatively(argv) : FLAGS),
  async run(argv, io) {
    if (isNative(argv)) return runNative(argv, io);
    const words = goTestWords(argv, FLAGS, io.cwd);
    if (!words.ok) return complain(io, words.error);
    const parsed = parseFlags(FLAGS, words.value.own, (name) => `; --help lists the flags, and a flag of your tests' own stands behind --: unpark test ./... -- -${name}`);
    if (!parsed.ok) return complain(io, parsed.error);
    const env = withBuildFlags(io.env, words.value.build);
    if (!env.ok) return complain(io, env.error);
    for (const said of saidOf(words.value, !parsed.value.flags["no-native"])) io.stderr.write(`unpark: ${said}\n`);
    const there = ioWith(io, { cwd: words.value.dir, env: env.value });
    const plan = await planOf(parsed.value, words.value.native, there);
    return plan.ok ? carriedOut(plan.value, parsed.value, there) : complain(io, plan.error);
  },
};

type TestFlags = Flags<typeof FLAGS>;

/** What the words of the command ask for. */
interface Plan {
  /** Its patterns are Go's packages alone. */
  readonly request: ExploreRequest;
  /** Files and folders of TypeScript. */
  readonly scripts: readonly string[];
  readonly said: SaidSettings;
  /** Ends what is under way at the first finding. */
  readonly fast: AbortController | undefined;
}

async function planOf({ flags, positionals, rest = [] }: TestFlags, nativeFlags: readonly string[], io: Io): Promise<Result<Plan, string>> {
  const { tags, run, skip, bench, count, shuffle, short, horizon, html } = flags;
  const said = readSettings(flags);
  if (!said.ok) return said;
  const settings = settingsHere(said.value, flags.total === undefined ? BUDGET : Infinity);
  const total = flags.total === undefined ? ok(undefined) : totalOf(flags.total, settings.workers, io.signal);
  if (!total.ok) return total;
  const wrong = countProblem(count);
  if (wrong !== undefined) return err(wrong);
  const words = byLanguage(positionals.length > 0 ? positionals : ["."], io.cwd);
  const chosen = await chosenPackages(words, flags, io);
  if (!chosen.ok) return chosen;
  const fast = flags["fail-fast"] ? new AbortController() : undefined;
  const signal = AbortSignal.any([io.signal, ...(total.value === undefined ? [] : [total.value.ended]), ...(fast === undefined ? [] : [fast.signal])]);
  const request: ExploreRequest = {
    command: "test",
    cwd: io.cwd,
    env: io.env,
    patterns: chosen.value,
    args: rest,
    settings: { ...settings, ...(html === undefined ? {} : { pictures: true as const }) },
    unparkVersion: version(),
    short,
    nativeFlags,
    ...optional({ signal, threads: io.threads, total: total.value, failFast: fast && { ended: fast.signal }, tags, run, skip, bench, count, shuffle, horizonText: horizon }),
    ...optional({ queue: queueOf(flags.queue, io) }),
    overrides: io.project.overrides,
    skips: io.project.config.skip,
    ...(flags["no-cache"] ? {} : { results: { cache: resultCache(io.env), further: flags.further } }),
  };
  return ok({ request, scripts: words.ts, said: said.value, fast });
}

/** Tests, TypeScript's first, and tells what was found; answers the exit code. */
async function carriedOut({ request, scripts, said, fast }: Plan, parsed: TestFlags, io: Io): Promise<number> {
  const { flags } = parsed;
  const { settings, total, signal } = request;
  const ts = await testScripts(scripts, parsed, said, ioWith(io, optional({ signal })));
  if (!ts.ok) return complain(io, ts.error);
  const line = new ProgressLine(io, (left) => total?.time.left ?? longest(left, settings.workers, [settings, ...io.project.overrides.map((one) => one.settings)]));
  const times = new WallTimes(() => performance.now());
  const choice = { baseline: flags.baseline, update: flags["update-baseline"] };
  const fails = (report: Report): boolean => failsAlready(report, choice, flags.strict, io);
  if (ts.value !== undefined && fails(ts.value)) fast?.abort();
  const failsWithGoleak = async (report: Report): Promise<boolean> => fails(report) && fails(await notedByGoleak(report, io));
  const isGoLeft = request.patterns.length > 0 && fast?.signal.aborted !== true;
  const go = isGoLeft ? await testGo(request, stoppingAt(timed(line.listener(undefined), times), fast, failsWithGoleak), flags, io) : undefined;
  line.clear();
  const heeded = go && (await notedByGoleak(go, io));
  const found = both(heeded, ts.value);
  const partial = [flags.run, flags.skip, flags.total].some((one) => one !== undefined);
  const left = accept(found, io.project.config, { ...choice, partial: partial || flags.changed !== undefined || flags.shard !== undefined }, io);
  if (!left.ok) return complain(io, left.error);
  keepLastReport({ cwd: io.cwd, env: io.env, found, left: left.value, partial });
  return deliver(left.value, { ...flags, goJson: flags["go-json"], waited: ts.value === undefined ? times.waited() : undefined }, io);
}

const timed = (listener: Listener, times: WallTimes): Listener => ({
  ...listener,
  examined: (one) => {
    listener.examined?.(one);
    times.examined(one);
  },
});

/** Milliseconds that so many programs take at the most: each its budget, and a fifth for replays. */
const longest = (programs: number, workers: number, settings: readonly { readonly budget?: number }[]): number =>
  Math.ceil(programs / workers) * 1.2 * Math.max(...settings.map(({ budget = 0 }) => budget));

/** Would the command fail for this, were it all? Not where everything that is found goes into a new baseline. */
function failsAlready(report: Report, choice: AcceptChoice, strict: boolean, io: Io): boolean {
  if (writesBaseline(choice, io)) return false;
  const quiet = ioWith(io, { stderr: { write: () => undefined } });
  const left = accept(report, io.project.config, { ...choice, partial: true }, quiet);
  return left.ok && reportExit({ ...left.value, failures: [] }, strict) === FINDINGS;
}

/** --fail-fast: as go test's own -failfast, nothing more is begun. */
const stoppingAt = (listener: Listener, fast: AbortController | undefined, fails: (report: Report) => Promise<boolean>): Listener =>
  fast === undefined ? listener : {
    ...listener,
    examined: (one) => {
      listener.examined?.(one);
      if (!fast.signal.aborted) void fails({ examinations: [one], failures: [] }).then((fails) => fails && fast.abort());
    },
  };

/** The Go packages to be done: the words as they are, or what --changed and --shard leave of them, which is said. */
async function chosenPackages(words: Words, { changed, shard, tags }: { readonly changed: string | undefined; readonly shard: string | undefined; readonly tags: string | undefined }, io: Io): Promise<Result<readonly string[], string>> {
  if (changed === undefined && shard === undefined) return ok(words.go);
  if (words.ts.length > 0) return err(`--changed and --shard are of Go packages, but ${words.ts[0]} is TypeScript: name them apart`);
  const part = shard === undefined ? ok(undefined) : readShard(shard);
  if (!part.ok) return part;
  const chosen = await choosePackages({ cwd: io.cwd, env: io.env, patterns: words.go, signal: io.signal, ...optional({ tags, changed, shard: part.value }) });
  if (!chosen.ok) return chosen;
  const { packages, all } = chosen.value;
  io.stderr.write(`unpark: ${packages.length} of ${all} package${all === 1 ? "" : "s"} with tests${changed === undefined ? "" : ` (--changed ${changed})`}${shard === undefined ? "" : ` (--shard ${shard})`}\n`);
  return ok(packages);
}

async function testGo(request: ExploreRequest, listener: Listener, { "no-native": exploresOnly, v }: { readonly "no-native": boolean; readonly v: boolean }, io: Io): Promise<Report> {
  // Neither is needed, nor loaded, for --native, and the second not for --no-native.
  const { exploreGo } = await import("../../pipeline/go/run-go.js");
  if (exploresOnly) return exploreGo(request, listener);
  const { testBoth } = await import("../../pipeline/native/native-then-explore.js");
  return testBoth(request, listener, (bytes) => (v ? passOn(io.stderr, bytes) : undefined));
}

function both(go: Report | undefined, ts: Report | undefined): Report {
  if (go === undefined || ts === undefined) return go ?? ts ?? { examinations: [], failures: [] };
  return { ...go, examinations: [...go.examinations, ...ts.examinations], failures: [...go.failures, ...ts.failures] };
}

/** It begins to run with the command. */
function totalOf(text: string, workers: number, interrupted: AbortSignal): Result<ExploreRequest["total"], string> {
  const parsed = parseDuration(text);
  if (!parsed.ok) return err(`--total: ${parsed.error}`);
  const milliseconds = Number(parsed.value / 1_000_000n);
  if (milliseconds < 1) return err(`--total takes a time from 1ms, but got '${text}'`);
  const time = new TotalTime(milliseconds, workers, systemWallClock);
  return ok({ time, text, ended: AbortSignal.timeout(Math.ceil(time.left)), interrupted });
}

/** `--native` anywhere before `-args` or `--`: then the words are go test's. */
function isNative(argv: readonly string[]): boolean {
  const end = argv.findIndex((word) => word === "--" || /^--?args$/.test(word));
  return argv.slice(0, end < 0 ? argv.length : end).includes("--native");
}
