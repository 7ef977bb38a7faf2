import { optional } from "../../base/optional.js";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nativeFindings } from "../../diagnose/native/native-findings.js";
import type { DiagnosisContext } from "../../diagnose/run/diagnosis-context.js";
import { isAlive } from "../../toolchain/go/lifeline.js";
import { goSyntax } from "../../toolchain/go/syntax-tool.js";
import type { Census } from "../../model/results/census.js";
import type { Coverage, Examination, Failure, ExaminationOrigin, Report } from "../../model/results/examination.js";
import { parseCensus } from "../../parse/native.js";
import type { Toolchain } from "../../toolchain/go/go-command.js";
import type { GoTestOutcome } from "../../toolchain/go/go-test.js";
import { type PackageResult, TestOutput } from "./native-output.js";
import { sourceLines } from "../examine/source-lines.js";

/** What the test binaries wrote into their folder (go/native/testing/unpark.go). */
export interface Written {
  readonly censuses: readonly Census[];
  /** Files that cannot be read as a report, each a sentence. */
  readonly broken: readonly string[];
  /** The package of each fuzz worker that was killed before it had written its report (N5 there). */
  readonly lost: readonly string[];
  /** The packages whose tests began (N8 there). */
  readonly begun: ReadonlySet<string>;
}

export function readFolder(folder: string, isWanted: (name: string) => boolean = () => true): Written {
  const names = readdirSync(folder).sort().filter(isWanted);
  const parsed = names.filter((name) => name.endsWith(".unpark")).map((name) => parseCensus(readFileSync(join(folder, name)), name));
  return {
    censuses: parsed.flatMap((one) => (one.ok ? [one.value] : [])),
    broken: parsed.flatMap((one) => (one.ok ? [] : [one.error])),
    lost: names.filter((name) => name.endsWith(".worker")).map((name) => readFileSync(join(folder, name), "utf8")),
    begun: new Set(begunIn(folder, names).map(({ path }) => path)),
  };
}

/** Packages of which every process that began is gone (go/native/testing/unpark.go, N8), whether it left a report or died. */
export function goneIn(folder: string, isWanted: (name: string) => boolean = () => true): readonly string[] {
  const begun = begunIn(folder, readdirSync(folder).filter(isWanted));
  const running = new Set(begun.filter(({ pid }) => isAlive(pid)).map(({ path }) => path));
  return begun.map(({ path }) => path).filter((path) => !running.has(path));
}

const begunIn = (folder: string, names: readonly string[]): readonly { readonly path: string; readonly pid: number }[] =>
  names.filter((name) => name.endsWith(".begun")).map((name) => ({ path: readFileSync(join(folder, name), "utf8"), pid: Number(/(\d+)-\w+\.begun$/.exec(name)?.[1]) }));

/** A run of `go test`, all of it. */
interface NativeRun extends Written {
  readonly outcome: GoTestOutcome;
  readonly output: TestOutput;
}

/** What was asked for. */
interface Asked {
  readonly args: readonly string[];
  readonly unparkVersion: string;
}

export function nativeReport(request: Asked, toolchain: Toolchain, run: NativeRun, tool: string | undefined): Report {
  const { censuses, broken, outcome, output } = run;
  const asked = request.args.join(" ") || ".";
  const failures: Failure[] = broken.map((message) => ({ package: asked, message }));
  const packages = output.end();
  const source: Source = { lines: sourceLines(), syntax: goSyntax(tool) };
  const paths = [...new Set([...packages.map(({ path }) => path), ...censuses.map((census) => census.package)])];
  const examinations = paths.flatMap((path) => {
    const told = packages.find((one) => one.path === path);
    if (told?.kind === "not-built") failures.push({ package: path, message: withWords(output.isVets(path) ? "go test ran none of its tests natively: go vet finds fault with it (-vet=off)" : "its tests do not build", output.why(path)) });
    if (told?.kind === "not-built" || (told !== undefined && wasEnded(told, run))) return [];
    const one = examine(path, told, run, source);
    return told?.kind === "no-tests" && one.findings.length === 0 ? [] : [one];
  });
  if (outcome.kind === "not-started") failures.push({ package: asked, message: `cannot run ${toolchain.go}: ${outcome.message}` });
  if (outcome.kind === "interrupted") failures.push({ package: asked, message: "interrupted: packages whose tests had not ended have no verdict" });
  if (outcome.kind === "ended" && outcome.status !== 0 && paths.length === 0) failures.push({ package: asked, message: withWords("go test ran nothing", output.why()) });
  return { origin: originOf(request, toolchain.version.text), examinations, failures };
}

