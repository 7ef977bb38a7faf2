import { isBlankByte } from "./line-matchers.js";

/**
 * What stands before each line of a dump: indentation, a logger's time, `app_1  | `, a line's number, a mail's `> `. It
 * is taken from the line of a header; on the lines that follow, numbers may differ and grow (` 9 ` and `10 `; Go leaves
 * out the zeros at the end of a fraction of a second), and everything else must be the same.
 */
export interface Prefix {
  readonly bytes: Uint8Array;
  /** A second line had it, too: then a line without it is not of the dump. */
  readonly confirmed: boolean;
  /** Indentation: it may be lost, and proves nothing. */
  readonly blank: boolean;
}

/** No prefix of a logger's is longer. */
export const LONGEST_PREFIX = 300;

export const makePrefix = (bytes: Uint8Array, start: number, end: number): Prefix => {
  const prefix = bytes.slice(start, end);
  return { bytes: prefix, confirmed: false, blank: prefix.every(isBlankByte) };
};

/** How many bytes of this line are prefix; -1: it has another one, or none. A blank line may have lost its blanks. */
export function prefixLength({ bytes: prefix }: Prefix, bytes: Uint8Array, start: number, end: number): number {
  const { length } = prefix;
  if (end - start >= length) {
    let i = 0;
    while (i < length && alike(prefix[i]!, bytes[start + i]!)) i++;
    // A number that goes on behind the prefix is a longer one.
    if (i === length && !(length > 0 && isDigit(prefix[length - 1]!) && start + i < end && isDigit(bytes[start + i]!))) return length;
  }
  return matchRuns(prefix, bytes, start, end);
}

/** By runs of digits and of blanks, whose lengths may differ. */
function matchRuns(prefix: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
  let j = start;
  let i = 0;
  while (i < prefix.length) {
    const byte = prefix[i]!;
    if (isDigit(byte)) {
      if (j >= end || !isDigit(bytes[j]!)) return -1;
      i = runEnd(prefix, i, prefix.length, isDigit);
      j = runEnd(bytes, j, end, isDigit);
      [i, j] = skipFraction(prefix, i, bytes, j, end);
    } else if (isBlankByte(byte)) {
      const next = runEnd(prefix, i, prefix.length, isBlankByte);
      if (next === prefix.length) return lastRun(prefix, i, bytes, start, j, end);
      const after = runEnd(bytes, j, end, isBlankByte);
      if (after === j && i > 0) return -1;
      i = next;
      j = after;
    } else {
      if (j >= end || !same(byte, bytes[j]!)) return -1;
      i++;
      j++;
    }
  }
  return j - start;
}

/** `12.05Z` and `12Z`: Go writes no zeros at a fraction's end, and no fraction where it is 0. */
function skipFraction(prefix: Uint8Array, i: number, bytes: Uint8Array, j: number, end: number): [number, number] {
  const here = prefix[i] === DOT && i + 1 < prefix.length && isDigit(prefix[i + 1]!);
  const there = j + 1 < end && bytes[j] === DOT && isDigit(bytes[j + 1]!);
  if (here === there) return [i, j];
  return here ? [runEnd(prefix, i + 1, prefix.length, isDigit), j] : [i, runEnd(bytes, j + 1, end, isDigit)];
}

/** The blanks at the prefix's end: as many as there, but where a column of numbers on the left grew, so many fewer. */
function lastRun(prefix: Uint8Array, i: number, bytes: Uint8Array, start: number, j: number, end: number): number {
  const width = prefix.length - i;
  const wanted = width === 1 ? 1 : Math.max(1, width - (j - start - i));
  let at = j;
  while (at < end && at - j < wanted && isBlankByte(bytes[at]!)) at++;
  if (at - j === wanted) return at - start;
  return at === end ? end - start : -1; // nothing but the prefix, without its blanks: a blank line
}

function runEnd(bytes: Uint8Array, from: number, end: number, test: (byte: number) => boolean): number {
  let at = from;
  while (at < end && test(bytes[at]!)) at++;
  return at;
}

/** `grep -A` writes `12:` before a line that matches and `13-` before the others. */
const same = (a: number, b: number): boolean => a === b || ((a === COLON || a === DASH) && (b === COLON || b === DASH));
const alike = (a: number, b: number): boolean => a === b || (isDigit(a) && isDigit(b)) || (a === COLON && b === DASH);
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const COLON = 0x3a;
const DASH = 0x2d;
const DOT = 0x2e;
