import { optional } from "../../base/optional.js";
import { BY_SUBTESTS, ONLY_NATIVELY, REPLAYED, type Coverage, type Examination, type Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { counts, failsItself } from "../exit-code.js";
import { safeText } from "../shared/safe-text.js";
import { plain, type Style } from "../shared/style.js";
import { failedWords, failingAlike } from "./failed-tests.js";
import { findingText, repeatedBySeveral, repeatedText, replayedText, type FindingTextOptions } from "./finding-text.js";
import { failureText, failuresTogether } from "./failure-text.js";
import { limitLines, namedLimits } from "./limit-lines.js";
import { endWords, limitsInLines, packageLines, scheduleWords, type Waited } from "./package-lines.js";
import { repeatedIn, type RepeatedFindings } from "./repeated.js";
import { firstsOf, repeatingTogether, testNames, type RepeatingTests, type ToldAbove } from "./repeating-tests.js";
import { count, number, seconds } from "./verdict-words.js";

export interface TextOptions {
  readonly style?: Style;
  /** Files below this folder are shown relative to it. */
  readonly cwd?: string;
  /** Lingering goroutines count as findings. */
  readonly strict?: boolean;
  /** Show the steps of each finding. Default true. */
  readonly steps?: boolean;
  /** Notes, limits and every test in full, and every step. */
  readonly verbose?: boolean;
  /** Without it the seconds of tests that were explored side by side are added. */
  readonly waited?: Waited | undefined;
}

/**
 * The report for a terminal, in `go test`'s own habits: a line for each package, then what was found, then numbers. What
 * was found stands last but for the numbers, where the eye is when the command returns.
 */
export const reportText = (report: Report, options: TextOptions = {}): string => safeText(report, (shown) => textOf(shown, options));

function textOf(report: Report, options: TextOptions): string {
  const { strict = false, style = plain, verbose = false } = options;
  const { examinations, failures } = report;
  const repeated = repeatedIn(examinations, (finding) => counts(finding, strict));
  const shown: RepeatedFindings = verbose ? new Map() : repeated;
  const told: Told = { report, repeated: shown, natively: verbose ? new Set() : failingAlike(examinations, MOST_LINES) };
  // Tests with nothing new stand last, those that show the same together.
  const hasNew = (one: Examination): boolean => (failsItself(one) && !told.natively.has(one)) || one.findings.some((finding) => !shown.has(finding) && counts(finding, strict));
  const repeats = (one: Examination): boolean => !hasNew(one) && (told.natively.has(one) || one.findings.some((finding) => shown.has(finding)));
  const blocks = [
    examinations.length === 0 ? [] : packageLines(examinations, { strict, style, isRun: report.origin?.command === "run", waited: options.waited }),
    ...(verbose ? [testLines(examinations, strict)] : []),
    ...examinations.filter((one) => !repeats(one)).map((one) => testText(one, told, options)),
    repeatingTogether(examinations.filter(repeats), told).flatMap((some) => (some.length === 1 ? testText(some[0], told, options) : testsText(some, told, options))),
    ...failuresTogether(failures, verbose).map((some) => failureText(some, style, verbose)),
    totals(report, repeated, options),
  ];
  return `${blocks.filter((lines) => lines.length > 0).map((lines) => `${lines.join("\n")}\n`).join("\n")}`;
}

interface Told extends ToldAbove {
  readonly report: Report;
}

const FAILS_NATIVELY = "    fails as in the native run above";

/** Each test in a line. A package's native run has one of its own where it shows more than the tests do. */
function testLines(examinations: readonly Examination[], strict: boolean): readonly string[] {
  const packages = new Set(examinations.map((one) => one.package)).size;
  const isExplored = examinations.some(({ coverage }) => !coverage.native);
  return examinations.flatMap((one) => {
    if (isExplored && one.coverage.native && one.findings.length === 0 && !failsItself(one) && one.outcome !== "no verdict") return [];
    const label = one.name !== one.package ? `${one.name}: ` : one.coverage.native ? `${packages > 1 ? `${one.package}, ` : ""}native run: ` : "";
    return [`    ${label}${testWords(one, strict)}`];
  });
}

/** What is to be said about one test: how it failed, its findings; its notes too where they are asked for. */
function testText(one: Examination, { report, repeated, natively }: Told, options: TextOptions): readonly string[] {
  const { strict = false, style = plain, verbose = false } = options;
  const found = one.findings.filter((finding) => counts(finding, strict));
  const notes = verbose || one.coverage.stoppedBy === REPLAYED ? one.findings.filter((finding) => !counts(finding, strict)) : [];
  const fails = failsItself(one);
  const shown: FindingTextOptions = { ...options, ...optional({ origin: report.origin }) };
  const words = (finding: Finding): readonly string[] => {
    const first = repeated.get(finding);
    return first === undefined ? findingText(finding, one.coverage, shown) : repeatedText(finding, first, one.coverage, shown);
  };
  const text = (all: readonly Finding[]): readonly string[] => all.flatMap((finding, i) => [...(i === 0 || (repeated.has(finding) && repeated.has(all[i - 1]!)) ? [] : [""]), ...words(finding)]);
  const replayed = one.steps === undefined ? [] : replayedText(one.steps, one.name === one.package ? {} : { test: one.name }, style);
  const head = (mark: string, tests: readonly (string | undefined)[]): string => `--- ${mark}: ${titleOf(one, tests)}`;
  const tests = [...new Set(found.map(({ test }) => test))];
  // A package's native run prints of any of its tests: what it printed is not under the name of those with findings.
  const isApart = fails && found.length > 0 && one.name === one.package && tests.some((test) => test !== undefined);
  return [
    ...(isApart ? [style.bad(head("FAIL", [])), ...outputOf(one, report), ""] : []),
    ...(found.length > 0 || fails ? [style.bad(head("FAIL", tests))] : []),
    ...(fails && !isApart ? (natively.has(one) ? [FAILS_NATIVELY] : outputOf(one, report)) : []),
    ...text(found),
    ...(notes.length > 0 ? [style.note(head("note", [...new Set(notes.map(({ test }) => test))])), ...text(notes)] : []),
    ...(replayed.length > 0 ? [head("replay", []), ...replayed] : []),
  ];
}

/** Of tests that show what stands above, each by its name: `--- FAIL: 23 more tests  (example.com/shop)`. */
function testsText(some: RepeatingTests, { repeated, natively }: Told, options: TextOptions): readonly string[] {
  const { style = plain } = options;
  return [
    style.bad(`--- FAIL: ${number(some.length)} more tests  (${some[0].package})`),
    ...(natively.has(some[0]) ? [FAILS_NATIVELY] : []),
    ...firstsOf(some[0], repeated).map((first) => repeatedBySeveral(first, options)),
    ...testNames(some).map((line) => `        ${line}`),
  ];
}

/** `TestTimeout  (example.com/shop/server)`; of a package that was run natively, the tests with findings. */
function titleOf({ name, package: path }: Examination, tests: readonly (string | undefined)[]): string {
  const named = tests.filter((test) => test !== undefined);
  if (name !== path) return `${named.length === 1 ? named[0] : name}  (${path})`;
  return named.length === 0 ? path : `${named.length > 3 ? `${named.slice(0, 3).join(", ")} …` : named.join(", ")}  (${path})`;
}

/** The test's own words, as go test shows them. */
function outputOf({ output, outcome, coverage, limits }: Examination, { examinations }: Report): readonly string[] {
  const lines = output === undefined || output.trim() === "" ? [] : output.trimEnd().split("\n").map((line) => `    ${line}`);
  const reason = limits.find((limit) => limit.startsWith(NO_VERDICT));
  // Where nothing was explored go test's own output has been shown as it came.
  if (coverage.native) return lines.length > 0 && examinations.some((one) => !one.coverage.native) ? firstOf(lines) : [`    go test says that it failed${reason === undefined ? "" : `: ${reason.slice(NO_VERDICT.length)}`}`];
  const ended = /^exit (\d+)$/.exec(outcome)?.[1];
  if (ended === "0") return [...lines, "    it ended its process: unexpected call to os.Exit(0) during test"];
  return [...lines, ...(ended === undefined ? [] : [`    it ended its process: exit status ${ended}`])];
}

/** How the limit of a package begins whose native run told nothing (pipeline/native/native-report.ts). */
const NO_VERDICT = "no verdict: ";

const firstOf = (lines: readonly string[]): readonly string[] => (lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), `    … ${number(lines.length - MOST_LINES)} more lines, as go test prints them`]);

