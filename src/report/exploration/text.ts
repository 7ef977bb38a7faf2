import { REPLAYED, type Examination, type Report } from "../../model/results/examination.js";
import { counts, failsItself } from "../exit-code.js";
import { safeText } from "../shared/safe-text.js";
import { plain } from "../shared/style.js";
import { failureText, failuresTogether } from "./failure-text.js";
import { packageLines, scheduleWords } from "./package-lines.js";
import type { Finding } from "../../model/finding/finding.js";
import { isNew, repeatedIn, type RepeatedFindings } from "./repeated.js";
import { repeatingTogether } from "./repeating-tests.js";
import { toldBelow, type ToldBelow } from "./told-below.js";
import { testText, testsText, type Told } from "./test-text.js";
import { together, toldInShort } from "./told-in-short.js";
import { totals, isNoteBySettings } from "./totals.js";
import { count } from "./verdict-words.js";
import { isToldByItsTest, toldFailures } from "./told-failures.js";
import type { TextOptions } from "./text-options.js";

/**
 * The report for a terminal, in `go test`'s own habits: a line for each package, then what was found, then numbers. What
 * was found stands last but for the numbers, where the eye is when the command returns.
 */
export const reportText = (report: Report, options: TextOptions = {}): string => safeText(report, (shown) => textOf(shown, options));

function textOf(report: Report, options: TextOptions): string {
  const { strict = false, style = plain, verbose = false } = options;
  const { examinations, failures } = report;
  const from: ToldBelow = new Map(examinations.flatMap(({ findings }) => [...toldBelow(findings.filter((finding) => counts(finding, strict)))]));
  const repeated = repeatedIn(examinations, (finding) => counts(finding, strict), from);
  const shown: RepeatedFindings = verbose ? new Map() : repeated;
  const told: Told = { report, repeated: shown, toldBelow: verbose ? new Map() : from, failures: verbose ? new Map() : toldFailures(examinations) };
  // Tests with nothing new stand last, those that show the same together.
  const hasNew = (one: Examination): boolean => (failsItself(one) && !told.failures.has(one)) || one.findings.some((finding) => isNew(finding, shown) && counts(finding, strict));
  const repeats = (one: Examination): boolean => !hasNew(one) && (told.failures.has(one) || one.findings.some((finding) => shown.has(finding)));
  const first = examinations.filter((one) => !repeats(one));
  const packages = examinations.length === 0 ? [] : packageLines(examinations, { strict, style, isRun: report.origin?.command === "run", waited: options.waited });
  const again = repeatingTogether(examinations.filter((one) => repeats(one) && !isToldByItsTest(one, told.failures)), told).flatMap((some) => (some.length === 1 ? testText(some[0], told, options) : testsText(some, told, options)));
  const cannot = failuresTogether(failures, verbose).map((some) => failureText(some, style, verbose));
  const isFull = (finding: Finding): boolean => counts(finding, strict) && !repeated.has(finding) && !from.has(finding);
  const repeatedBy = new Map<Finding, number>();
  for (const above of repeated.values()) repeatedBy.set(above, (repeatedBy.get(above) ?? 0) + 1);
  const texts = first.map((one) => ({ one, full: testText(one, told, options), short: verbose ? [] : testText(one, { ...told, isBrief: true }, options) }));
  const lengths = texts.flatMap(({ one, full, short }) => (full.length === 0 ? [] : [{ one, full: full.length, brief: short.length }]));
  const brief = verbose ? new Set<Examination>() : toldInShort(lengths, packages.length + again.length + cannot.flat().length + TOTALS, isFull, (finding) => repeatedBy.get(finding) ?? 0);
  const blocks = [
    packages,
    ...(verbose ? [testLines(examinations, strict)] : []),
    ...together(texts.map(({ one, full, short }) => ({ isBrief: brief.has(one), lines: brief.has(one) ? short : full }))),
    again,
    ...cannot,
    totals(report, { repeated, toldBelow: from, brief: [...brief].flatMap(({ findings }) => findings.filter(isFull)).length }, options),
  ];
  return `${blocks.filter((lines) => lines.length > 0).map((lines) => `${lines.join("\n")}\n`).join("\n")}`;
}

/** The numbers at the end, with the empty lines in between. */
const TOTALS = 6;

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

/** `1 leak; explored completely (1 schedule)`: one test in a line. */
export function testWords(one: Examination, strict = false): string {
  const { coverage, findings, outcome } = one;
  const found = findings.filter((finding) => counts(finding, strict)).length;
  const notes = findings.length - found;
  const what = [found > 0 ? count(found, "finding") : isNoteBySettings(one) ? "nothing that counts" : "no leak", ...(notes > 0 ? [count(notes, "note")] : [])].join(", ");
  const ended = outcome === "passed" || outcome === "" ? "" : `; ${outcome}`;
  return `${what}${coverage.native || coverage.stoppedBy === REPLAYED ? "" : `${coverage.complete ? "; " : " in "}${scheduleWords(one)}`}${ended}`;
}
