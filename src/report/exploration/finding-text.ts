import type { Coverage, ExaminationOrigin } from "../../model/results/examination.js";
import { OTHERS_GO_ON, type Consequence, type Finding, type Step, type Verdict } from "../../model/finding/finding.js";
import { shortSymbol } from "../../model/source/blame.js";
import type { Frame } from "../../model/goroutine/stack.js";
import { CAUSE_WORDS } from "../shared/causes.js";
import { scopeGoroutine } from "../../model/run/scope-goroutine.js";
import { plain, type Style } from "../shared/style.js";
import { replayCommand } from "./replay-command.js";
import { contrastRows, cut, onOneScreen, shownSteps, stepRows, stepsTitle, type RowOptions } from "./step-rows.js";
import { count, number, FAILURE_WORDS, FAULT_WORDS, LEFT_OUT_WORDS, LONG_STALL_WORDS, STALL_WORDS } from "./verdict-words.js";
import { pathBelow } from "../shared/path-below.js";
import { hasOtherWaiters, hasOwnPlace } from "./repeated.js";

export interface FindingTextOptions {
  readonly style?: Style;
  /** Files below this folder are shown relative to it. */
  readonly cwd?: string;
  readonly origin?: ExaminationOrigin;
  /** Every step, not only the causal past. */
  readonly verbose?: boolean;
  readonly steps?: boolean;
}

/** What follows the verdict's word in a finding's first line. */
const HEADLINE: Readonly<Record<Verdict, (finding: Finding) => string>> = {
  leaked: (finding) => `${waiters(finding)}, proved`,
  abandoned: ({ goroutines }) => `${count(goroutines, "goroutine")}, not proved`,
  stuck: ({ goroutines }) => `${count(goroutines, "goroutine")}, waiting here and ended in other schedules`,
  deadlock: ({ consequences = [], goroutines, blocked, evidence }) => `${blocked.reason === "await" ? "the await can never go on, proved" : evidence.includes(OTHERS_GO_ON) ? "it can never go on, proved" : "nothing can go on"}${blocked.reason !== "await" && consequences.length > 0 ? `; ${count(goroutines + total(consequences), "goroutine")}, the root first` : ""}`,
  runaway: ({ goroutines }) => `${count(goroutines, "goroutine")}, never ends and never blocks for good`,
  panics: ({ message }) => wordsOf(message).first ?? "a panic",
  flaky: ({ message }) => wordsOf(message).first ?? "fails in some schedules",
  "waiting-outside": ({ goroutines }) => `${count(goroutines, "goroutine")}, without a timeout`,
  grows: ({ message }) => message ?? "more with each repetition",
  lingering: (finding) => `${waiters(finding)}, still ${/^runn/.test(finding.blocked.reason) ? "running after its scope" : "waiting after its scope, but something can reach it"}`,
  "cut-short": ({ goroutines }) => `${count(goroutines, "goroutine")}, still at work when its scope ended`,
};

/**
 * What a panic or a failed assertion says, its first line apart; with the next one where that only announces it (testify's `Received unexpected
 * error:`). Undefined: an empty one says nothing (a helper's message may be one).
 */
function wordsOf(message = ""): { readonly first: string | undefined; readonly rest: readonly string[] } {
  const [first = "", ...behind] = message.split("\n");
  const rest = behind.filter((line) => line.trim() !== "");
  const head = first.trim();
  return head.endsWith(":") && rest.length > 0 ? { first: `${head} ${rest[0]!.trim()}`, rest: rest.slice(1) } : { first: head || undefined, rest };
}

/** All that is said but for what stands in the headline. */
function saidBelow({ verdict, message = "" }: Finding): readonly string[] {
  if (verdict === "panics" || verdict === "flaky") return wordsOf(message).rest;
  return message.split("\n").slice(verdict === "grows" ? 1 : 0).filter((line) => line.trim() !== "");
}

/** Ordinary async code has awaits, and no goroutines. */
const waiters = ({ goroutines, blocked }: Finding): string => count(goroutines, blocked.reason === "await" ? "await" : "goroutine");

const total = (all: readonly Consequence[]): number => all.reduce((sum, { goroutines }) => sum + goroutines, 0);

/** An error that is printed with its stack is a screen of lines, of which the first say what it is. */
const MOST_SAID = 4;

