import type { Diagnostic, DiagnosticRelatedInformation } from "vscode-languageserver-protocol";
import { isNote, type Finding, type Verdict } from "../model/finding/finding.js";
import { relatedPlaces } from "../report/editor/places.js";
import { findingText } from "../report/exploration/finding-text.js";
import { safeText } from "../report/shared/safe-text.js";
import { rangeOf } from "./line-finder.js";
import { uriOf, type NumberedFinding, type Workspace } from "./workspace.js";

/** DiagnosticSeverity of the protocol. */
const SEVERITY = { error: 1, warning: 2, information: 3 } as const;
const PROVED: ReadonlySet<Verdict> = new Set<Verdict>(["leaked", "deadlock", "panics"]);

/** What a code action has to know; the client sends it back. */
export interface DiagnosticData {
  readonly goStatement?: { readonly uri: string; readonly line: number };
}

/** The findings as diagnostics of each document, those that the project accepts left out. */
export function diagnosticsOf(workspace: Workspace): ReadonlyMap<string, readonly Diagnostic[]> {
  const all = new Map<string, Diagnostic[]>();
  for (const one of workspace.findings) {
    const { blocked, createdBy } = one.finding;
    if (createdBy !== undefined && one.report.accepted.includes(`${createdBy.file}:${createdBy.line}`)) continue;
    const line = workspace.lineNow(one.report, blocked);
    if (line === undefined) continue;
    const uri = uriOf(blocked.file);
    all.set(uri, [...(all.get(uri) ?? []), diagnostic(one, line, workspace)]);
  }
  return all;
}

function diagnostic({ finding, coverage, report }: NumberedFinding, line: number, workspace: Workspace): Diagnostic {
  const { verdict, cause, createdBy, blocked, test } = finding;
  const related = relatedPlaces(finding).flatMap((place): DiagnosticRelatedInformation[] => {
    const now = workspace.lineNow(report, place);
    return now === undefined ? [] : [{ location: { uri: uriOf(place.file), range: rangeOf(workspace.linesOf(place.file)!, now) }, message: place.text }];
  });
  const go = createdBy === undefined ? undefined : workspace.lineNow(report, createdBy);
  const data: DiagnosticData = canBeIgnored(finding) && go !== undefined ? { goStatement: { uri: uriOf(createdBy!.file), line: go } } : {};
  return {
    range: rangeOf(workspace.linesOf(blocked.file)!, line),
    severity: isNote(finding) ? SEVERITY.information : PROVED.has(verdict) ? SEVERITY.error : SEVERITY.warning,
    source: "unpark",
    code: cause === "unknown" ? verdict : cause,
    message: `${test === undefined ? "" : `${test}: `}${wordsOf(finding, coverage)}`,
    relatedInformation: related,
    data,
  };
}

/** The report's own lines, without those of the place, which the editor shows, and without the steps. */
function wordsOf(finding: Finding, coverage: NumberedFinding["coverage"]): string {
  const lines = safeText(finding, (shown) => findingText(shown, coverage, { steps: false }).join("\n")).split("\n");
  return lines.filter((line) => !/^ {8}\S|^ {12}/.test(line)).map((line) => line.trim()).join("\n");
}

/** `//unpark:ignore` accepts goroutines, not panics or failed assertions (pipeline/config/ignore-comments.ts, C2). */
const canBeIgnored = ({ verdict }: Finding): boolean => verdict !== "panics" && verdict !== "flaky";
