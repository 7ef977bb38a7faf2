import { shortSymbol } from "../../model/source/blame.js";
import type { FixOutcome, FixReport, MissedFix, ProvedFix } from "../../model/results/fix.js";
import { inShort, position } from "../exploration/finding-text.js";
import { count, number } from "../exploration/verdict-words.js";
import { safeText } from "../shared/safe-text.js";
import { plain, type Style } from "../shared/style.js";
import { missWords } from "./miss-words.js";
import { changesWords, doesWords, waysText } from "./way-words.js";

interface FixTextOptions {
  readonly style?: Style;
  readonly cwd?: string;
  /** The diffs of all patches that hold, and all that do not. */
  readonly verbose?: boolean;
}

/** For each finding: what was wrong, what the patch does, what was proved; then the patch. */
export const fixText = (report: FixReport, options: FixTextOptions = {}): string => safeText(report, (shown) => textOf(shown, options));

/** What one patch is, before somebody is asked about it: the same words, without the diff. */
export const proposalText = (outcome: FixOutcome, fix: ProvedFix, options: FixTextOptions = {}): string =>
  safeText({ outcome, fix }, (shown) => `${[...headOf(shown.outcome, options), ...sentences(shown.fix, options)].join("\n")}\n`);

/** A patch's diff. */
export const diffText = (fix: ProvedFix, options: FixTextOptions = {}): string => safeText(fix, (shown) => `${diffLines(shown.diff, options).join("\n")}\n`);

/** The last lines alone. */
export const totalsText = (report: FixReport): string => safeText(report, (shown) => `${totals(shown).join("\n")}\n`);