/** The report of one test binary, read while it ends (unpark env). `tool`: the program that reads Go's syntax. */
export function censusReport(file: string, { tool, unparkVersion }: { readonly tool?: string; readonly unparkVersion: string }): Report {
  const census = parseCensus(readFileSync(file), file);
  if (!census.ok) return { examinations: [], failures: [{ package: "", message: census.error }] };
  const { package: path, goVersion } = census.value;
  const run: NativeRun = { censuses: [census.value], broken: [], lost: [], begun: new Set([census.value.package]), outcome: { kind: "ended", status: 0 }, output: new TestOutput() };
  return { origin: originOf({ args: [path], unparkVersion }, goVersion), examinations: [examine(path, undefined, run, { lines: sourceLines(), syntax: goSyntax(tool) })], failures: [] };
}

/** The packages whose test binary died by itself (a panic, a signal): they failed, whatever was left. */
export function diedIn(run: NativeRun): readonly string[] {
  const died = (told: PackageResult): boolean => told.kind === "failed" && !told.timedOut && !wasEnded(told, run) && !run.censuses.some((census) => census.package === told.path);
  return run.output.end().filter(died).map(({ path }) => path);
}

/** It was ended from outside: it hung, and that is known (native-then-explore.ts, B1), or the total time was over. It has no word of its own. */
const wasEnded = ({ path, output }: PackageResult, { outcome, censuses }: NativeRun): boolean =>
  (outcome.kind === "enough" || outcome.kind === "interrupted") && !censuses.some((census) => census.package === path) && /^signal: interrupt$/m.test(output ?? "");

const withWords = (sentence: string, words: string): string => (words === "" ? sentence : `${sentence}:${words.includes("\n") ? "\n" : " "}${words}`);

/** What diagnosis may read of the source. */
type Source = Pick<DiagnosisContext, "lines" | "syntax">;

function examine(path: string, told: PackageResult | undefined, run: NativeRun, source: Source): Examination {
  const censuses = run.censuses.filter((census) => census.package === path);
  const findings = nativeFindings(censuses, { package: path, closedWorld: false, ...source });
  const limits = limitsOf(censuses, run.lost.filter((one) => one === path).length);
  if (censuses.length === 0) limits.unshift(`no verdict: ${whyNone(path, told, run)}`);
  return { name: path, package: path, coverage: coverageOf(told, censuses), outcome: censuses.length === 0 ? "no verdict" : told?.kind === "failed" ? "failed" : "passed", findings, limits, ...(told?.output === undefined ? {} : { output: told.output }) };
}

/** As a database that is not there makes many a TestMain end. */
const NONE_BEGAN = "its process ended with exit status 0 before any test (os.Exit in TestMain?)";

/** The limit of a package of which that is so. */
export const NO_TEST_BEGAN = `no verdict: ${NONE_BEGAN}`;

function whyNone(path: string, told: PackageResult | undefined, { outcome, begun }: NativeRun): string {
  if (outcome.kind === "interrupted") return "it was interrupted";
  if (told?.timedOut) return `${told.timedOut.tests.join(", ") || "it"} had not ended after ${told.timedOut.after} (-timeout)`;
  if (told?.kind === "failed") return "the test binary ended by a panic, a signal or a flag that it does not know";
  if (told?.kind === "passed" && !begun.has(path)) return NONE_BEGAN;
  return "the test binary wrote no report (did it end by syscall.Exit, or only list or compile?)";
}

function limitsOf(censuses: readonly Census[], lost: number): string[] {
  const unproved = censuses.find((census) => !census.proof && census.ownerOf.size > 0);
  const unseen = censuses.reduce((sum, census) => sum + census.unseen, 0);
  return [
    ...(unproved ? [`${unproved.goVersion} has no leak collection (Go 1.26 has): what is left is only noted`] : []),
    ...(unseen > 0 ? [`the ends of ${unseen} more tests that left something were not looked at: 200 were`] : []),
    ...(lost > 0 ? [`${lost} fuzz worker${lost === 1 ? " was" : "s were"} killed before telling what ${lost === 1 ? "it" : "they"} left: many goroutines (a worker has two seconds to end); -fuzztime=10000x makes fewer`] : []),
  ];
}

/** `schedules`: how often each test was run (`-count`, `--stress`), each time as it happened to be scheduled. */
const coverageOf = (told: PackageResult | undefined, censuses: readonly Census[]): Coverage => ({
  schedules: mostRuns(censuses),
  complete: false,
  native: true,
  bounds: [],
  stoppedBy: "nothing: natively no schedule is chosen",
  depth: 0,
  milliseconds: told?.milliseconds ?? 0,
  ...optional({ cached: told?.cached }),
});

function mostRuns(censuses: readonly Census[]): number {
  const runs = new Map<string, number>();
  for (const { test } of censuses.flatMap(({ owners }) => owners)) if (/^Test[^/]*$/.test(test)) runs.set(test, (runs.get(test) ?? 0) + 1);
  return [...runs.values()].reduce((most, many) => Math.max(most, many), 1);
}

const originOf = ({ args, unparkVersion }: Asked, goVersion: string): ExaminationOrigin => ({ command: "test", unpark: unparkVersion, goVersion, packages: ["--native", ...args], args: [] });
