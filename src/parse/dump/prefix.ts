/**
 * What a logger put before each line of a dump: indentation, `app_1  | `, `2026-01-02T03:04:05Z `. It is taken from
 * the header's line; on the lines that follow, digits may differ (times), everything else must be the same.
 */
export interface Prefix {
  readonly bytes: Uint8Array;
  readonly length: number;
}

const HEADER = /^(.{1,200}?)goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[[^\]]+\](?: \{.*\})?:$/;

/** The prefix before a header that does not stand at the line's start; undefined when the line holds no header. */
export function findPrefix(bytes: Uint8Array, start: number, end: number): Prefix | undefined {
  if (bytes[end - 1] !== 0x3a || end - start > 2000) return undefined; // a header ends in ':'
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
  const match = HEADER.exec(line);
  if (!match) return undefined;
  const length = match[1]!.length;
  return { bytes: bytes.slice(start, start + length), length };
}

/** How many bytes of this line are prefix: all of it, or none (only the header's line had one). */
export function prefixLength(prefix: Prefix, bytes: Uint8Array, start: number, end: number): number {
  const { length } = prefix;
  if (end - start < length) return isPrefixTrimmed(prefix, bytes, start, end) ? end - start : 0;
  for (let i = 0; i < length; i++) if (!alike(prefix.bytes[i]!, bytes[start + i]!)) return 0;
  return length;
}

/** A blank line of the dump whose trailing spaces an editor took away. */
function isPrefixTrimmed(prefix: Prefix, bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start) return false;
  for (let i = 0; i < end - start; i++) if (!alike(prefix.bytes[i]!, bytes[start + i]!)) return false;
  for (let i = end - start; i < prefix.length; i++) if (prefix.bytes[i] !== 0x20) return false;
  return true;
}

const alike = (a: number, b: number): boolean => a === b || (isDigit(a) && isDigit(b));
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
