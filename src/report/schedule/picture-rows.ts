import type { SchedulePicture } from "../../model/run/schedule-picture.js";
import type { PictureWords } from "./picture-words.js";
import type { stepWords as wordsOfStep } from "./step-words.js";

/** A step, steps that are folded, or the end of a goroutine that something was found of. */
export type PictureRow = { readonly kind: "step"; readonly step: number } | { readonly kind: "fold"; readonly from: number; readonly to: number } | { readonly kind: "end"; readonly lane: number };

/** What of a run is to be seen. */
export interface RowFilter {
  /** Also steps that what was found does not depend on. */
  readonly all: boolean;
  /** Also steps inside of libraries' calls. */
  readonly library: boolean;
  /** In small letters; "": any step. */
  readonly word: string;
  /** -1: of any. */
  readonly lane: number;
  readonly object: number;
}

export interface PictureRows {
  readonly rows: readonly PictureRow[];
  readonly ofStep: ReadonlyMap<number, number>;
  /** The row of a step, or of the fold that holds it. */
  readonly at: (step: number) => number;
}

/** The rows of a picture, and where each step is among them. The page embeds this function's text, so it refers to nothing outside itself. */
export function pictureRows(picture: SchedulePicture, { all, library, word, lane, object }: RowFilter, { laneName, sourceLine }: PictureWords, stepWords: typeof wordsOfStep): PictureRows {
  const isFiltered = lane >= 0 || object >= 0 || word !== "";
  const isWanted = (index: number): boolean => {
    const step = picture.steps[index]!;
    if (lane >= 0 && step.lane !== lane && step.other !== lane) return false;
    if (object >= 0 && !step.objects.includes(object)) return false;
    if (word === "") return true;
    const { frame: place } = stepWords(picture, index);
    return `${laneName(step.lane)} ${step.text} ${place === undefined ? "" : `${place[0]} ${place[1]}:${place[2]} ${sourceLine(place[1], place[2])}`}`.toLowerCase().includes(word);
  };
  const rows: PictureRow[] = [];
  const ofStep = new Map<number, number>();
  let folded = -1;
  const unfold = (to: number): void => {
    if (folded >= 0) rows.push({ kind: "fold", from: folded, to });
    folded = -1;
  };
  picture.steps.forEach((step, index) => {
    if ((library || step.user) && (isFiltered ? isWanted(index) : all || step.past)) {
      unfold(index - 1);
      ofStep.set(index, rows.length);
      rows.push({ kind: "step", step: index });
    } else if (folded < 0) folded = index;
  });
  unfold(picture.steps.length - 1);
  if (!isFiltered) picture.lanes.forEach((one, index) => one.end === "subject" && rows.push({ kind: "end", lane: index }));
  const at = (step: number): number => {
    const own = ofStep.get(step);
    if (own !== undefined) return own;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle]!;
      if (row.kind !== "end" && (row.kind === "step" ? row.step : row.to) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { rows, ofStep, at };
}
