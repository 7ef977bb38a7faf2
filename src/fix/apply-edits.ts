import type { SourceEdit } from "../model/results/fix.js";

/** A file's text with the edits in it, which may come in any order; undefined where two of them overlap. Offsets are bytes. */
export function applyEdits(text: Uint8Array, edits: readonly SourceEdit[]): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const edit of inOrder(edits)) {
    if (edit.offset < at || edit.offset + edit.length > text.length) return undefined;
    parts.push(text.subarray(at, edit.offset), Buffer.from(edit.text));
    at = edit.offset + edit.length;
  }
  return Buffer.concat([...parts, text.subarray(at)]);
}

/** The edits of several patches: what two of them share is done once. */
export function united(patches: readonly (readonly SourceEdit[])[]): readonly SourceEdit[] {
  return [...new Map(patches.flat().map((edit) => [JSON.stringify(edit), edit])).values()];
}

const inOrder = (edits: readonly SourceEdit[]): readonly SourceEdit[] => [...edits].sort((a, b) => a.offset - b.offset || a.length - b.length);
