const CONTEXT = 3;

/** One line of a diff: kept, taken away, added. */
type Row = readonly [" " | "-" | "+", string];

/** The lines that two texts share, and those that one of them alone has. */
export const lineRows = (before: string, after: string): readonly Row[] => rowsOf(linesOf(before), linesOf(after));

/** The change of one file in the form that `git apply` and `patch -p1` take; empty where nothing changed. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return "";
  const rows = lineRows(before, after);
  const hunks = hunksOf(rows);
  return [`--- a/${path}\n`, `+++ b/${path}\n`, ...hunks].join("");
}

/** Each with its line end; the last may have none. */
const linesOf = (text: string): readonly string[] => text.split(/(?<=\n)/).filter((line) => line !== "");

/** The longest common subsequence of the lines between what the two share at their ends (Wagner and Fischer, 1974). */
function rowsOf(old: readonly string[], fresh: readonly string[]): readonly Row[] {
  let first = 0;
  while (first < old.length && first < fresh.length && old[first] === fresh[first]) first++;
  let last = 0;
  while (last < old.length - first && last < fresh.length - first && old[old.length - 1 - last] === fresh[fresh.length - 1 - last]) last++;
  const kept = (lines: readonly string[]): readonly Row[] => lines.map((line) => [" ", line]);
  return [...kept(old.slice(0, first)), ...between(old.slice(first, old.length - last), fresh.slice(first, fresh.length - last)), ...kept(old.slice(old.length - last))];
}

function between(old: readonly string[], fresh: readonly string[]): readonly Row[] {
  const length = Array.from({ length: old.length + 1 }, () => new Uint32Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) length[i]![j] = old[i] === fresh[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
  }
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      rows.push([" ", old[i]!]);
      i++;
      j++;
    } else if (i < old.length && (j === fresh.length || length[i + 1]![j]! >= length[i]![j + 1]!)) rows.push(["-", old[i++]!]);
    else rows.push(["+", fresh[j++]!]);
  }
  return rows;
}

function hunksOf(rows: readonly Row[]): readonly string[] {
  const near = rows.map((_, i) => rows.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some(([sign]) => sign !== " "));
  const hunks: string[] = [];
  let [oldLine, freshLine] = [1, 1];
  for (let i = 0; i < rows.length; ) {
    let end = i;
    while (end < rows.length && near[end] === near[i]) end++;
    const part = rows.slice(i, end);
    const [taken, added] = [part.filter(([sign]) => sign !== "+").length, part.filter(([sign]) => sign !== "-").length];
    if (near[i]) hunks.push(`@@ -${span(oldLine, taken)} +${span(freshLine, added)} @@\n`, ...part.map(([sign, line]) => `${sign}${line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`}`));
    oldLine += taken;
    freshLine += added;
    i = end;
  }
  return hunks;
}

/** A span of no lines is named by the line before it (POSIX diff, unified format). */
const span = (line: number, count: number): string => (count === 1 ? `${line}` : `${count === 0 ? line - 1 : line},${count}`);
