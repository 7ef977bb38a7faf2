/**
 * The rows of an alignment, in pieces that are drawn one after the other: one row, or several that are the same in both, which are folded. So many rows
 * around a difference stay in sight. The page embeds this function's text, so it refers to nothing outside itself.
 */
export function alignedPieces(count: number, isCommon: (index: number) => boolean, around: number): readonly (readonly [from: number, to: number])[] {
  const pieces: (readonly [from: number, to: number])[] = [];
  for (let index = 0; index < count; ) {
    let end = index;
    while (end < count && isCommon(end)) end++;
    const [from, to] = [index === 0 ? 0 : index + around, end === count ? end : end - around];
    if (to - from > 1) {
      while (index < from) pieces.push([index, ++index]);
      pieces.push([from, to]);
      index = to;
    }
    while (index < end) pieces.push([index, ++index]);
    if (end < count) pieces.push([end, end + 1]);
    index = Math.max(index, end + 1);
  }
  return pieces;
}
