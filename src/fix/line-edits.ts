import type { PatchedFile, SourceEdit } from "../model/results/fix.js";
import { lineRows } from "./unified-diff.js";

/** The edits of whole lines that make `after` of `before`: of patches that were made one on top of the other. Offsets are bytes. */
export function lineEdits({ file, before, after }: PatchedFile): readonly SourceEdit[] {
  const edits: SourceEdit[] = [];
  let [at, length, text, isOpen] = [0, 0, "", false];
  const close = (): void => {
    if (isOpen) edits.push({ file, offset: at - length, length, text });
    [length, text, isOpen] = [0, "", false];
  };
  for (const [sign, line] of lineRows(before, after)) {
    if (sign === " ") close();
    else isOpen = true;
    if (sign === "+") text += line;
    else at += Buffer.byteLength(line);
    if (sign === "-") length += Buffer.byteLength(line);
  }
  close();
  return edits;
}
