import type { Examination, Report } from "../model/examination.js";
import { isNote, type Finding } from "../model/finding.js";

/** 0 clean, 1 findings or a test that fails in its natural schedule, 2 something could not be done (which weighs more: what was not done may hold more findings). */
export function exitCode(report: Report, strict = false): number {
  if (report.failures.length > 0) return 2;
  return report.examinations.some((one) => failsItself(one) || one.findings.some((finding) => counts(finding, strict))) ? 1 : 0;
}

/**
 * Does it fail by itself, whatever was found? A test that failed, or that ended its process (`exit 0` too: the tests behind
 * it do not run). A main ends as it likes. What a deadlock or a panic shows is a finding of its own.
 */
export const failsItself = ({ name, package: path, outcome }: Pick<Examination, "name" | "package" | "outcome">): boolean =>
  outcome === "failed" || (name !== path && /^exit \d+$/.test(outcome));

/** Is it a finding, not a note? `--strict` turns lingering goroutines, and what fails only on a machine that stalls, into findings. */
export const counts = (finding: Finding, strict: boolean): boolean => !isNote(finding) || (strict && finding.verdict !== "cut-short");
