import type { SchedulePicture } from "../../model/run/schedule-picture.js";
import type { commonSteps as stepsInCommon } from "./common-steps.js";
import type { stepWords as wordsOfStep } from "./step-words.js";

/** Two schedules in one row: a step of each, or of one alone. Steps count from 0. */
interface AlignedRow {
  readonly here?: number;
  readonly there?: number;
}

/** What the page gives it. */
export interface AlignmentTools {
  readonly commonSteps: typeof stepsInCommon;
  readonly stepWords: typeof wordsOfStep;
}

/**
 * Two runs of one program, aligned: what they have in common stands in the same row, what only one does in a row of its own. Until
 * `partsAt` (from 1) they are the same. From there on the longest common subsequence decides, where a step is the same if the same
 * goroutine does the same at the same line: the letters of objects are given by each run anew, so they do not count. Where that would
 * take more than four million comparisons, only the common end is aligned. The page embeds this function's text, so it refers to nothing outside itself.
 */
export function alignSteps(here: SchedulePicture, there: SchedulePicture, partsAt: number, { commonSteps, stepWords }: AlignmentTools): readonly AlignedRow[] {
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
  if ((endA - first) * (endB - first) <= 4_000_000) for (const [i, j] of commonSteps(a.slice(first, endA), b.slice(first, endB))) row(i === undefined ? i : first + i, j === undefined ? j : first + j);
  else {
    for (let i = first; i < endA; i++) row(i, undefined);
    for (let j = first; j < endB; j++) row(undefined, j);
  }
  for (let k = 0; endA + k < a.length; k++) row(endA + k, endB + k);
  return rows;
}