function textOf({ explored, outcomes, failures, together, written, chosen }: FixReport, options: FixTextOptions): string {
  const blocks = [
    ...outcomes.map((outcome) => outcomeText(outcome, options)),
    ...failures.map(({ package: path, message }) => [`CANNOT  ${path}`, ...message.split("\n").map((line) => `    ${line}`)]),
    ...(outcomes.length === 0 && failures.length > 0 ? [] : [totals({ explored, outcomes, together, written, chosen })]),
  ];
  return blocks.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function outcomeText(outcome: FixOutcome, options: FixTextOptions): readonly string[] {
  const { verbose = false } = options;
  const { proved, missed, refused } = outcome;
  const [best, ...others] = proved;
  return [
    ...headOf(outcome, options),
    ...(best === undefined ? [] : provedText(best, options)),
    ...(others.length > 0 && !verbose ? [""] : []),
    ...others.flatMap((one) => (verbose ? ["", ...provedText(one, options)] : labelled("also", [`--way=${one.candidate.way}: ${doesWords(one)}; but ${changesWords(one)}`]))),
    ...(best === undefined || verbose ? [...labelled("miss", nearest(missed, verbose).flatMap((one) => missText(one))), ...labelled("not", refused.map(({ way, why }) => `${way}: ${why}`))] : []),
    ...(best === undefined && missed.length === 0 && refused.length === 0 ? labelled("not", ["no way to mend this cause is known here"]) : []),
  ];
}

function headOf(outcome: FixOutcome, options: FixTextOptions): readonly string[] {
  const { style = plain } = options;
  const { findings, proved } = outcome;
  const [first] = findings;
  const programs = [...new Set(findings.map(({ test, package: path }) => test ?? path ?? ""))];
  const title = `${programs.length > 3 ? `${programs.slice(0, 3).join(", ")} …` : programs.join(", ")}${first!.test === undefined ? "" : `  (${first!.package ?? ""})`}`;
  return [proved.length === 0 ? style.bad(`--- NO FIX: ${title}`) : style.good(`--- FIX: ${title}`), ...labelled("wrong", [wrong(outcome, options)])];
}

function wrong({ findings, seen, schedules }: FixOutcome, options: FixTextOptions): string {
  const [first] = findings;
  const { verdict, cause, blocked, evidence } = first!;
  const often = schedules === 0 || seen === 0 ? "" : `, in ${number(seen)} of ${count(schedules, "schedule")}`;
  const why = evidence[0] === undefined ? "" : `: ${inShort(evidence[0], first!.package)}`;
  return `${verdict}${cause === "unknown" ? "" : ` [${cause}]`} at ${position(blocked, options)} (${shortSymbol(blocked.function)}, ${blocked.reason})${often}${why}`;
}

const provedText = (fix: ProvedFix, options: FixTextOptions): readonly string[] => [...sentences(fix, options), "", ...diffLines(fix.diff, options)];

function sentences(fix: ProvedFix, options: FixTextOptions): readonly string[] {
  return [
    ...labelled("patch", [...(fix.of === undefined ? [] : [`that of ${position(fix.of, options)} mends this one, too`]), `${doesWords(fix)}  [${waysText(fix.candidate)}]`]),
    ...labelled("proved", [proofWords(fix)]),
    ...labelled("but", [changesWords(fix)]),
  ];
}

/** What was tried, and that all of it held. */
export function proofWords({ proof: { schedules, complete, before, programs, tests, checked, repeated } }: ProvedFix): string {
  const explored = repeated ? "gone where it is repeated" : complete ? `gone in ${schedules === 1 ? "the only schedule" : `all ${count(schedules, "schedule")}`}, explored completely` : `gone in ${count(schedules, "schedule")}, not all that there are`;
  const measure = before.complete || repeated ? "" : ` (without the patch ${number(before.schedules)} ${before.schedules === 1 ? "was" : "were"} tried, not all)`;
  const around = `nothing new in ${count(programs, "program")} explored again`;
  const natively = tests === undefined || tests === 0 ? "" : `; natively ${tests === 1 ? "the 1 test that passed passes" : `the ${number(tests)} tests that passed pass`}`;
  return `${explored}${measure}; ${around}${natively}; ${checked === "vet" ? "go vet" : "the type checker"} says nothing new`;
}

/** The one that came furthest is told in full: built, explored, then tests and vet. */
const nearest = (missed: readonly MissedFix[], all: boolean): readonly MissedFix[] => {
  const far = (one: MissedFix): number => ["types", "build", "still", "new", "limit", "outcome", "fewer", "vet", "tests"].indexOf(one.miss.kind);
  const inOrder = [...missed].sort((a, b) => far(b) - far(a));
  return all ? inOrder : inOrder.slice(0, 1);
};

/** The patch itself only where nothing speaks against it but that too little could be tried. */
const missText = (one: MissedFix): readonly string[] => [`${waysText(one.candidate)}: ${doesWords(one)}`, `  ${missWords(one.miss)}`, ...(one.miss.kind === "fewer" ? ["", ...one.diff.trimEnd().split("\n")] : [])];

function diffLines(diff: string, { style = plain }: FixTextOptions): readonly string[] {
  return diff.trimEnd().split("\n").map((line) => (/^(?:---|\+\+\+) /.test(line) ? style.bold(line) : line.startsWith("+") ? style.good(line) : line.startsWith("-") ? style.bad(line) : line));
}

function totals({ explored, outcomes, together, written, chosen }: Pick<FixReport, "explored" | "outcomes" | "written"> & { readonly together?: FixReport["together"]; readonly chosen?: number | undefined }): readonly string[] {
  if (outcomes.length === 0) return [`Nothing to fix: nothing was found${nothingMore(explored)}.`];
  const mended = outcomes.filter(({ proved }) => proved.length > 0).length;
  const apart = (chosen ?? mended) - (together?.mends.length ?? 0);
  return [
    `${mended} of ${count(outcomes.length, "finding")} ${mended === 1 ? "has" : "have"} a proved fix.`,
    ...(apart > 0 ? [`${apart} of these ${apart === 1 ? "does" : "do"} not hold together with the others: apply those first, then run fix again.`] : []),
    ...(written.length > 0 ? [`Written: ${written.join(", ")}`] : mended > 0 ? [chosen === 0 ? "Nothing is written: none was chosen." : "Nothing is written: give --write, or --patch=FILE for git apply."] : []),
  ];
}

/** An exploration that ended early has not shown that there is nothing. */
const nothingMore = ({ programs, complete }: FixReport["explored"]): string => (complete < programs ? `, but not all schedules of ${number(programs - complete)} of ${count(programs, "program")} were tried` : "");

/** A label in front of the first of some lines, the others below it. */
const labelled = (label: string, lines: readonly string[]): readonly string[] => lines.map((line, i) => `    ${(i === 0 ? label : "").padEnd(7)}${line}`);
