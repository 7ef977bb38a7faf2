import { basename } from "node:path";
import { shortSymbol } from "../../model/source/blame.js";
import type { Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";

/** A line of a file, and what is so there. */
interface RelatedPlace {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** The other places that a finding is about: its `go` statement, those of the evidence, who waits for it. */
export function relatedPlaces(finding: Finding): readonly RelatedPlace[] {
  const { createdBy, calledFrom, evidence, consequences = [] } = finding;
  const all = [
    ...(createdBy === undefined ? [] : [{ file: createdBy.file, line: createdBy.line, text: `started here, by ${shortSymbol(createdBy.function)}` }]),
    ...(calledFrom === undefined ? [] : [{ file: calledFrom.file, line: calledFrom.line, text: `this call led to the go statement${createdBy === undefined ? "" : ` in ${shortSymbol(createdBy.function)}`}` }]),
    ...evidence.flatMap((sentence) => placesIn(sentence, finding).map((place) => ({ ...place, text: sentence }))),
    ...consequences.map(({ blocked, why }) => ({ file: blocked.file, line: blocked.line, text: `${shortSymbol(blocked.function)} ${why}` })),
  ];
  return all.filter(({ file, line }, i) => file !== "" && line > 0 && all.findIndex((one) => one.file === file && one.line === line && one.text === all[i]!.text) === i);
}

/** Evidence names files by their last names (`feed.go:46`): which is meant is said only where one file of the finding has that name. */
function placesIn(sentence: string, finding: Finding): readonly { readonly file: string; readonly line: number }[] {
  const files = new Set([finding.blocked.file, finding.createdBy?.file, ...finding.stack.map(({ file }) => file), ...(finding.steps ?? []).map(({ file }) => file)].filter((file) => file !== undefined && file !== ""));
  return [...sentence.matchAll(/([\w.-]+\.(?:go|[cm]?[jt]sx?)):(\d+)/g)].flatMap(([, name, line]) => {
    const candidates = [...files].filter((file) => basename(file!) === name);
    return candidates.length === 1 ? [{ file: candidates[0]!, line: Number(line) }] : [];
  });
}

/** Every line of a source file that an editor may be shown something at. */
export function placesOfReport({ examinations }: Report): readonly { readonly file: string; readonly line: number }[] {
  return examinations.flatMap(({ findings, goStatements = [] }) => [...goStatements, ...findings.flatMap((finding) => [finding.blocked, ...relatedPlaces(finding)])]).filter(({ file, line }) => file !== "" && line > 0);
}
