import type { FixOutcome, FixReport, ProvedFix } from "../../model/results/fix.js";
import { sarifLog, sarifResult } from "../exploration/sarif.js";
import { artifactLocation } from "../shared/file-uri.js";
import { lineChanges, type LineChange } from "./hunks.js";
import { proofWords } from "./text.js";
import { changesWords, doesWords } from "./way-words.js";

/** The findings as SARIF 2.1.0, each with the patches that are proved (`fixes`, 3.55), the first one first. */
export const fixSarif = (report: FixReport, options: { readonly cwd?: string } = {}): string =>
  sarifLog(report, report.outcomes.flatMap((outcome) => outcome.findings.map((finding) => ({ ...sarifResult(finding, options), ...fixesOf(outcome, options) }))));

const fixesOf = ({ proved }: FixOutcome, options: { readonly cwd?: string }) => (proved.length === 0 ? {} : { fixes: proved.map((fix) => fixValue(fix, options)) });

function fixValue(fix: ProvedFix, { cwd }: { readonly cwd?: string }) {
  const changes = lineChanges(fix.diff);
  const fileOf = (path: string): string => fix.candidate.edits.find(({ file }) => file.replace(/\\/g, "/").endsWith(`/${path}`))?.file ?? path;
  return {
    description: { text: `${doesWords(fix)}. Proved: ${proofWords(fix)}. Afterwards: ${changesWords(fix)}.` },
    artifactChanges: [...new Set(changes.map(({ path }) => path))].map((path) => ({
      artifactLocation: artifactLocation(fileOf(path), cwd),
      replacements: changes.filter((one) => one.path === path).map(replacement),
    })),
  };
}

/** Whole lines: from the first one's beginning to the beginning of the one behind the last, or to the file's end. */
function replacement({ line, removed, added }: LineChange) {
  const last = removed.at(-1);
  const end = last?.endsWith("\n") === false ? { endLine: line + removed.length - 1, endColumn: last.length + 1 } : { endLine: line + removed.length, endColumn: 1 };
  return { deletedRegion: { startLine: line, startColumn: 1, ...end }, insertedContent: { text: added.join("") } };
}
