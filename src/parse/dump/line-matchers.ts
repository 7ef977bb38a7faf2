/** Where the parts of a line of a dump lie, found without decoding it. All positions are into `bytes`. */
const PAREN_OPEN = 40;
const PAREN_CLOSE = 41;
const COMMA = 44;
const SPACE = 32;
const TAB = 9;
const BRACKET = 91;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const CREATED_BY = ascii("created by ");
const ELIDED = ascii("...");
const OFFSET = ascii(" +0x");
export const IN_GOROUTINE = ascii(" in goroutine ");

export const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start)).toString("utf8");

export function startsWith(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start < word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return false;
  return true;
}

export const isCreatedBy = (b: Uint8Array, start: number, end: number): boolean => startsWith(b, start, end, CREATED_BY);
export const isElided = (b: Uint8Array, start: number, end: number): boolean => startsWith(b, start, end, ELIDED);
export const isBlankByte = (byte: number): boolean => byte === SPACE || byte === TAB;

/** `main.(*T).f(0x1, {0x2, 0x3}, ...)`: the position of the `(` before the arguments; -1 for any other line. */
export function argumentsAt(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[end - 1] !== PAREN_CLOSE) return -1;
  for (let i = end - 2; i > start; i--) {
    if (bytes[i] === PAREN_OPEN) return bytes[i - 1] === SPACE ? -1 : i;
    if (bytes[i] === PAREN_CLOSE) return -1; // arguments hold no parentheses
  }
  return -1;
}

/** Where ` in goroutine 7` begins, at the end of a line that says who created a goroutine; `end`: it does not say so (Go 1.20 and older). */
export function creatorEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isDigit(bytes[at - 1]!)) at--;
  const word = at - IN_GOROUTINE.length;
  if (at < end && end - at <= 15 && word >= start && startsWith(bytes, word, at, IN_GOROUTINE)) return word;
  const noted = textOf(bytes, start, Math.min(end, start + 1000)).search(/ in goroutine \d{1,15}\s/); // a note follows
  return noted < 0 ? end : start + Buffer.byteLength(textOf(bytes, start, end).slice(0, noted));
}

/** `created by main.main in goroutine 7`, and nothing else: no header stands in it. */
export function isWholeCreator(bytes: Uint8Array, start: number, end: number): boolean {
  if (!isCreatedBy(bytes, start, end) || creatorEnd(bytes, start, end) === end) return false;
  for (let i = start; i < end; i++) if (bytes[i] === BRACKET) return false;
  return true;
}

/** Whether a line is a location to its end: blanks, `file:12`, and perhaps ` +0x1d`. */
export function isWholeLocation(bytes: Uint8Array, start: number, end: number): boolean {
  let at = end;
  while (at > start && isHex(bytes[at - 1]!)) at--;
  const offset = at < end && startsWith(bytes, at - OFFSET.length, end, OFFSET) && at - OFFSET.length > start;
  const digitsEnd = offset ? at - OFFSET.length : end;
  let digit = digitsEnd;
  while (digit > start && isDigit(bytes[digit - 1]!)) digit--;
  return digit < digitsEnd && digit - 1 > start && bytes[digit - 1] === 0x3a && isBlankByte(bytes[start]!);
}

/** Where a location ends: without the ` fp=0x… sp=0x… pc=0x…` that GOTRACEBACK=system adds and that differs each time. */
export function locationEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = end - 1;
  while (i > start && isHex(bytes[i]!)) i--;
  // `…=0xc0de`: ends in an address that is not `+0x…`
  if (!(bytes[i] === 0x78 && bytes[i - 1] === 0x30 && bytes[i - 2] === 0x3d)) return end;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
  const cut = text.search(/ (fp|pc)=0x/);
  return cut < 0 ? end : start + cut;
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isHex = (byte: number): boolean => isDigit(byte) || (byte >= 0x61 && byte <= 0x66);

/** The number at `start`; -1 if there is none or it is too large to be one. */
export function numberAt(bytes: Uint8Array, start: number, end: number): number {
  let value = -1;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) break;
    value = (value < 0 ? 0 : value) * 10 + digit;
    if (value > Number.MAX_SAFE_INTEGER) return -1;
  }
  return value;
}

/**
 * The first argument as an address: `(0xc000012345, 0x1)` → 0xc000012345. 0 where it is none, and for `0xc000012345?`:
 * that is what lies in a register that may have been used again (printArgs in runtime/traceback.go).
 */
export function firstAddress(bytes: Uint8Array, open: number, end: number): number {
  if (bytes[open + 1] !== 0x30 || bytes[open + 2] !== 0x78) return 0;
  let value = 0;
  let i = open + 3;
  for (; i < end && isHex(bytes[i]!); i++) {
    const byte = bytes[i]!;
    value = value * 16 + (byte <= 0x39 ? byte - 0x30 : byte - 0x57);
  }
  if (bytes[i] !== COMMA && bytes[i] !== PAREN_CLOSE) return 0;
  return Number.isSafeInteger(value) ? value : 0;
}

/** Where a function with its arguments ends before a note (`main.f(0x1)   <-- here`); -1: the line holds no such thing. */
export function notedFunctionEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let i = end - 2; i > start; i--) {
    if (bytes[i] === PAREN_CLOSE && isBlankByte(bytes[i + 1]!) && argumentsAt(bytes, start, i + 1) > 0) return i + 1;
  }
  return -1;
}

/**
 * Whether what stands before the arguments, or alone, may be a function's name. Go prints type arguments as `[...]`;
 * C++ names have blanks within `<>`, and are told by `::`. Prose has blanks, and notes begin with marks.
 */
export function mayBeName(name: string): boolean {
  if (name.length === 0 || NO_NAME.test(name)) return false;
  return !/\s/.test(name) || name.includes("::") || name.startsWith("non-Go function") || name.includes("[go.shape.");
}
const NO_NAME = /^[#>|`~{}"'=+\-]|^\d+[:.)\s]|[#`]/;

/** `/src/main.go:12 +0x1d`, told by itself: without the indentation that a location has. */
export const isBareLocation = (text: string): boolean => SOURCE_FILE.test(text);
const SOURCE_FILE = /^(?:(?:[^\s()]|[^\s()] [^\s()])+\.(?:go|s|c|goc|cc|cpp|cxx|h|m|swig)|<autogenerated>):\d+(?: \+0x[0-9a-f]+)?(?: .*)?$/;

/** A line that ends a quotation: what was open is complete. */
export function closesText(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start];
  if (first !== 0x60 && first !== 0x7e && first !== 0x3c && first !== 0x5b && first !== 0x7b) return false;
  return /^(?:```+|~~~+|<\/(?:pre|code|details|div)>.*|\[\/(?:code|quote)\]|\{(?:code|noformat)\})$/i.test(textOf(bytes, start, end));
}

export const looksLikeStack = (bytes: Uint8Array, start: number, end: number): boolean => /\.go:\d+(?: \+0x[0-9a-f]+)?$|\w\([^)]*\)$|created by \S/.test(textOf(bytes, Math.max(start, end - 300), end));
