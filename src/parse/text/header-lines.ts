import { isRecord, isTotal, recordAt } from "../counts.js";
import { isBlankByte, textOf } from "../dump/line-matchers.js";
import { LONGEST_PREFIX, makePrefix } from "../dump/prefix.js";
import { unfold } from "./envelope.js";
import { csvColumn, csvLines } from "./line-decoders.js";
import type { TextParts } from "./text-parts.js";

/** The lines that begin a goroutine or a profile, wherever in the line the header stands. Each method: true where the line is dealt with. */
export class HeaderLines {
  readonly #parts: TextParts;

  constructor(parts: TextParts) {
    this.#parts = parts;
  }

  /** At `start` stands `goroutine 7 [select]:` or `goroutine profile: total 9`. */
  at(bytes: Uint8Array, start: number, end: number, behind = false): boolean {
    if (end - start < 18 || bytes[start + 1] !== 0x6f || bytes[start + 8] !== 0x65) return false;
    const { forms } = this.#parts;
    const digit = bytes[start + 10]!;
    if (bytes[start + 9] === 0x20 && digit >= 0x30 && digit <= 0x39) {
      const header = forms.dump.header(bytes, start, end);
      if (header === undefined) return !behind && this.#long(bytes, start, end);
      if (!header) return false;
      forms.races.end();
      forms.endCounts();
      forms.endForeign();
      return true;
    }
    const text = textOf(bytes, start, Math.min(end, start + 100));
    if (!isTotal(text)) return false;
    forms.beginCounts(text);
    return true;
  }

  /** A line that begins as a header does, but has more behind it: more lines, if it can be told how they were put into one. */
  #long(bytes: Uint8Array, start: number, end: number): boolean {
    const { forms, prefix, decoded, held, atEnd } = this.#parts;
    const text = textOf(bytes, start, end);
    if (decoded.begin(text)) return true;
    if (this.#folded(text)) return true;
    if (!prefix.known && !atEnd() && !text.includes("]") && text.length < LONGEST_PREFIX) held.hold(text);
    else forms.dump.header(bytes, start, end, true);
    return true;
  }

  /** Many lines that were put into one. */
  #folded(text: string): boolean {
    const { carried, remarks } = this.#parts.forms;
    const lines = carried.mayCarry ? unfold(text) : undefined;
    if (lines) carried.folded(lines, remarks.line);
    return lines !== undefined;
  }

  /** A header that does not stand at the line's start: what stands before it is the dump's prefix. */
  behindPrefix(bytes: Uint8Array, from: number, end: number): boolean {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(end - from, 2000)).toString("latin1");
    const found = text.indexOf("goroutine ");
    if (found < 0 || found > LONGEST_PREFIX) return false;
    const { prefix, decoded, said, quotedLine } = this.#parts;
    if (isQuotedAt(text, found)) {
      if (text.includes("\\n", found)) return false;
      prefix.quotes(bytes, from, from + found - 1);
      return quotedLine(bytes, from, end);
    }
    const before = text.slice(0, found);
    said.before(before);
    const column = decoded.begun || !isHeaderStart(text, found) ? undefined : csvColumn(before);
    if (column !== undefined) {
      decoded.beginWith(csvLines(column), textOf(bytes, from, end));
      return true;
    }
    if (found > 0 && isHeaderStart(text, found) && said.panic.hasBegunBehind(makePrefix(bytes, from, from + found))) {
      said.line(bytes, from, end);
      return true;
    }
    if (!this.at(bytes, from + found, end, found > 0)) return false;
    prefix.is(bytes, from, from + found);
    prefix.unquote();
    return true;
  }

  /** The next goroutine of goleak's list. */
  nextOfList(bytes: Uint8Array, from: number, start: number, end: number): boolean {
    let at = start;
    while (at < end && (isBlankByte(bytes[at]!) || bytes[at] === BRACKET)) at++;
    if (bytes[at] !== BIG_G || bytes[end - 1] !== COLON) return false;
    return this.#ofList(textOf(bytes, from, end), bytes, from);
  }

  #ofList(text: string, bytes: Uint8Array, from: number): boolean {
    const length = this.#parts.forms.dump.leakHeader(text);
    if (length === undefined) return false;
    this.#parts.prefix.is(bytes, from, from + length);
    return true;
  }

  /** A header that is told by its whole line. */
  anywhere(text: string, bytes: Uint8Array, from: number): boolean {
    if (this.#total(text, bytes, from) || this.#recordWithoutTotal(text, bytes, from)) return true;
    return text.includes("oroutine ") && (this.#ofList(text, bytes, from) || this.#folded(text));
  }

  #total(text: string, bytes: Uint8Array, from: number): boolean {
    const profile = text.indexOf("profile: total ");
    const word = profile > 0 ? text.lastIndexOf("goroutine", profile) : -1;
    if (word <= 0 || !isTotal(text.slice(word))) return false;
    this.#parts.prefix.is(bytes, from, from + Buffer.byteLength(text.slice(0, word)));
    this.#parts.forms.beginCounts(text.slice(word));
    return true;
  }

  /** `200 @ 0x43bd76 0x44c01e`: the first line of the profile was not copied. */
  #recordWithoutTotal(text: string, bytes: Uint8Array, from: number): boolean {
    const { forms, prefix } = this.#parts;
    if (forms.isOtherProfile) return false;
    const digits = recordAt(text);
    if (digits < 0) return false;
    const record = Buffer.from(text).subarray(digits).toString("utf8");
    if (!isRecord(record)) return false;
    prefix.is(bytes, from, from + digits);
    forms.beginCounts(record);
    return true;
  }
}

const BIG_G = 0x47;
const BRACKET = 0x5b;
const COLON = 0x3a;

const isHeaderStart = (text: string, at: number): boolean => /^goroutine (?:\d+ (?:gp=|\[)|profile: total \d)/.test(text.slice(at, at + 40));

/** `msg="goroutine 7 [select]:"`, as logfmt writes it; not within JSON. */
const isQuotedAt = (text: string, at: number): boolean =>
  at > 1 && text[at - 1] === '"' && /\]:"|goroutine profile: total \d{1,15}"/.test(text) && !/^\s*["{]|\{"/.test(text.slice(0, at));
