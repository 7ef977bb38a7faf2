import type { SchedulePicture } from "../../model/run/schedule-picture.js";
import type { stepWords as wordsOfStep } from "./step-words.js";

/** Two schedules in one row: a step of each, or of one alone. Steps count from 0. */
interface AlignedRow {
  readonly here?: number;
  readonly there?: number;
}

/**
 * Two runs of one program, aligned: what they have in common stands in the same row, what only one does in a row of its own. Until
 * `partsAt` (from 1) they are the same. From there on the longest common subsequence decides, where a step is the same if the same
 * goroutine does the same at the same line: the letters of objects are given by each run anew, so they do not count. Where that would
 * take more than four million comparisons, only the common end is aligned. The page embeds this function's text, so it refers to nothing outside itself.
 */
export function alignSteps(here: SchedulePicture, there: SchedulePicture, partsAt: number, stepWords: typeof wordsOfStep): readonly AlignedRow[] {
  const keys = (of: SchedulePicture): readonly string[] =>
    of.steps.slice(partsAt - 1).map(({ other }, index) => {
      const { who, text, frame } = stepWords(of, partsAt - 1 + index);
      return [who, other === undefined ? "" : of.lanes[other]!.name, text.replace(/ [A-Z]+\d*\b/g, ""), frame?.[1] ?? "", frame?.[2] ?? ""].join("\n");
    });
  const [a, b] = [keys(here), keys(there)];
  const rows: AlignedRow[] = [];
  for (let step = 0; step < partsAt - 1; step++) rows.push({ here: step, there: step });
  const row = (left: number | undefined, right: number | undefined): void => {
    rows.push({ ...(left === undefined ? {} : { here: partsAt - 1 + left }), ...(right === undefined ? {} : { there: partsAt - 1 + right }) });
  };

  // The step at which they part is never the same in both, whatever its words; it stands first, side by side.
  const first = Math.min(1, a.length, b.length);
  if (first === 1) row(0, 0);
  let [endA, endB] = [a.length, b.length];
  while (endA > first && endB > first && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const [n, m] = [endA - first, endB - first];
  const alignMiddle = (): void => {
    // longest[i * (m + 1) + j]: of what is left from i here and from j there.
    const longest = new Uint32Array((n + 1) * (m + 1));
    for (let i = n - 1; i >= 0; i--) {
      for (let j = m - 1; j >= 0; j--) {
        longest[i * (m + 1) + j] = a[first + i] === b[first + j] ? longest[(i + 1) * (m + 1) + j + 1]! + 1 : Math.max(longest[(i + 1) * (m + 1) + j]!, longest[i * (m + 1) + j + 1]!);
      }
    }
    let [i, j] = [0, 0];
    while (i < n || j < m) {
      if (i < n && j < m && a[first + i] === b[first + j]) row(first + i++, first + j++);
      else if (j >= m || (i < n && longest[(i + 1) * (m + 1) + j]! >= longest[i * (m + 1) + j + 1]!)) row(first + i++, undefined);
      else row(undefined, first + j++);
    }
  };
  if (n * m <= 4_000_000) alignMiddle();
  else {
    for (let i = 0; i < n; i++) row(first + i, undefined);
    for (let j = 0; j < m; j++) row(undefined, first + j);
  }
  for (let k = 0; endA + k < a.length; k++) row(endA + k, endB + k);
  return rows;
}
