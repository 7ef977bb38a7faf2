import type { Result } from "../base/result.js";
import type { CarriedTexts } from "./carried-texts.js";
import { type CountsReader, isRecord, isTotal, recordAt } from "./counts.js";
import type { Remarks } from "./dump/diagnostics.js";
import type { DumpReader } from "./dump/dump.js";
import type { LastWords } from "./dump/last-words.js";
import { PanicMessage } from "./dump/panic-message.js";
import { joinedLine, mayBeWrapped } from "./dump/line-joiner.js";
import { closesText, isBlankByte, isWholeCreator, isWholeLocation, looksLikeStack, textOf } from "./dump/line-matchers.js";
import { LONGEST_PREFIX, makePrefix, type Prefix, prefixLength } from "./dump/prefix.js";
import { beforeRace, type RaceLines } from "./dump/race-lines.js";
import { mentionsGoroutine, unfold } from "./envelope.js";
import { csvColumn, csvLines, decoderOf, type LineDecoder, logfmtValue } from "./line-decoders.js";
import { LineSplitter } from "./lines.js";
import { MemoryBudget } from "./memory.js";
import type { ByteParser, InputOrigin, Parsed, ParseFailure } from "./result.js";
import { TextForms } from "./text-forms.js";

/**
 * Text with goroutines in it: `debug=2` and `debug=1` text, panics, SIGQUIT, goleak's messages, delve's and
 * panicparse's output; one after the other, with anything around them, each line behind a prefix, or carried by JSON,
 * HTML or one long line. Invariants (dump.test.ts, mangled.test.ts):
 *
 * D1. A file is lines; each line is understood, or counted as outside, or a loss speaks of it.
 * D2. Every line that begins with `goroutine N [` gives a goroutine or a loss.
 * D3. Memory grows with the distinct stacks and the number of goroutines, not with the text.
 */
export class TextParser implements ByteParser {
  readonly #depth: number;
  readonly #lines = new LineSplitter((bytes, start, end) => this.#line(bytes, start, end));
  readonly #forms: TextForms;
  readonly #remarks: Remarks;
  readonly #words: LastWords;
  readonly #dump: DumpReader;
  readonly #counts: CountsReader;
  readonly #carried: CarriedTexts;
  readonly #races: RaceLines;
  readonly #panic: PanicMessage;
  #prefix: Prefix | undefined;
  #quoted = false; // each line of the dump is a quoted string behind the prefix
  #rewrite: LineDecoder | undefined;
  #atEnd = false;
  #held: string | undefined; // the beginning of a line that may have been wrapped

