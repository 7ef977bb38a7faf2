import type { Finding } from "../../model/finding/finding.js";
import { REPLAYED, TIMED_OUT, type Examination, type Report } from "../../model/results/examination.js";
import { counts } from "../exit-code.js";
import { plain } from "../shared/style.js";
import { exploredTotal, nounOf } from "./coverage-words.js";
import { failedWords } from "./failed-tests.js";
import { limitLines, namedLimits } from "./limit-lines.js";
import { limitsInLines } from "./package-lines.js";
import type { ToldAbove } from "./repeating-tests.js";
import { NO_VERDICT } from "./test-text.js";
import { count, number } from "./verdict-words.js";
import type { TextOptions } from "./text-options.js";

/** Findings that do not stand in full. */
interface InShort extends Pick<ToldAbove, "repeated" | "toldBelow"> {
  /** Of those of tests that are told in short: how many. */
  readonly brief?: number;
}

/** What was found in all, what was explored, and within which bounds: once. */
export function totals(report: Report, short: InShort, { strict = false, style = plain, verbose = false, waited }: TextOptions): readonly string[] {
  const { examinations, failures, origin, leftOut = 0 } = report;
  const all = examinations.flatMap(({ findings }) => findings);
  const found = all.filter((finding) => counts(finding, strict));
  const notes = all.length - found.length;
  const failed = failedWords(examinations);
  const inLines = limitsInLines(examinations);
  const limits = namedLimits(examinations, (limit) => !limit.startsWith(NO_VERDICT) && !limit.startsWith(TIMED_OUT) && !inLines.has(limit));
  const explored = examinations.filter(({ coverage }) => !coverage.native);
  if (examinations.length === 0 && failures.length === 0) return [style.bold("Nothing was run: there are no tests, or none that was asked for."), "A main package is explored by unpark run."];
  const sentences = [
    foundWords(found, short, report),
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

/** `2 findings in 2 tests: 1 leaked, 1 stuck.`; `24 findings in 22 tests: 24 leaked; 21 repeat one above, 2 started from another one (-v: in full).` */
function foundWords(found: readonly Finding[], { repeated, toldBelow, brief = 0 }: InShort, report: Report): string {
  const where = count(new Set(found.map((one) => `${one.package} ${one.test}`)).size, found.some(({ test }) => test === undefined) ? "program" : "test");
  if (found.length === 0) return noneWords(report);
  const verdicts = [...new Set(found.map(({ verdict }) => verdict))];
  const parts = verdicts.map((verdict) => `${found.filter((one) => one.verdict === verdict).length} ${verdict}`);
  const started = [...toldBelow.keys()].filter((one) => !repeated.has(one)).length;
  const short = [
    ...(repeated.size === 0 ? [] : [`${number(repeated.size)} ${repeated.size === 1 ? "repeats" : "repeat"} one above`]),
    ...(brief === 0 ? [] : [`${number(brief)} in short`]),
    ...(started === 0 ? [] : [`${number(started)} started from another one`]),
  ];
  const different = short.length === 0 ? "" : `; ${short.join(", ")} (-v: in full)`;
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

export const isNoteBySettings = ({ findings }: Examination): boolean => findings.some(({ severity }) => severity === "note");