/** Of a native run's output, whose panics print every goroutine. */
const MOST_LINES = 60;

/** `1 leak; explored completely (1 schedule)`: one test in a line. */
export function testWords(one: Examination, strict = false): string {
  const { coverage, findings, outcome } = one;
  const found = findings.filter((finding) => counts(finding, strict)).length;
  const notes = findings.length - found;
  const what = [found > 0 ? count(found, "finding") : isNoteBySettings(one) ? "nothing that counts" : "no leak", ...(notes > 0 ? [count(notes, "note")] : [])].join(", ");
  const ended = outcome === "passed" || outcome === "" ? "" : `; ${outcome}`;
  return `${what}${coverage.native || coverage.stoppedBy === REPLAYED ? "" : `${coverage.complete ? "; " : " in "}${scheduleWords(one)}`}${ended}`;
}

/** What was found in all, what was explored, and within which bounds: once. */
function totals(report: Report, repeated: RepeatedFindings, { strict = false, style = plain, verbose = false, waited }: TextOptions): readonly string[] {
  const { examinations, failures, origin, leftOut = 0 } = report;
  const all = examinations.flatMap(({ findings }) => findings);
  const found = all.filter((finding) => counts(finding, strict));
  const notes = all.length - found.length;
  const failed = failedWords(examinations);
  const inLines = limitsInLines(examinations);
  const limits = namedLimits(examinations, (limit) => !limit.startsWith(NO_VERDICT) && !inLines.has(limit));
  const explored = examinations.filter(({ coverage }) => !coverage.native);
  if (examinations.length === 0 && failures.length === 0) return [style.bold("Nothing was run: there are no tests, or none that was asked for."), "A main package is explored by unpark run."];
  const sentences = [
    foundWords(found, repeated, report),
    failed ?? false,
    notes > 0 && `${count(notes, "note")}${verbose ? "" : " (-v)"}.`,
    failures.length > 0 && `${failures.length} could not be done.`,
    leftOut > 0 && `${count(leftOut, "test")} not explored (-failfast).`,
  ].filter((one) => one !== false);
  const replayed = explored.every(({ coverage }) => coverage.stoppedBy === REPLAYED);
  const isTotalSaid = explored.length > 0 && !replayed;
  return [
    style.bold(sentences.join(" ")),
    ...(isTotalSaid ? [exploredTotal(explored, leftOut > 0 ? explored : examinations, origin?.command === "run" ? "program" : "test", waited?.whole)] : []),
    ...limitLines(limits, verbose),
  ];
}