  constructor(origin: InputOrigin, budget = new MemoryBudget(), depth = 0) {
    this.#depth = depth;
    this.#forms = new TextForms(origin, budget, () => new TextParser(origin, budget, depth + 1));
    this.#remarks = this.#forms.remarks;
    this.#words = this.#forms.words;
    this.#dump = this.#forms.dump;
    this.#counts = this.#forms.counts;
    this.#carried = this.#forms.carried;
    this.#races = this.#forms.races;
    this.#panic = new PanicMessage(this.#forms);
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): Result<Parsed, ParseFailure> {
    this.#atEnd = true;
    this.#races.end();
    const open = this.#lines.end();
    if (this.#held !== undefined) this.#unwrap("");
    return this.#forms.end(open, this.#depth > 0);
  }

  /** Lines that another text carried; `lineNumber`: of that text. */
  carry(text: string, raw: boolean, lineNumber: number): void {
    this.#remarks.line = lineNumber;
    this.push(Buffer.from(raw || text.endsWith("\n") ? text : `${text}\n`));
  }

  #line(bytes: Uint8Array, from: number, rawEnd: number): void {
    if (this.#depth === 0) this.#remarks.line++;
    this.#dump.bytes += rawEnd - from + 1;
    let end = rawEnd;
    while (end > from && isBlankByte(bytes[end - 1]!)) end--;
    if (this.#rewrite) this.#lineOf(this.#rewrite(textOf(bytes, from, end)));
    else if (this.#panic.goesOn(bytes, from, rawEnd)) this.#say(bytes, from, end);
    else this.#content(bytes, from, end);
  }

  #lineOf(lines: readonly string[]): void {
    const atEnd = this.#atEnd;
    for (const [index, line] of lines.entries()) {
      const whole = Buffer.from(line);
      const bytes = Buffer.from(line.trimEnd());
      this.#atEnd = atEnd && index === lines.length - 1;
      if (this.#panic.goesOn(whole, 0, whole.length)) this.#say(bytes, 0, bytes.length);
      else this.#content(bytes, 0, bytes.length);
    }
  }

  /** A line without blanks at its end, in plain text. */
  #content(bytes: Uint8Array, from: number, end: number): void {
    if (this.#quoted && this.#quotedLine(bytes, from, end)) return;
    if (this.#held !== undefined && this.#unwrap(textOf(bytes, from, end))) return;
    let start = from;
    const prefix = this.#prefix;
    let own = true;
    if (prefix) {
      const length = prefixLength(prefix, bytes, from, end);
      own = length >= 0;
      start += Math.max(0, length);
    }
    if (start < end && bytes[start] === SMALL_G && this.#begin(bytes, start, end)) {
      if (!own) this.#prefix = undefined;
      return;
    }
    if (prefix && start > from && !prefix.confirmed && !prefix.blank) this.#prefix = { ...prefix, confirmed: true };
    if (this.#counts.reading) this.#countsLine(bytes, from, start, end);
    else if (this.#dump.reading) this.#dumpLine(bytes, from, start, end, own);
    else this.#outside(bytes, from, start, end);
  }

  /** The line that was kept and this one are one: or the first is as it is. */
  #unwrap(next: string): boolean {
    const held = this.#held!;
    this.#held = undefined;
    const whole = joinedLine(held, next);
    const line = Buffer.from(whole ?? held);
    if (whole !== undefined) {
      this.#content(line, 0, line.length);
      return true;
    }
    this.#remarks.line--;
    if (held.startsWith("goroutine ")) this.#dump.header(line, 0, line.length, true);
    else if (!this.#dump.line(line, 0, line.length)) this.#outside(line, 0, 0, line.length);
    this.#remarks.line++;
    return false;
  }

  #dumpLine(bytes: Uint8Array, from: number, start: number, end: number, own: boolean): void {
    // A last line without a line end may be cut anywhere: only a whole location is taken.
    if (this.#atEnd && !isWholeLocation(bytes, start, end) && !closesText(bytes, start, end)) return;
    if (start >= end || (!own && end === from)) return this.#dump.blankLine();
    if (closesText(bytes, start, end)) return this.#dump.finish(true);
    if (this.#nextHeader(bytes, from, start, end)) return;
    if (!own && this.#prefix?.confirmed) {
      if (looksLikeStack(bytes, from, end)) this.#remarks.interleaved(this.#remarks.line);
      return this.#say(bytes, from, end);
    }
    if (!this.#prefix && !this.#atEnd && mayBeWrapped(bytes, start, end)) this.#held = textOf(bytes, start, end);
    else if (!this.#dump.line(bytes, start, end)) this.#outside(bytes, from, start, end);
  }

  /** In the middle of a goroutine: a line that begins another one, or shows another form of text. */
  #nextHeader(bytes: Uint8Array, from: number, start: number, end: number): boolean {
    if (bytes[start] === 0xc2 && bytes[start + 1] === 0xa0 && this.#rewriteFrom(textOf(bytes, from, end))) return true; // a blank of a web page
    if ((bytes[end - 1] === EQUALS || (bytes[start] === EQUALS && bytes[start + 1] === 0x30)) && this.#rewriteFrom(textOf(bytes, from, end))) return true;
    if (this.#leakHeader(bytes, from, start, end)) return true;
    return bytes[end - 1] !== PAREN_CLOSE && !isBlankByte(bytes[start]!) && !isWholeCreator(bytes, start, end) && this.#headerBehindPrefix(bytes, from, end);
  }

  /** The next goroutine of goleak's list. */
  #leakHeader(bytes: Uint8Array, from: number, start: number, end: number): boolean {
    let at = start;
    while (at < end && (isBlankByte(bytes[at]!) || bytes[at] === BRACKET)) at++;
    if (bytes[at] !== BIG_G || bytes[end - 1] !== COLON) return false;
    return this.#leakPrefix(textOf(bytes, from, end), bytes, from);
  }

  #leakPrefix(text: string, bytes: Uint8Array, from: number): boolean {
    const length = this.#dump.leakHeader(text);
    if (length === undefined) return false;
    this.#prefix = length > 0 ? makePrefix(bytes, from, from + length) : undefined;
    return true;
  }

  #countsLine(bytes: Uint8Array, from: number, start: number, end: number): void {
    if (start < end && closesText(bytes, start, end)) return this.#forms.endCounts();
    if ((bytes[end - 1] === EQUALS || bytes[start + 1] === EQUALS) && this.#rewriteFrom(textOf(bytes, from, end))) return;
    if (this.#counts.line(bytes, start, end, this.#remarks.line)) return;
    const behind = recordAt(textOf(bytes, from, Math.min(end, from + LONGEST_PREFIX + 40)));
    if (behind > 0) {
      this.#prefix = makePrefix(bytes, from, from + behind); // that of the first line was another
      if (this.#counts.line(bytes, from + behind, end, this.#remarks.line)) return;
    }
    if (mentionsGoroutine(textOf(bytes, from, Math.min(end, from + LONGEST_PREFIX)))) {
      this.#forms.endCounts();
      this.#outside(bytes, from, start, end);
    } else this.#say(bytes, from, end);
  }

  /** At `start` stands `goroutine 7 [select]:` or `goroutine profile: total 9`. */
  #begin(bytes: Uint8Array, start: number, end: number, behind = false): boolean {
    if (end - start < 18 || bytes[start + 1] !== 0x6f || bytes[start + 8] !== 0x65) return false;
    const digit = bytes[start + 10]!;
    if (bytes[start + 9] === 0x20 && digit >= 0x30 && digit <= 0x39) {
      const header = this.#dump.header(bytes, start, end);
      if (header === undefined) return !behind && this.#longHeader(bytes, start, end);
      if (!header) return false;
      this.#races.end();
      this.#forms.endCounts();
      this.#forms.endForeign();
      return true;
    }
    const text = textOf(bytes, start, Math.min(end, start + 100));
    if (!isTotal(text)) return false;
    this.#forms.beginCounts(text);
    return true;
  }

  /** A line that begins as a header does, but has more behind it: more lines, if it can be told how they were put into one. */
  #longHeader(bytes: Uint8Array, start: number, end: number): boolean {
    const text = textOf(bytes, start, end);
    if (this.#rewriteFrom(text)) return true;
    const lines = this.#depth < MOST_NESTED ? unfold(text) : undefined;
    if (lines) this.#carried.folded(lines, this.#remarks.line);
    else if (!this.#prefix && !this.#atEnd && !text.includes("]") && text.length < LONGEST_PREFIX) this.#held = text;
    else this.#dump.header(bytes, start, end, true);
    return true;
  }

  /** A header that does not stand at the line's start: what stands before it is the dump's prefix. */
  #headerBehindPrefix(bytes: Uint8Array, from: number, end: number): boolean {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(end - from, 2000)).toString("latin1");
    const found = text.indexOf("goroutine ");
    if (found < 0 || found > LONGEST_PREFIX) return false;
    const quoted = found > 1 && text[found - 1] === '"' && /\]:"|goroutine profile: total \d{1,15}"/.test(text) && !/^\s*["{]|\{"/.test(text.slice(0, found));
    if (quoted) {
      if (text.includes("\\n", found)) return false;
      this.#prefix = makePrefix(bytes, from, from + found - 1);
      this.#quoted = true;
      return this.#quotedLine(bytes, from, end);
    }
    const before = text.slice(0, found);
    if (this.#words.mayRead(before)) this.#words.read(before, () => this.#dump.closeSnapshot());
    const column = this.#rewrite || !isHeaderStart(text, found) ? undefined : csvColumn(before);
    if (column !== undefined) {
      this.#decodeWith(csvLines(column), textOf(bytes, from, end));
      return true;
    }
    const prefix = found > 0 ? makePrefix(bytes, from, from + found) : undefined;
    if (prefix && isHeaderStart(text, found) && this.#panic.hasBegunBehind(prefix)) {
      this.#say(bytes, from, end);
      return true;
    }
    if (!this.#begin(bytes, from + found, end, found > 0)) return false;
    this.#prefix = prefix;
    this.#quoted = false;
    return true;
  }

  /** `level=error msg="\t/src/main.go:20 +0x2a" app=shop`: logfmt quotes what needs it. */
  #quotedLine(bytes: Uint8Array, from: number, end: number): boolean {
    const length = this.#prefix ? prefixLength(this.#prefix, bytes, from, end) : 0;
    if (length < 0) {
      this.#quoted = false;
      this.#prefix = undefined;
      return false;
    }
    const line = Buffer.from(logfmtValue(textOf(bytes, from + length, end)).trimEnd());
    if (this.#begin(line, 0, line.length)) return true;
    if (this.#counts.reading) this.#countsLine(line, 0, 0, line.length);
    else if (this.#dump.reading) this.#dumpLine(line, 0, 0, line.length, true);
    else this.#say(line, 0, line.length);
    return true;
  }

  #outside(bytes: Uint8Array, from: number, start: number, end: number): void {
    if (start >= end) {
      this.#forms.foreignBlank();
      if (!this.#races.reading || !this.#raceLine(bytes, from, end)) this.#remarks.outside++;
      return;
    }
    if (this.#raceLine(bytes, from, end)) return;
    if (this.#remarks.line <= 2 && this.#depth === 0 && /\.(?:go|s):\d+ \+0x[0-9a-f]+$/.test(textOf(bytes, Math.max(from, end - 300), end))) {
      this.#remarks.add("the text begins in the middle of a stack: what stood before it is missing");
    }
    if (this.#headerBehindPrefix(bytes, from, end)) return;
    const text = textOf(bytes, from, end);
    if (this.#forms.foreignLine(text)) return;
    if (this.#other(text, bytes, from)) return;
    this.#prefix = undefined;
    this.#say(bytes, from, end);
  }

  /** Forms that are told by their whole line. True: the line is dealt with. */
  #other(text: string, bytes: Uint8Array, from: number): boolean {
    if (this.#rewriteFrom(text)) return true;
    const trimmed = text.trimStart();
    if (this.#depth < MOST_NESTED && (/^[[{"]/.test(trimmed) || /[}\]]$/.test(text)) && this.#carried.json(text, this.#remarks.line)) return true;
    const profile = text.indexOf("profile: total ");
    const word = profile > 0 ? text.lastIndexOf("goroutine", profile) : -1;
    if (word > 0 && isTotal(text.slice(word))) {
      this.#prefix = makePrefix(bytes, from, from + Buffer.byteLength(text.slice(0, word)));
      this.#forms.beginCounts(text.slice(word));
      return true;
    }
    if (this.#recordWithoutHeader(text, bytes, from)) return true;
    if (text.includes("oroutine ")) {
      if (this.#leakPrefix(text, bytes, from)) return true;
      const lines = unfold(text);
      if (lines && this.#depth < MOST_NESTED) {
        this.#carried.folded(lines, this.#remarks.line);
        return true;
      }
    }
    return this.#forms.begins(text);
  }

  /** From here on each line is HTML, or coloured: this one as well. */
  #rewriteFrom(text: string): boolean {
    const decoder = this.#rewrite ? undefined : decoderOf(text);
    if (decoder !== undefined) this.#decodeWith(decoder, text);
    return decoder !== undefined;
  }

  #decodeWith(decoder: LineDecoder, text: string): void {
    this.#rewrite = decoder;
    this.#lineOf(decoder(text));
  }

  /** `200 @ 0x43bd76 0x44c01e`: the first line of the profile was not copied. */
  #recordWithoutHeader(text: string, bytes: Uint8Array, from: number): boolean {
    if (this.#forms.isOtherProfile) return false;
    const digits = recordAt(text);
    if (digits < 0) return false;
    const record = Buffer.from(text).subarray(digits).toString("utf8");
    if (!isRecord(record)) return false;
    this.#prefix = digits > 0 ? makePrefix(bytes, from, from + digits) : undefined;
    this.#forms.beginCounts(record);
    return true;
  }

  /** A line outside of goroutines: it may say why the process ends. */
  #say(bytes: Uint8Array, start: number, end: number): void {
    this.#remarks.say(bytes, start, end);
    const text = textOf(bytes, start, Math.min(end, start + 400));
    if (!this.#words.mayRead(text)) return;
    if (/Test killed/.test(text) && this.#dump.endedBy(text)) return;
    const said = this.#words.read(text, () => this.#dump.closeSnapshot());
    if (said) this.#forms.endCounts();
    this.#panic.said(bytes, start, end, said ? text : undefined);
  }

  /** Lines of a race report; a dump ends it, too. Loggers' prefixes are as long as before its first line. */
  #raceLine(bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.#races.reading) {
      const before = beforeRace(bytes, start, end);
      if (before === undefined) return false;
      this.#prefix = before > 0 ? makePrefix(bytes, start, start + before) : undefined;
      this.#races.begin(this.#remarks.line);
      return true;
    }
    const own = start + (this.#prefix ? Math.max(0, prefixLength(this.#prefix, bytes, start, end)) : 0);
    return this.#races.line(textOf(bytes, own, end));
  }
}

const EQUALS = 0x3d;
const SMALL_G = 0x67;
const BIG_G = 0x47;
const BRACKET = 0x5b;
const COLON = 0x3a;
const PAREN_CLOSE = 0x29;
/** docker's JSON around a logger's JSON around a string: no more. */
const MOST_NESTED = 4;

const isHeaderStart = (text: string, at: number): boolean => /^goroutine (?:\d+ (?:gp=|\[)|profile: total \d)/.test(text.slice(at, at + 40));