/** One finding, indented below its test: verdict, place and reason first, the schedule after them. */
export function findingText(finding: Finding, coverage: Coverage | undefined, options: FindingTextOptions): readonly string[] {
  const { origin, verbose = false, style = plain } = options;
  const command = origin && brief(replayCommand(origin, finding), finding);
  const { cause, evidence, consequences = [], needsStall, needsLongStall, afterFailure, leftOut, needsFault, natively } = finding;
  const more = saidBelow(finding);
  return [
    headline(finding, coverage, style),
    ...where(finding, options),
    ...labelled("says", verbose || more.length <= MOST_SAID ? more : [...more.slice(0, MOST_SAID - 1), `… ${number(more.length - MOST_SAID + 1)} more lines (-v)`]),
    ...labelled("why", evidence.map((sentence) => inShort(sentence, finding.package))),
    ...labelled("so", consequences.map((one) => consequenceText(one, options, finding.package))),
    ...labelled("when", [...(needsLongStall ? [LONG_STALL_WORDS] : needsStall ? [STALL_WORDS] : []), ...(leftOut ? [LEFT_OUT_WORDS] : afterFailure ? [FAILURE_WORDS] : []), ...(needsFault ? [FAULT_WORDS] : [])]),
    ...labelled("also", natively ? ["seen in the native run"] : []),
    ...labelled("fix", cause === "unknown" ? [] : [CAUSE_WORDS[cause].advice]),
    ...(options.steps === false ? [] : steps(finding, verbose, rowOptions(finding, style))),
    ...labelled("more", command === undefined ? [] : [command]).map((line) => style.dim(line)),
  ];
}

/** A schedule of thousands of choices is nothing to copy: it is found in the project's last report. */
function brief(command: string | undefined, { program, test }: Finding): string | undefined {
  const name = program ?? test;
  return command === undefined || command.length <= MOST_TO_COPY || name === undefined ? command : `unpark replay --test='${name}'  (of the last report)`;
}

/** About five lines of a terminal. */
const MOST_TO_COPY = 500;

/** A finding that stands above in full, in one line: what differs from it. */
export const repeatedText = (finding: Finding, first: Finding, coverage: Coverage | undefined, options: FindingTextOptions): readonly string[] => [
  `${headline(finding, coverage, options.style ?? plain)}  ${asAbove(finding, first, options)}${finding.needsStall && !first.needsStall ? "; here only on a machine that stalls" : ""}`,
  ...(hasOtherWaiters(finding, first) ? soLines(finding, options) : []),
];