/** `2 findings in 2 tests: 1 leaked, 1 stuck.`; `24 findings in 22 tests: 24 leaked; 21 repeat one above (-v: in full).` */
function foundWords(found: readonly Finding[], repeated: RepeatedFindings, report: Report): string {
  const where = count(new Set(found.map((one) => `${one.package} ${one.test}`)).size, found.some(({ test }) => test === undefined) ? "program" : "test");
  if (found.length === 0) return noneWords(report);
  const verdicts = [...new Set(found.map(({ verdict }) => verdict))];
  const parts = verdicts.map((verdict) => `${found.filter((one) => one.verdict === verdict).length} ${verdict}`);
  const different = repeated.size === 0 ? "" : `; ${number(repeated.size)} ${repeated.size === 1 ? "repeats" : "repeat"} one above (-v: in full)`;
  return `${count(found.length, "finding")} in ${where}: ${parts.join(", ")}${different}.`;
}

/**
 * "No leak." is said where every schedule that differs was tried, or no schedule was chosen (natively, a replay). Else that
 * none was found, and of how many programs that is no proof; no word of it where nothing has a verdict. What the project accepts,
 * or calls a note, may be a leak: then it is not said that there is none. Where no program could be explored, the native run alone says so.
 */
function noneWords({ examinations, failures, accepted = 0 }: Report): string {
  if (examinations.length === 0) return "Nothing was examined.";
  const open = examinations.filter(({ outcome }) => outcome === "no verdict");
  const ofOpen = count(open.length, nounOf(open));
  if (open.length === examinations.length) return `No verdict: ${ofOpen}.`;
  const explored = examinations.filter(({ coverage, outcome }) => !coverage.native && coverage.stoppedBy !== REPLAYED && outcome !== "no verdict");
  const some = explored.filter(({ coverage }) => !coverage.complete);
  const verdict = open.length === 0 ? "" : `; no verdict of ${ofOpen}`;
  const accepts = accepted > 0 ? `No finding but ${accepted === 1 ? "the one that is" : `the ${number(accepted)} that are`} accepted` : examinations.some(isNoteBySettings) ? "No finding that counts" : undefined;
  const none = explored.length === 0 && failures.length > 0 ? "No leak in the native run" : "No leak";
  if (some.length === 0) return `${accepts ?? none}${verdict}.`;
  const which = some.length < explored.length ? `${some.length} of ${count(explored.length, nounOf(explored))}` : explored.length === 1 ? `the ${nounOf(explored)}` : `all ${count(explored.length, nounOf(explored))}`;
  return accepts === undefined ? `No leak found, but not all schedules of ${which} were tried${verdict}.` : `${accepts}; not all schedules of ${which} were tried${verdict}.`;
}

