import type { Checkup } from "../model/results/checkup.js";
import type { Difference } from "../model/results/difference.js";
import { TIMED_OUT, type Examination, type Report } from "../model/results/examination.js";
import { isNote, type Finding } from "../model/finding/finding.js";
import type { FixReport } from "../model/results/fix.js";
import type { GateReport } from "../model/results/gate.js";
import type { Inspection } from "../model/results/inspection.js";
import { isFinding } from "../model/finding/suspect.js";
import type { Verification } from "../model/results/verification.js";
import type { WatchSummary } from "../model/results/watching.js";

/** The process's exit codes: one function below for each kind of result, and no other place decides. */
export const CLEAN = 0;
export const FINDINGS = 1;
/** Something could not be done. It weighs more than findings: what was not done may hold more of them. */
export const FAILED = 2;

export type ExitCode = typeof CLEAN | typeof FINDINGS | typeof FAILED;

const found = (any: boolean): ExitCode => (any ? FINDINGS : CLEAN);

/** Of an exploration: findings, or a test that fails in its natural schedule. One that came to no verdict at all would be green for ever. */
export function reportExit({ failures, examinations }: Report, strict = false): ExitCode {
  if (failures.length > 0) return FAILED;
  if (examinations.some((one) => failsItself(one) || one.findings.some((finding) => counts(finding, strict)))) return FINDINGS;
  return examinations.some(({ coverage }) => !coverage.native) && examinations.every(({ outcome }) => outcome === "no verdict") ? FAILED : CLEAN;
}

/** Of `unpark fix`: findings that are still in the files, mended by no patch or by one that is not written. */
export function fixExit({ failures, outcomes, together, written }: FixReport): ExitCode {
  if (failures.length > 0) return FAILED;
  return found(outcomes.some((one) => written.length === 0 || together?.mends.includes(one) !== true));
}

/** Of `unpark test --native`: the report's own, then what `go test` gave; undefined: it was not run to its end. */
export const nativeExit = (report: ExitCode, goTest: number | undefined): number => (report === FAILED || goTest === undefined || goTest === 0 ? report : goTest);

export const inspectionExit = (inspections: readonly Inspection[]): ExitCode => found(inspections.some(({ suspects }) => suspects.some(isFinding)));

export const differenceExit = ({ changes }: Difference): ExitCode => found(changes.some(({ kind }) => kind === "new" || kind === "grown"));

export const verificationExit = ({ violations }: Verification): ExitCode => found(violations.length > 0);

/**
 * Of a gate over many targets: a leak is known, and weighs more than what could not be checked. A gate that checked
 * nothing at all has failed, whatever was asked for: it would be green for ever.
 */
export function gateExit({ targets, warnOnly }: GateReport): ExitCode {
  if (targets.every(({ state }) => state === "unchecked")) return FAILED;
  if (warnOnly) return CLEAN;
  if (targets.some(({ state }) => state === "leaking")) return FINDINGS;
  return targets.some(({ state }) => state === "unchecked") ? FAILED : CLEAN;
}

/** Of a watch: what grew weighs more than a target that never answered, for it is known. */
export function watchExit({ growing, targets, unsaved }: WatchSummary): ExitCode {
  if (growing.length > 0) return FINDINGS;
  return unsaved > 0 || targets.some(neverAnswered) ? FAILED : CLEAN;
}

/** Of `unpark doctor`: it has no findings, only what cannot work. */
export const checkupExit = ({ checks }: Checkup): ExitCode => (checks.some(({ state }) => state === "broken") ? FAILED : CLEAN);

export const neverAnswered = ({ scrapes }: WatchSummary["targets"][number]): boolean => scrapes === 0;

/**
 * Does it fail by itself, whatever was found? A test that failed, that is not over when go test ends it, or that ended its process (`exit 0` too: the tests behind
 * it do not run). A main ends as it likes. What a deadlock or a panic shows is a finding of its own.
 */
export const failsItself = ({ name, package: path, outcome }: Pick<Examination, "name" | "package" | "outcome">): boolean =>
  outcome === "failed" || (name !== path && (outcome === TIMED_OUT || /^exit \d+$/.test(outcome)));

/** Is it a finding, not a note? `--strict` turns lingering goroutines, and what fails only on a machine that stalls, into findings; what a project has said of a verdict by name holds with it, too. */
export const counts = (finding: Finding, strict: boolean): boolean => !isNote(finding) || (strict && finding.severity === undefined && finding.verdict !== "cut-short");
