import type { LastReport } from "../model/results/last-report.js";

/**
 * Where a line of a report is in the text as it is now, counted from 1: at its number, if the text there is still the same;
 * else where the one other line with that text is; else nowhere. What has changed is not what was explored.
 */
export function findLine(lines: readonly string[], wanted: number, { lines: known }: Pick<LastReport, "lines">, file: string): number | undefined {
  const text = known[file]?.[wanted];
  if (text === undefined) return undefined;
  if (lines[wanted - 1]?.trim() === text) return wanted;
  const first = lines.findIndex((line) => line.trim() === text);
  return first >= 0 && lines.findLastIndex((line) => line.trim() === text) === first ? first + 1 : undefined;
}

/** The line's text without the blanks around it, as a range of the protocol (from 0, in UTF-16 units). */
export function rangeOf(lines: readonly string[], line: number): { readonly start: { readonly line: number; readonly character: number }; readonly end: { readonly line: number; readonly character: number } } {
  const text = lines[line - 1] ?? "";
  const start = text.length - text.trimStart().length;
  return { start: { line: line - 1, character: start }, end: { line: line - 1, character: Math.max(start, text.trimEnd().length) } };
}
