import { optional } from "../../base/optional.js";
import { hashString } from "../../base/hash.js";
import type { Coverage, Examination, Report } from "../../model/results/examination.js";
import type { Finding, Step } from "../../model/finding/finding.js";
import { shortSymbol } from "../../model/source/blame.js";
import type { DrawnRun } from "../../model/run/schedule-picture.js";
import { counts } from "../exit-code.js";
import { replayCommand } from "../exploration/replay-command.js";
import { VERDICT_WORDS } from "../exploration/verdict-words.js";
import { CAUSE_WORDS } from "../shared/causes.js";

/** What the page shows: the same value that every other form of the report is made from. */
export interface ReportPageData {
  readonly findings: readonly PageFinding[];
  readonly programs: readonly PageProgram[];
  readonly failures: readonly { readonly where: string; readonly message: string }[];
}

export interface PageFinding {
  /** Stable from run to run: of verdict, cause and place, not of lines around it. */
  readonly id: string;
  readonly counts: boolean;
  readonly verdict: string;
  readonly meaning: string;
  readonly cause: string;
  readonly title: string;
  readonly place: string;
  readonly program: string;
  readonly goroutines: number;
  readonly why: readonly string[];
  readonly message: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly seen: string;
  readonly proved: boolean;
  readonly replay: string;
  readonly steps: readonly Step[];
  readonly drawn?: DrawnRun;
}

interface PageProgram {
  readonly name: string;
  readonly package: string;
  readonly outcome: string;
  readonly schedules: number;
  readonly complete: boolean;
  /** Why it is not complete, or within which bounds it is. */
  readonly words: string;
  readonly findings: number;
  readonly limits: readonly string[];
}

export interface ReportPageOptions {
  /** Files below this folder are shown relative to it. */
  readonly cwd: string;
  readonly strict: boolean;
}

export function reportPageData(report: Report, { strict }: ReportPageOptions): ReportPageData {
  const all = report.examinations.flatMap((examination) => examination.findings.map((finding) => findingOf(report, examination, finding, strict)));
  return {
    findings: withDistinctIds([...all.filter((one) => one.counts), ...all.filter((one) => !one.counts)]),
    programs: report.examinations.map((examination) => programOf(examination, strict)),
    failures: report.failures.map(({ package: path, test, message }) => ({ where: test === undefined ? path : `${path} ${test}`, message })),
  };
}

function findingOf({ origin }: Report, { name, package: path, coverage }: Examination, finding: Finding, strict: boolean): PageFinding {
  const { verdict, cause, blocked, createdBy, calledFrom, evidence, goroutines, seen, message = "", steps = [], drawn } = finding;
  return {
    id: `f-${hashString([verdict, cause, finding.package, finding.test, blocked.function, blocked.reason].join("\0")).toString(16).padStart(8, "0")}`,
    counts: counts(finding, strict),
    verdict,
    meaning: VERDICT_WORDS[verdict],
    cause,
    title: `${shortSymbol(blocked.function)}${blocked.reason === "" ? "" : `: ${blocked.reason}`}`,
    place: `${blocked.file}:${blocked.line}`,
    program: finding.test ?? (name === path ? path : `${path} ${name}`),
    goroutines,
    why: [...evidence, ...(cause === "unknown" ? [] : [CAUSE_WORDS[cause].advice])],
    message,
    createdBy: createdBy === undefined ? "" : shortSymbol(createdBy.function),
    createdAt: createdBy === undefined ? "" : `${createdBy.file}:${createdBy.line}${calledFrom === undefined ? "" : `, called at ${calledFrom.file}:${calledFrom.line}`}`,
    seen: seen === undefined || coverage.schedules < 2 ? "" : `in ${seen} of ${coverage.schedules} schedules`,
    proved: finding.unreachable === true,
    replay: (origin && replayCommand(origin, finding)) ?? "",
    steps,
    ...optional({ drawn }),
  };
}

function programOf({ name, package: path, outcome, coverage, findings, limits }: Examination, strict: boolean): PageProgram {
  return {
    name,
    package: path,
    outcome,
    schedules: coverage.schedules,
    complete: coverage.complete,
    words: coverageWords(coverage),
    findings: findings.filter((finding) => counts(finding, strict)).length,
    limits,
  };
}

function coverageWords({ complete, bounds, stoppedBy, native }: Coverage): string {
  if (native) return "one native run";
  if (!complete) return stoppedBy === undefined ? "not all schedules" : `not all schedules: ${stoppedBy}`;
  return bounds.length === 0 ? "every schedule that differs" : `every schedule that differs, with ${bounds.join(", ")}`;
}

/** Two findings of one place get a number behind. */
function withDistinctIds(findings: readonly PageFinding[]): readonly PageFinding[] {
  const taken = new Map<string, number>();
  return findings.map((finding) => {
    const n = (taken.get(finding.id) ?? 0) + 1;
    taken.set(finding.id, n);
    return n === 1 ? finding : { ...finding, id: `${finding.id}-${n}` };
  });
}
