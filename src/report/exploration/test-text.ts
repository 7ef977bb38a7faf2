import { optional } from "../../base/optional.js";
import type { Finding } from "../../model/finding/finding.js";
import { REPLAYED, type Examination, type Report } from "../../model/results/examination.js";
import { counts, failsItself } from "../exit-code.js";
import { plain } from "../shared/style.js";
import { endWordsOf } from "./end-words.js";
import { shownLines } from "./failing-lines.js";
import { briefText, findingText, repeatedBySeveral, repeatedText, replayedText, startedText, type FindingTextOptions } from "./finding-text.js";
import { firstsOf, testNames, type RepeatingTests, type ToldAbove } from "./repeating-tests.js";
import { number } from "./verdict-words.js";
import type { ToldBelow } from "./told-below.js";
import type { TextOptions } from "./text-options.js";
import type { ToldFailures } from "./told-failures.js";

export interface Told extends ToldAbove {
  readonly report: Report;
  /** Each finding in a line, and the first lines of what a failed test says: of a report that would be too long to read. */
  readonly isBrief?: boolean;
}

/** What is to be said about one test: how it failed, its findings; its notes too where they are asked for. */
export function testText(one: Examination, { report, repeated, toldBelow, failures, isBrief = false }: Told, options: TextOptions): readonly string[] {
  const { strict = false, style = plain, verbose = false } = options;
  const found = inOrder(one.findings.filter((finding) => counts(finding, strict)), toldBelow);
  const notes = verbose || one.coverage.stoppedBy === REPLAYED ? one.findings.filter((finding) => !counts(finding, strict)) : [];
  const fails = failsItself(one);
  const shown: FindingTextOptions = { ...options, ...optional({ origin: report.origin }) };
  const words = (finding: Finding): readonly string[] => {
    const first = repeated.get(finding);
    if (first !== undefined) return repeatedText(finding, first, one.coverage, shown);
    if (toldBelow.has(finding)) return startedText(finding, one.coverage, shown, isBrief);
    return (isBrief ? briefText : findingText)(finding, one.coverage, shown);
  };
  const isShort = (finding: Finding): boolean => isBrief || repeated.has(finding) || toldBelow.has(finding);
  const text = (all: readonly Finding[]): readonly string[] => all.flatMap((finding, i) => [...(i === 0 || toldBelow.has(finding) || (isShort(finding) && isShort(all[i - 1]!)) ? [] : [""]), ...words(finding)]);
  const replayed = one.steps === undefined ? [] : replayedText(one.steps, one.name === one.package ? {} : { test: one.name }, style);
  const head = (mark: string, tests: readonly (string | undefined)[]): string => `--- ${mark}: ${titleOf(one, tests)}`;
  const tests = [...new Set(found.map(({ test }) => test))];
  // A package's native run prints of any of its tests: what it printed is not under the name of those with findings.
  const isApart = fails && found.length > 0 && one.name === one.package && tests.some((test) => test !== undefined);
  return [
    ...(isApart ? [style.bad(head("FAIL", [])), ...outputOf(one, report, isBrief), ""] : []),
    ...(found.length > 0 || fails ? [style.bad(head("FAIL", tests))] : []),
    ...(fails && !isApart ? (failsAs(one, failures) ?? outputOf(one, report, isBrief)) : []),
    ...text(found),
    ...(notes.length > 0 ? [style.note(head("note", [...new Set(notes.map(({ test }) => test))])), ...text(notes)] : []),
    ...(replayed.length > 0 ? [head("replay", []), ...replayed] : []),
  ];
}

/** Those that are told in short stand below the one that they come from. */
const inOrder = (found: readonly Finding[], from: ToldBelow): readonly Finding[] =>
  found.filter((finding) => !from.has(finding)).flatMap((finding) => [finding, ...found.filter((one) => from.get(one) === finding)]);

/** `fails as TestA above`. */
const failsAs = (one: Examination, failures: ToldFailures): readonly string[] | undefined => (failures.has(one) ? [`    fails as ${failures.get(one)} above`] : undefined);

/** Of tests that show what stands above, each by its name: `--- FAIL: 23 more tests  (example.com/shop)`. */
export function testsText(some: RepeatingTests, { repeated, failures }: Told, options: TextOptions): readonly string[] {
  const { style = plain } = options;
  return [
    style.bad(`--- FAIL: ${number(some.length)} more tests  (${some[0].package})`),
    ...(failsAs(some[0], failures) ?? []),
    ...repeatedBySeveral(firstsOf(some[0], repeated), options),
    ...testNames(some).map((line) => `        ${line}`),
  ];
}

/** `TestTimeout  (example.com/shop/server)`; of a package that was run natively, the tests with findings. */
function titleOf({ name, package: path }: Examination, tests: readonly (string | undefined)[]): string {
  const named = tests.filter((test) => test !== undefined);
  if (name !== path) return `${named.length === 1 ? named[0] : name}  (${path})`;
  return named.length === 0 ? path : `${named.length > 3 ? `${named.slice(0, 3).join(", ")} …` : named.join(", ")}  (${path})`;
}

/** Of what a failed test says, where it is told in short. */
const BRIEF_LINES = 6;

/** The test's own words, as go test shows them. */
function outputOf({ output, outcome, coverage, limits }: Examination, { examinations, origin }: Report, isBrief: boolean): readonly string[] {
  const lines = output === undefined || output.trim() === "" ? [] : shownLines(output, isBrief ? BRIEF_LINES : undefined).map((line) => `    ${line}`);
  const reason = limits.find((limit) => limit.startsWith(NO_VERDICT));
  // In the native mode go test's own output has been shown as it came.
  const wasShown = origin === undefined ? examinations.every((one) => one.coverage.native) : origin.packages[0] === "--native";
  if (coverage.native) return lines.length > 0 && !wasShown ? lines : [`    go test says that it failed${reason === undefined ? "" : `: ${reason.slice(NO_VERDICT.length)}`}`];
  return [...lines, ...endWordsOf({ outcome, limits }).map((words) => `    ${words}`)];
}

/** How the limit of a package begins whose native run told nothing (pipeline/native/native-report.ts). */
export const NO_VERDICT = "no verdict: ";