/** Findings that several tests repeat, those of one test above in one line: how many goroutines, and how often, is each test's own. */
export function repeatedBySeveral(pairs: readonly (readonly [Finding, first: Finding])[], options: FindingTextOptions): readonly string[] {
  const { bold } = options.style ?? plain;
  const groups = new Map<string, (readonly [Finding, Finding])[]>();
  for (const pair of pairs) {
    const [, { package: path, test, verdict }] = pair;
    const key = JSON.stringify([path, test, verdict]);
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  return [...groups.values()].map((some) => {
    const [finding, first] = some[0]!;
    const causes = some.flatMap(([, { cause }]) => (cause === "unknown" ? [] : [`[${cause}]`]));
    const others = some.slice(1).map(([one, above]) => position(hasOwnPlace(above) ? one.blocked : above.blocked, options));
    return `    ${[bold(first.verdict), ...(causes.length === 0 ? [] : [causes.join(", ")]), [asAbove({ ...finding, test: undefined }, first, options), ...others].join(", ")].join("  ")}`;
  });
}

/** `as in TestA above, at pool.go:41`; of one test's own, where it started each of them. */
function asAbove({ package: path, test, createdBy, blocked }: Pick<Finding, "package" | "createdBy" | "blocked"> & { readonly test?: string | undefined }, first: Finding, options: FindingTextOptions): string {
  const isOwn = test !== undefined && test === first.test && path === first.package;
  const which = isOwn ? "as" : `as in ${path === first.package ? "" : `${first.package?.split("/").at(-1)}.`}${first.test ?? "the one"}`;
  return `${which} above, at ${position(hasOwnPlace(first) ? blocked : first.blocked, options)}${isOwn && createdBy !== undefined ? `, started at ${position(createdBy, options)}` : ""}`;
}

/** A finding whose goroutines those of the one above have started: where they are left, and why. */
export const startedText = (finding: Finding, coverage: Coverage | undefined, options: FindingTextOptions, isBrief = false): readonly string[] => isBrief ? [`${headline(finding, coverage, options.style ?? plain)}  started from the one above, at ${position(finding.blocked, options)}`, ...soLines(finding, options)] : [
  `${headline(finding, coverage, options.style ?? plain)}  started from the one above`,
  ...where({ ...finding, steps: [], stack: [] }, options).slice(0, 1),
  ...labelled("why", finding.evidence.slice(0, 1).map((sentence) => inShort(sentence, finding.package))),
  ...soLines(finding, options),
];

/** A finding in a line: what it is, and where. For a report that would be too long to read. */
export function briefText(finding: Finding, coverage: Coverage | undefined, options: FindingTextOptions): readonly string[] {
  const { blocked, message, verdict } = finding;
  const { first, rest: [next] } = wordsOf(message);
  // Behind an error's own words comes its stack; behind what was expected, what there was.
  const more = verdict === "flaky" && (first === message?.split("\n")[0]!.trim() || /^\s*actual/.test(next ?? "")) ? next : undefined;
  const where = blocked.file === "" ? blocked.function : position(blocked, options);
  return [`${headline(finding, coverage, options.style ?? plain)}  at ${where}${finding.needsStall ? "; only on a machine that stalls" : ""}`, ...(more === undefined ? [] : labelled("says", [more]))];
}

/** Those that wait for it, by their places. */
function soLines({ consequences = [] }: Finding, options: FindingTextOptions): readonly string[] {
  const places = consequences.map(({ blocked }) => position(blocked, options));
  return places.length === 0 ? [] : labelled("so", [`${count(consequences.reduce((sum, { goroutines }) => sum + goroutines, 0), "more goroutine")} ${places.length === 1 ? "is" : "are"} left with it: ${places.join(", ")}`]);
}

const headline = (finding: Finding, coverage: Coverage | undefined, { bold }: Style): string =>
  `    ${bold(finding.verdict)}: ${HEADLINE[finding.verdict](finding)}${often(finding, coverage)}${finding.cause === "unknown" ? "" : `  [${finding.cause}]`}`;

/** `; in 31 of 212 schedules`. */
function often({ seen }: Finding, coverage: Coverage | undefined): string {
  if (coverage === undefined || coverage.native || seen === undefined) return "";
  if (seen >= coverage.schedules) return coverage.schedules === 1 ? "" : "; in every schedule";
  return `; in ${number(seen)} of ${number(coverage.schedules)} schedules`;
}

function where({ blocked, createdBy, calledFrom, steps: all, stack }: Finding, options: FindingTextOptions): readonly string[] {
  if (blocked.file === "" && blocked.line === 0) return blocked.function === "" ? [] : [`        ${blocked.reason}: ${blocked.function}`];
  const { bold } = options.style ?? plain;
  const source = all?.findLast(({ file, line, source: text }) => text && file === blocked.file && line === blocked.line)?.source ?? stack[0]?.source;
  return [
    `        ${shortSymbol(blocked.function)}   ${bold(position(blocked, options))}   ${blocked.reason}`,
    ...(source === undefined ? [] : [`            ${cut(source)}`]),
    ...(createdBy === undefined ? [] : [`        started by ${shortSymbol(createdBy.function)}   ${position(createdBy, options)}${calledFrom === undefined ? "" : `, called at ${position(calledFrom, options)}`}`]),
  ];
}

function consequenceText({ blocked, goroutines, why }: Consequence, options: FindingTextOptions, path: string | undefined): string {
  const many = goroutines === 1 ? "" : `${goroutines} ${blocked.reason === "await" ? "awaits" : "goroutines"}: `;
  return inShort(`${many}${shortSymbol(blocked.function)} (${position(blocked, options)}, ${blocked.reason}) ${why}`, path);
}

function steps(finding: Finding, verbose: boolean, options: RowOptions): readonly string[] {
  const { steps: all = [], contrast } = finding;
  if (contrast !== undefined) return contrastRows(finding, contrast, verbose, options);
  const shown = shownSteps(all, verbose);
  const isTraced = finding.schedule === undefined || shown.some(({ number, text }) => number !== undefined || text.startsWith("starts goroutine")); // else there was no time for a traced replay: the end alone is known, and stands above
  return shown.length === 0 || !isTraced ? [] : [`    ${stepsTitle(shown, finding)}`, ...stepRows(onOneScreen(shown, verbose), options)];
}

const rowOptions = ({ test, scope }: Pick<Finding, "test" | "scope">, style: Style): RowOptions => ({
  style,
  scope: scopeGoroutine({ test, scope }),
  scopeName: scopeWord(test?.split("/")[0]),
});

/** The scope's own goroutine in the steps: a test's name, unless that is a sentence, as in TypeScript. */
const scopeWord = (test = "main"): string => (test.length > 24 || test.includes(" ") ? "test" : test);

export function position({ file, line }: Pick<Frame, "file" | "line">, { cwd }: FindingTextOptions): string {
  return `${pathBelow(file, cwd) ?? file}:${line}`;
}

/** A replay that shows nothing. */
export function replayedText(all: readonly Step[], about: Pick<Finding, "test" | "scope">, style: Style): readonly string[] {
  return all.length === 0 ? ["    nothing of the program's own happened"] : ["    steps", ...stepRows(all, rowOptions(about, style))];
}

/** The finding's own package by its last name: `example.com/shop/cart.Add` → `cart.Add`. */
export function inShort(sentence: string, path: string | undefined): string {
  const folder = path?.slice(0, path.lastIndexOf("/") + 1) ?? "";
  return folder === "" ? sentence : sentence.replaceAll(folder, "");
}

/** A label in front of the first of some lines, the others below it. */
function labelled(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, i) => `    ${(i === 0 ? label : "").padEnd(5)}${line}`);
}
