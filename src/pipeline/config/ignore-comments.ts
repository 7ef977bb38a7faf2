import type { Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import type { Suppressed } from "./suppressions.js";

/** The lines of a source file; undefined where there is none. */
type LinesOf = (file: string) => readonly string[] | undefined;

/**
 * Takes out what the source itself accepts: `//unpark:ignore <reason>` at the end of the line of the `go` statement that
 * started the goroutine, or alone on the line above.
 * C1. Without a reason it accepts nothing, and that is said.
 * C2. It is about goroutines that this statement started; a panic or a failed assertion is never accepted by it.
 */
export function applyComments(report: Report, linesOf: LinesOf): Suppressed {
  const accepted = new Map<string, { readonly reason: string; many: number }>();
  const bare = new Set<string>();
  const accepts = (finding: Finding): boolean => {
    if (finding.createdBy === undefined || finding.verdict === "panics" || finding.verdict === "flaky") return false; // C2
    const { file, line } = finding.createdBy;
    const reason = reasonAt(linesOf(file) ?? [], line);
    if (reason === undefined) return false;
    const place = `${file}:${line}`;
    if (reason === "") bare.add(place); // C1
    else accepted.set(place, { reason, many: (accepted.get(place)?.many ?? 0) + 1 });
    return reason !== "";
  };
  const examinations = report.examinations.map((one) => ({ ...one, findings: one.findings.filter((finding) => !accepts(finding)) }));
  return {
    report: { ...report, examinations },
    notes: [
      ...[...accepted].map(([place, { reason, many }]) => `ignored ${many} finding${many === 1 ? "" : "s"} of the goroutine started at ${place}: ${reason}`),
      ...[...bare].map((place) => `the comment at ${place} says no reason, and so ignores nothing: //unpark:ignore <reason>`),
    ],
  };
}

function reasonAt(lines: readonly string[], line: number): string | undefined {
  const above = lines[line - 2] ?? "";
  return reasonIn(lines[line - 1] ?? "") ?? (/^\s*\/\//.test(above) ? reasonIn(above) : undefined);
}

/** A directive as Go writes them: no blank behind the slashes. */
const reasonIn = (text: string): string | undefined => {
  const match = /\/\/unpark:ignore(?:\s+(\S.*?))?\s*$/.exec(text);
  return match === null ? undefined : (match[1] ?? "");
};
