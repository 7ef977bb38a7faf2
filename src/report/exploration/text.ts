import { REPLAYED, type Coverage, type Examination, type Failure, type Report } from "../../model/examination.js";
import type { Consequence, Contrast, Finding, Step } from "../../model/finding.js";
import { shortSymbol } from "../../model/blame.js";
import type { Frame } from "../../model/stack.js";
import { counts } from "../exit-code.js";
import { replayCommand } from "./replay-command.js";
import { plain, type Style } from "../shared/style.js";
import { CAUSE_WORDS } from "../shared/causes.js";
import { count, number, seconds, STALL_WORDS, TEST_CODE, VERDICT_WORDS } from "./verdict-words.js";

export interface TextOptions {
  readonly style?: Style;
  /** Files below this folder are shown relative to it. */
  readonly cwd?: string;
  /** Lingering goroutines count as findings. */
  readonly strict?: boolean;
  /** Show the steps of each finding. Default true. */
  readonly steps?: boolean;
}

/** The report for a terminal: each finding as a person reads it in ten seconds, then what was covered, honestly. */
export function reportText(report: Report, options: TextOptions = {}): string {
  const page = new Page(report, options);
  const findings = report.examinations.flatMap((examination) => examination.findings);
  return [
    ...inOrder(findings, options.strict ?? false).map((finding) => page.finding(finding)),
    ...report.examinations.flatMap(({ steps, name, package: path }) => (steps === undefined ? [] : [page.told(steps, name === path ? undefined : name)])),
    ...report.failures.map((failure) => page.failure(failure)),
    page.summary(),
  ].join("\n");
}

/** What decides the exit code comes first, notes after it. */
function inOrder(all: readonly Finding[], strict: boolean): readonly Finding[] {
  return [...all.filter((one) => counts(one, strict)), ...all.filter((one) => !counts(one, strict))];
}

class Page {
  readonly #report: Report;
  readonly #style: Style;
  readonly #options: TextOptions;

  constructor(report: Report, options: TextOptions) {
    this.#report = report;
    this.#options = options;
    this.#style = options.style ?? plain;
  }

  finding(finding: Finding): string {
    const { dim } = this.#style;
    const command = this.#report.origin && replayCommand(this.#report.origin, finding);
    const lines = [
      this.#headline(finding),
      ...this.#where(finding),
      ...(finding.message === undefined ? [] : labelled("says", finding.message.split("\n"))),
      ...labelled("why", [...finding.evidence.map((sentence) => inShort(sentence, finding.package)), ...(finding.cause === "unknown" ? [] : [CAUSE_WORDS[finding.cause].advice])]),
      ...(finding.unreachable === true ? labelled("proof", ["the runtime's leak collection cannot reach it from any goroutine that can still run"]) : []),
      ...(finding.unreachable === false ? labelled("reach", ["something that can still run refers to it"]) : []),
      ...labelled("so", (finding.consequences ?? []).map((one) => this.#consequence(one))),
      ...(finding.needsStall ? labelled("when", [STALL_WORDS]) : []),
      ...(this.#options.steps === false || this.#isBrief(finding) ? [] : this.#steps(finding)),
      ...(finding.contrast === undefined ? [] : this.#contrast(finding, finding.contrast)),
      ...(command === undefined ? [] : labelled("replay", [command])),
    ];
    return `${lines.map((line, i) => (i === 0 ? line : line.startsWith("    replay") ? dim(line) : line)).join("\n")}\n`;
  }

  #consequence({ blocked, goroutines, why }: Consequence): string {
    return `${goroutines === 1 ? "" : `${goroutines} x `}${blocked.reason} at ${this.#position(blocked)} in ${shortSymbol(blocked.function)} ${why}`;
  }

  /** The schedule of what needs a stall is for those who ask for it (`--strict`, `unpark replay`). */
  #isBrief(finding: Finding): boolean {
    return finding.needsStall === true && !counts(finding, this.#options.strict ?? false);
  }

  /** A replay that shows nothing. */
  told(steps: readonly Step[], test: string | undefined): string {
    const lines = this.#rows(steps, test);
    return `${lines.length > 0 ? lines.join("\n") : "    nothing of the program's own happened"}\n`;
  }

  #headline(finding: Finding): string {
    const { bad, note, bold, dim } = this.#style;
    const { verdict, cause, goroutines, test } = finding;
    const mark = counts(finding, this.#options.strict ?? false) ? bad(verdict.toUpperCase()) : note(verdict);
    const about = verdict === "panics" || verdict === "flaky" ? "" : `, ${count(goroutines, "goroutine")}`;
    const where = test === undefined ? "" : ` in ${bold(test)}`;
    return `${mark} ${cause === "unknown" ? "" : bold(cause)}${cause === "unknown" ? VERDICT_WORDS[verdict] : dim(` (${VERDICT_WORDS[verdict]})`)}${about}${where}`;
  }

  #where({ blocked, createdBy, steps, testCode }: Finding): string[] {
    const { bold } = this.#style;
    if (blocked.file === "" && blocked.line === 0) return [`    ${blocked.reason}: ${blocked.function}`];
    const source = steps?.findLast(({ file, line, source: text }) => text && file === blocked.file && line === blocked.line)?.source;
    return [
      `    ${blocked.reason} at ${bold(this.#position(blocked))} in ${shortSymbol(blocked.function)}${testCode ? this.#style.dim(`, ${TEST_CODE}`) : ""}`,
      ...(source === undefined ? [] : [`        ${cut(source)}`]),
      ...(createdBy === undefined ? [] : [`    created by ${shortSymbol(createdBy.function)} at ${this.#position(createdBy)}`]),
    ];
  }

  #steps({ steps = [], test, scope }: Finding): string[] {
    return this.#rows(steps, test, scope);
  }

  #contrast({ test, scope }: Finding, { steps, partsAt, here, there }: Contrast): string[] {
    const rows = this.#rows(steps, test, scope);
    return [
      ...labelled("parts", [`at step ${partsAt}: up to there both schedules are the same`]),
      ...this.#rows([here, there], test, scope).slice(1).map((row, i) => `${i === 0 ? "      here " : "      there"}${row}`),
      ...(rows.length === 0 ? [] : ["    a schedule in which it ends", ...rows.slice(1)]),
    ];
  }

