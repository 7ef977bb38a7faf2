import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { err, type Result } from "../base/result.js";
import { nativeFindings } from "../diagnose/native.js";
import type { Census } from "../model/census.js";
import type { Coverage, Examination, Failure, Report } from "../model/examination.js";
import { parseCensus } from "../parse/native.js";
import { leakCollection, readOverlay, userOverlay } from "../toolchain/build.js";
import { defaultCacheDir } from "../toolchain/cache.js";
import { findToolchain, type Toolchain } from "../toolchain/go-command.js";
import { goflagsValue } from "../toolchain/goflags.js";
import { linkerFlags, readTestArgs, runGoTest, type GoTestOutcome } from "../toolchain/go-test.js";
import { deepPatches } from "../toolchain/native-deep.js";
import { lightPatches, nativePatches } from "../toolchain/native-hooks.js";
import { calmPatches, stressPatches } from "../toolchain/native-stress.js";
import { makeOverlay } from "../toolchain/overlay.js";
import { TestOutput, type PackageResult } from "./native-output.js";
import { sourceLines } from "./source-lines.js";
import { stressed, type Stress } from "./stress.js";

/** `unpark test --native`: the words behind it are go test's own. */
export interface NativeRequest {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Flags and packages for `go test`, as given. */
  readonly args: readonly string[];
  /** With the runtime changed too: finds what is abandoned, and follows owners through timers. Go 1.26 and later. */
  readonly deep?: boolean;
  /** Looks at each test's end as well, not only when the process exits. Needs `deep`'s runtime. */
  readonly each?: boolean;
  /** Runs each test so many times, or until something is found or the time (ms) is over. See stress.ts. */
  readonly stress?: Stress;
  readonly goVersion?: string;
  readonly unparkVersion: string;
  readonly signal?: AbortSignal;
}

export interface NativeResult {
  readonly report: Report;
  /** What `go test` itself ended with: it is kept. Undefined when it could not be run to its end. */
  readonly goTest: number | undefined;
}

/**
 * The user's Go → overlay → `go test`, as it is → what each test binary left → findings. Its output goes to `onOutput`
 * unchanged. The reports are written to a folder of their own, which is gone at the end.
 */
export async function nativeTest(request: NativeRequest, onOutput: (stream: "stdout" | "stderr", bytes: Uint8Array) => void): Promise<NativeResult> {
  const { env, signal } = request;
  const args = readTestArgs(request.args, request.cwd);
  const cwd = args.dir;
  const cacheDir = defaultCacheDir(env, process.platform);
  const found = await findToolchain({ cwd, env, cacheDir, ...(request.goVersion === undefined ? {} : { goVersion: request.goVersion }), ...(signal === undefined ? {} : { signal }) });
  if (!found.ok) return impossible(request, found.error.message);
  const toolchain = found.value;
  const own = args.overlay === undefined ? userOverlay(toolchain, cwd) : readOverlay(args.overlay, cwd, "-overlay");
  if (!own.ok) return impossible(request, own.error.message);
  const deep = request.deep === true || request.each === true;
  if (deep && leakCollection(toolchain) === "none") return impossible(request, `--deep and --each need the runtime's leak collection: Go 1.26 or later, and this is ${toolchain.version.text}`);
  const ldflags = args.ldflags ?? goflagsValue(toolchain.env["GOFLAGS"] ?? "", "ldflags");
  const linker = deep || leakCollection(toolchain) === "none" ? undefined : linkerFlags(ldflags);
  const kept = linker ?? (args.ldflags === undefined ? undefined : `-ldflags=${args.ldflags}`);
  const overlay = makeOverlay(toolchain, [nativePatches(), deep ? deepPatches() : lightPatches(linker !== undefined), request.stress ? stressPatches() : calmPatches()], { cacheDir, userReplace: own.value });
  if (!overlay.ok) return impossible(request, overlay.error.message);
  const output = new TestOutput();
  const listen = (stream: "stdout" | "stderr", bytes: Uint8Array): void => {
    output.push(stream, bytes);
    onOutput(stream, bytes);
  };
  return withFolder(async (folder) => {
    const env = { UNPARK_NATIVE: folder, ...(request.each ? { UNPARK_EACH: "1" } : {}), ...(request.stress ? { UNPARK_STRESS: "1" } : {}) };
    const round = (words: readonly string[]): Promise<GoTestOutcome> =>
      runGoTest(toolchain, { cwd, overlay: overlay.value.path, args: [...(kept === undefined ? [] : [kept]), ...words, ...args.args], env, onOutput: listen, ...(signal === undefined ? {} : { signal }) });
    const found = (): boolean => readReports(folder).some((one) => one.ok && [...one.value.ownerOf.values()].some(({ over }) => over));
    const outcome = request.stress === undefined ? await round([]) : await stressed(request.stress, round, found);
    return conclude(request, toolchain, outcome, output, readReports(folder));
  }, (message) => impossible(request, message));
}

