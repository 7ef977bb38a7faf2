import type { SchedulePicture } from "../../model/run/schedule-picture.js";
import type { PictureRow } from "./picture-rows.js";
import type { PictureWords } from "./picture-words.js";
import type { stepWords as wordsOfStep } from "./step-words.js";

/** What a row says: which goroutine does what, where, and the line of source there. */
export interface RowWords {
  readonly who: string;
  readonly text: string;
  readonly where: string;
  readonly code: string;
}

/** The page embeds this function's text, so it refers to nothing outside itself. */
export function rowWords(picture: SchedulePicture, row: PictureRow, { baseName, shownName, sourceLine }: PictureWords, stepWords: typeof wordsOfStep): RowWords {
  const codeAt = (frame: SchedulePicture["frames"][number] | undefined): string => (frame === undefined ? "" : sourceLine(frame[1], frame[2]));
  switch (row.kind) {
    case "fold": {
      const n = row.to - row.from + 1;
      return { who: "", text: `${n} ${n === 1 ? "step" : "steps"} folded`, where: "", code: "" };
    }
    case "end": {
      const { name, reason = "", frame: id = -1 } = picture.lanes[row.lane]!;
      const frame = picture.frames[id];
      return { who: shownName(name), text: reason, where: frame === undefined ? "" : `${baseName(frame[1])}:${frame[2]}`, code: codeAt(frame) };
    }
    case "step": {
      const { frame, ...told } = stepWords(picture, row.step);
      return { ...told, code: codeAt(frame) };
    }
  }
}