  #rows(steps: readonly Step[], test: string | undefined, scope?: string): string[] {
    if (steps.length === 0) return [];
    const rows = steps.map((step) => this.#step(step, scope ?? (test === undefined ? "1" : "1.1"), scopeWord(test)));
    const widths = [0, 1, 2].map((column) => Math.min(60, Math.max(...rows.map((row) => row[column]!.length))));
    return ["    steps", ...rows.map((row) => `      ${row.map((cell, i) => (i === 0 ? cell.padStart(widths[0]!) : i < 3 ? cell.padEnd(widths[i]!) : cell)).join("  ").trimEnd()}`)];
  }

  #step({ number, goroutine, text, file, line, source }: Step, scopes: string, scope: string): readonly string[] {
    const name = goroutine === undefined ? (text.startsWith("the clock") ? "@" : "") : goroutine === scopes ? scope : goroutine;
    const place = file === undefined || file === "" ? "" : `${file.slice(file.lastIndexOf("/") + 1)}:${line}`;
    return [number === undefined ? "" : String(number), name, text, `${place}${source === undefined ? "" : `  ${this.#style.dim(cut(source))}`}`];
  }

  failure({ package: name, test, message }: Failure): string {
    const { bad } = this.#style;
    const [first = "", ...more] = message.split("\n");
    return `${bad("CANNOT")} ${[name, test].filter(Boolean).join(" ")}: ${first}\n${more.map((line) => `    ${line}\n`).join("")}`;
  }

  summary(): string {
    const lines = this.#report.examinations.flatMap((examination) => this.#examined(examination));
    return `${[...lines, this.#total()].join("\n")}\n`;
  }

  #examined(examination: Examination): string[] {
    const { good, bad, note, dim } = this.#style;
    const { findings, coverage, limits, outcome, output } = examination;
    const found = findings.filter((finding) => counts(finding, this.#options.strict ?? false)).length;
    const notes = findings.length - found;
    const mark = found > 0 ? bad("FOUND") : outcome === "failed" ? bad("FAIL ") : notes > 0 ? note("ok   ") : good("ok   ");
    const told = [found > 0 ? count(found, "finding") : "no finding", ...(notes > 0 ? [count(notes, "note")] : [])].join(", ");
    if (coverage.native && findings.length === 0 && outcome === "no verdict") return [note(`?     ${title(examination)}: ${limits.join("; ")}`)];
    const ended = outcome === "passed" || outcome === "" ? "" : `; ${coverage.native ? "go test" : coverage.stoppedBy === REPLAYED ? "it ends with" : "natural schedule"}: ${outcome}`;
    return [
      `${mark} ${title(examination)}: ${told} in ${covered(coverage)}${ended}`,
      ...(outcome === "failed" && output !== undefined ? output.trimEnd().split("\n").map((line) => `      ${line}`) : []),
      ...limits.map((limit) => dim(coverage.native ? `      ${limit}` : `      not explored: ${limit}`)),
    ];
  }

  #total(): string {
    const { examinations, failures, origin } = this.#report;
    const native = examinations.filter(({ coverage }) => coverage.native);
    const explored = examinations.filter(({ coverage }) => !coverage.native);
    const total = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0);
    const findings = examinations.flatMap((one) => one.findings);
    const found = findings.filter((finding) => counts(finding, this.#options.strict ?? false)).length;
    const packages = `${count(native.length, "package")}${explored.length > 0 ? "" : ", run natively"}`;
    const parts = [
      ...(native.length > 0 && explored.length === 0 ? [`${count(found, "finding")} and ${count(findings.length - found, "note")} in ${packages}`] : []),
      ...(explored.length > 0 || (native.length === 0 && origin?.packages[0] !== "--native")
        ? [
            `${count(found, "finding")} in ${count(explored.length, "program")}${native.length > 0 ? ` and ${packages} run natively` : ""}`,
            `${count(total(explored.map(({ coverage }) => coverage.schedules)), "schedule")} in ${seconds(total(explored.map(({ coverage }) => (coverage.cached ? 0 : coverage.milliseconds))))}`,
            ...(explored.every(({ coverage }) => coverage.stoppedBy === REPLAYED)
              ? []
              : [`${explored.filter(({ coverage }) => coverage.complete).length} of ${explored.length} explored completely`]),
          ]
        : []),
      ...(failures.length > 0 ? [`${failures.length} could not be done`] : []),
    ];
    return this.#style.bold(parts.length > 0 ? parts.join("; ") : "nothing was run: there are no tests");
  }

  #position({ file, line }: Pick<Frame, "file" | "line">): string {
    const { cwd } = this.#options;
    const shown = cwd !== undefined && file.startsWith(`${cwd}/`) ? file.slice(cwd.length + 1) : file;
    return `${shown}:${line}`;
  }
}

const title = ({ package: path, name }: Examination): string => (name === path ? path : `${path} ${name}`);

/** All, or not all: two different sentences, so that nobody reads one for the other. */
export function covered({ schedules, complete, bounds, stoppedBy, milliseconds, native, cached }: Coverage): string {
  const took = cached ? "cached" : seconds(milliseconds);
  if (native) return `${schedules === 1 ? "one native run" : `${number(schedules)} native runs of each test`} (${seconds(milliseconds)})`;
  if (stoppedBy === REPLAYED) return "the schedule that was replayed";
  const within = bounds.length > 0 ? `; within: ${bounds.join(", ")}` : "";
  if (complete && schedules === 1) return `its only schedule: no other differs (${took}${within})`;
  if (complete) return `all ${count(schedules, "schedule")} that differ (${took}${within})`;
  return `${count(schedules, "schedule")}, not all (${took}; ${stoppedBy === "interrupted" ? stoppedBy : `stopped by ${stoppedBy ?? "the search's own bounds"}`}${within})`;
}

/** The finding's own package by its last name: `example.com/shop/cart.Add` → `cart.Add`. */
function inShort(sentence: string, path: string | undefined): string {
  const folder = path?.slice(0, path.lastIndexOf("/") + 1) ?? "";
  return folder === "" ? sentence : sentence.replaceAll(folder, "");
}

/** The scope's own goroutine in the steps: a test's name, unless that is a sentence, as in TypeScript. */
const scopeWord = (test = "main"): string => (test.length > 24 || test.includes(" ") ? "test" : test);

/** A source line, as much of it as tells which it is. */
const cut = (source: string): string => (source.length > LONGEST ? `${source.slice(0, LONGEST)}…` : source);
const LONGEST = 72;

/** A label in front of the first of some lines, the others below it. */
function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `    ${(i === 0 ? label : "").padEnd(7)}${line}`);
}