/** A folder that is gone afterwards, even if this process is ended at once; a sentence where there can be none. */
async function withFolder<T>(use: (folder: string) => Promise<T>, failed: (message: string) => T): Promise<T> {
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), "unpark-native-"));
  } catch (error) {
    return failed(`cannot make a folder for the reports in ${tmpdir()}: ${(error as Error).message}; set TMPDIR to one that can be written`);
  }
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await use(folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

function readReports(folder: string): readonly Result<Census, string>[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".unpark"))
    .sort()
    .map((name) => {
      try {
        return parseCensus(readFileSync(join(folder, name)), name);
      } catch (error) {
        return err(`${name}: ${(error as Error).message}`);
      }
    });
}

function conclude(request: NativeRequest, toolchain: Toolchain, outcome: GoTestOutcome, output: TestOutput, reports: readonly Result<Census, string>[]): NativeResult {
  const censuses = reports.flatMap((one) => (one.ok ? [one.value] : []));
  const failures: Failure[] = reports.flatMap((one) => (one.ok ? [] : [{ package: asked(request), message: one.error }]));
  const packages = output.end();
  const lines = sourceLines();
  const paths = [...new Set([...packages.map(({ path }) => path), ...censuses.map((census) => census.package)])];
  const examinations = paths.flatMap((path) => {
    const own = censuses.filter((census) => census.package === path);
    const told = packages.find((one) => one.path === path);
    if (told?.kind === "not-built") failures.push({ package: path, message: withWords("its tests do not build", output.why(path)) });
    return told?.kind === "not-built" || told?.kind === "no-tests" ? [] : [examine(path, told, own, lines, outcome)];
  });
  if (outcome.kind === "not-started") failures.push({ package: asked(request), message: `cannot run ${toolchain.go}: ${outcome.message}` });
  if (outcome.kind === "interrupted") failures.push({ package: asked(request), message: "interrupted: packages whose tests had not ended have no verdict" });
  const goTest = outcome.kind === "ended" ? outcome.status : undefined;
  if (goTest !== undefined && goTest !== 0 && paths.length === 0) failures.push({ package: asked(request), message: withWords("go test ran nothing", output.why()) });
  return { report: { origin: originOf(request, toolchain.version.text), examinations, failures }, goTest };
}

const withWords = (sentence: string, words: string): string => (words === "" ? sentence : `${sentence}:${words.includes("\n") ? "\n" : " "}${words}`);

function examine(path: string, told: PackageResult | undefined, censuses: readonly Census[], lines: (file: string) => readonly string[] | undefined, outcome: GoTestOutcome): Examination {
  const findings = nativeFindings(censuses, { package: path, closedWorld: false, lines });
  const limits: string[] = [];
  if (censuses.length === 0) {
    const why = outcome.kind === "interrupted" ? "it was interrupted" : told?.kind === "failed" ? "the test binary ended by a panic, a timeout, a signal or a flag that it does not know" : "the test binary wrote no report (did it end by syscall.Exit, or only list or compile?)";
    limits.push(`no verdict: ${why}`);
  }
  const unproved = censuses.find((census) => !census.proof && census.ownerOf.size > 0);
  if (unproved) limits.push(`${unproved.goVersion} has no leak collection (Go 1.26 has): what is left is only noted`);
  const unseen = censuses.reduce((sum, census) => sum + census.unseen, 0);
  if (unseen > 0) limits.push(`the ends of ${unseen} more tests that left something were not looked at: 200 were`);
  return { name: path, package: path, coverage: coverageOf(told, censuses), outcome: censuses.length === 0 ? "no verdict" : (told?.kind ?? "passed"), findings, limits };
}

/** `schedules`: how often each test was run (`-count`, `--stress`), each time as it happened to be scheduled. */
const coverageOf = (told: PackageResult | undefined, censuses: readonly Census[]): Coverage => ({ schedules: mostRuns(censuses), complete: false, native: true, bounds: [], stoppedBy: "nothing: natively no schedule is chosen", depth: 0, milliseconds: told?.milliseconds ?? 0 });

function mostRuns(censuses: readonly Census[]): number {
  const runs = new Map<string, number>();
  for (const { test } of censuses.flatMap(({ owners }) => owners)) if (/^Test[^/]*$/.test(test)) runs.set(test, (runs.get(test) ?? 0) + 1);
  return Math.max(1, ...runs.values());
}

const originOf = ({ args, unparkVersion }: NativeRequest, goVersion: string) => ({ command: "test" as const, unpark: unparkVersion, goVersion, packages: ["--native", ...args], args: [] });

const asked = ({ args }: NativeRequest): string => args.join(" ") || ".";

function impossible(request: NativeRequest, message: string): NativeResult {
  return { report: { examinations: [], failures: [{ package: asked(request), message }] }, goTest: undefined };
}