const isNoteBySettings = ({ findings }: Examination): boolean => findings.some(({ severity }) => severity === "note");

/** What programs are called: of a native run each is a package. */
const nounOf = (programs: readonly Examination[]): string => (programs.every(({ coverage }) => coverage.native) ? "package" : programs.some(({ name, package: path, coverage }) => name === path && !coverage.native) ? "program" : "test");

/** `21 tests in 2 packages: 17 explored completely, 4 until the budget ended (--budget).` */
function exploredTotal(explored: readonly Examination[], all: readonly Examination[], noun: string, waited = Infinity): string {
  const complete = explored.filter(({ coverage }) => coverage.complete).length;
  const ends = new Map<string, number>();
  for (const { coverage } of explored) if (!coverage.complete) ends.set(endWords(coverage.stoppedBy), (ends.get(endWords(coverage.stoppedBy)) ?? 0) + 1);
  const rest = [...ends].map(([why, many]) => (why === BY_SUBTESTS ? `${many} by ${many === 1 ? "its" : "their"} subtests` : /^the (budget|total time) ended/.test(why) ? `${many} until ${why}` : `${many} not: ${why}`));
  const packages = new Set(explored.map((one) => one.package)).size;
  const sum = (of: (coverage: Coverage) => number): number => explored.reduce((total, { coverage }) => total + of(coverage), 0);
  const bounds = [...new Set(explored.flatMap(({ coverage }) => coverage.bounds))];
  const native = nativelyToo(explored, all);
  const only = all.flatMap(({ limits, package: path }) => limits.filter((limit) => limit.startsWith(ONLY_NATIVELY) && !limit.startsWith(`${ONLY_NATIVELY}${path} `))).length;
  return (
    `${count(explored.length, noun)}${noun === "test" ? ` in ${count(packages, "package")}` : ""}: ${[`${complete} explored completely`, ...rest, ...(only > 0 ? [`${only} more natively only`] : [])].join(", ")} ` +
    `(${number(sum(({ schedules }) => schedules))} ${sum(({ schedules }) => schedules) === 1 ? "schedule" : "schedules"}, ${seconds(Math.min(waited, sum(({ milliseconds, cached }) => (cached ? 0 : milliseconds))))}${native}).` +
    (bounds.length > 0 ? ` Bounds: ${bounds.join(", ")}.` : "")
  );
}

/** Of how many tests the package was run natively to its end, and how often (-count). Where the total time was over before, that is not all of them. */
function nativelyToo(explored: readonly Examination[], all: readonly Examination[]): string {
  const runs = new Map(all.flatMap((one) => (one.coverage.native && one.outcome !== "no verdict" ? [[one.package, one.coverage.schedules] as const] : [])));
  const done = explored.filter((one) => runs.has(one.package)).length;
  if (done === 0) return "";
  const often = Math.max(...runs.values());
  return `; ${done === explored.length ? "all" : number(done)} of them ${often > 1 ? `${number(often)} times` : "once"} natively, too`;
}

/** How much was tried, in one sentence: all, or not all. For forms that have a field for each program. */
export function covered(coverage: Coverage): string {
  const { schedules, complete, bounds, repeated = 0, milliseconds, native, stoppedBy, cached } = coverage;
  const took = cached ? "cached" : seconds(milliseconds);
  if (native) return `${schedules === 1 ? "one native run" : `${number(schedules)} native runs of each test`} (${seconds(milliseconds)})`;
  if (stoppedBy === REPLAYED) return "the schedule that was replayed";
  const within = bounds.length > 0 ? `; bounds: ${bounds.join(", ")}` : "";
  const many = count(schedules, "schedule");
  const given = repeated > MANY_REPEATED * (schedules + repeated) ? `; ${count(repeated, "run")} more ${repeated === 1 ? "was" : "were"} given up on the way, for ${repeated === 1 ? "it" : "they"} would have repeated another` : "";
  return complete ? `explored completely (${many}, ${took}${within}${given})` : `${many}; ${endWords(stoppedBy)} (${took}${within}${given})`;
}

/** The share of runs that are given up which is worth saying. */
const MANY_REPEATED = 0.1;
