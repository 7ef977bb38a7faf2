import { withoutStrings } from "./code-line.js";

/**
 * Which `case` of a select statement in Go's source the runtime means by its number.
 *
 * The compiler hands the cases to selectgo with the sends first, in the order of the source, and the receives from the
 * end backwards (cmd/compile/internal/walk/select.go, walkSelectCases: `i = nsends` and `i = ncas - nrecvs`). A default
 * case has no number.
 */
interface SourceSelectCase {
  /** Counted from 1. */
  readonly line: number;
  /** `case v := <-results:`. */
  readonly text: string;
}

/**
 * The case with the runtime's number `index`, of the select statement that begins in line `line`; undefined where the
 * source is not formatted as gofmt does it, so that nothing is said rather than something wrong.
 */
export function selectCase(lines: readonly string[], line: number, index: number): SourceSelectCase | undefined {
  const cases = selectCases(lines, line);
  const sends = cases.filter(({ text }) => isSend(text));
  const receives = cases.filter(({ text }) => !isSend(text));
  return index < sends.length ? sends[index] : receives[cases.length - 1 - index];
}

/** All but the default, in the order of the source; none unless `select {` stands in that line and its end is found. */
export function selectCases(lines: readonly string[], line: number): readonly SourceSelectCase[] {
  if (!/\bselect \{$/.test(code(lines[line - 1] ?? ""))) return [];
  const cases: SourceSelectCase[] = [];
  let depth = 1;
  for (let at = line; at < lines.length; at++) {
    const text = code(lines[at]!);
    if (depth === 1 && /^case\b/.test(text)) cases.push({ line: at + 1, text });
    for (const bracket of text.match(/[{}]/g) ?? []) depth += bracket === "{" ? 1 : -1;
    if (depth <= 0) return cases;
  }
  return [];
}

/** `case ch <- v:`; a receive begins with the arrow, or has it behind an assignment. */
const isSend = (text: string): boolean => !/^case\s+(\(*<-|[^<]*=\s*\(*<-)/.test(text);

const code = (line: string): string => withoutStrings(line).trim();
