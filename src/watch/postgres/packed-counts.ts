import { NumberReader, putNumber } from "./varint.js";

/**
 * Counts by the numbers of groups, as bytes: in the order of the numbers, each as the step from the one before and its count.
 * The counts of thirty groups are some 70 bytes, where pairs of 32 bits are 240.
 */
export function packCounts(counts: readonly (readonly [group: number, count: number])[]): Buffer {
  const bytes: number[] = [];
  let before = 0;
  for (const [group, count] of [...counts].sort((a, b) => a[0] - b[0])) {
    putNumber(bytes, group - before);
    putNumber(bytes, count);
    before = group;
  }
  return Buffer.from(bytes);
}

/** Tells each; makes nothing of them, for an hour of a fleet is 18 million. */
export function unpackCounts(bytes: Uint8Array, each: (group: number, count: number) => void): void {
  const numbers = new NumberReader(bytes);
  for (let group = 0; !numbers.isAtEnd; ) {
    group += numbers.next();
    each(group, numbers.next());
  }
}
