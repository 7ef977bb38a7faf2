import type { Result } from "../../base/result.js";
import { recordAt } from "../counts.js";
import { mayBeWrapped } from "../dump/line-joiner.js";
import { closesText, isBlankByte, isWholeCreator, isWholeLocation, looksLikeStack, textOf } from "../dump/line-matchers.js";
import { LONGEST_PREFIX } from "../dump/prefix.js";
import { LineSplitter } from "../lines.js";
import { MemoryBudget } from "../memory.js";
import type { ByteParser, InputOrigin, Parsed, ParseFailure } from "../result.js";
import { DecodedLines } from "./decoded-lines.js";
import { mentionsGoroutine } from "./envelope.js";
import { HeaderLines } from "./header-lines.js";
import { HeldLine } from "./held-line.js";
import { logfmtValue } from "./line-decoders.js";
import { LinePrefix } from "./line-prefix.js";
import { OutsideLines } from "./outside-lines.js";
import { SaidLines } from "./said-lines.js";
import { TextForms } from "./text-forms.js";

/**
 * Text with goroutines in it: `debug=2` and `debug=1` text, panics, SIGQUIT, goleak's messages, delve's and
 * panicparse's output; one after the other, with anything around them, each line behind a prefix, or carried by JSON,
 * HTML or one long line. Each line is decoded, joined and relieved of its prefix here, and then read by whoever is
 * reading: a header (header-lines.ts), a profile, a goroutine, or nobody (outside-lines.ts). Invariants (dump.test.ts,
 * mangled.test.ts):
 *
 * D1. A file is lines; each line is understood, or counted as outside, or a loss speaks of it.
 * D2. Every line that begins with `goroutine N [` gives a goroutine or a loss.
 * D3. Memory grows with the distinct stacks and the number of goroutines, not with the text.
 */
export class TextParser implements ByteParser {
  readonly #lines = new LineSplitter((bytes, start, end) => this.#line(bytes, start, end));
  readonly #forms: TextForms;
  readonly #prefix = new LinePrefix();
  readonly #decoded = new DecodedLines((line) => this.#decodedLine(line));
  readonly #held = new HeldLine();
  readonly #said: SaidLines;
  readonly #headers: HeaderLines;
  readonly #outside: OutsideLines;
  #ended = false;

  constructor(origin: InputOrigin, budget = new MemoryBudget(), depth = 0) {
    this.#forms = new TextForms(origin, budget, depth, () => new TextParser(origin, budget, depth + 1));
    this.#said = new SaidLines(this.#forms);
    const parts = {
      forms: this.#forms, prefix: this.#prefix, decoded: this.#decoded, held: this.#held, said: this.#said,
      atEnd: () => this.#atEnd,
      quotedLine: (bytes: Uint8Array, from: number, end: number) => this.#quotedLine(bytes, from, end),
    };
    this.#headers = new HeaderLines(parts);
    this.#outside = new OutsideLines(parts, this.#headers);
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): Result<Parsed, ParseFailure> {
    this.#ended = true;
    this.#forms.races.end();
    const open = this.#lines.end();
    if (this.#held.held) this.#unwrap("");
    return this.#forms.end(open);
  }

  /** Lines that another text carried; `lineNumber`: of that text. */
  carry(text: string, raw: boolean, lineNumber: number): void {
    this.#forms.remarks.line = lineNumber;
    this.push(Buffer.from(raw || text.endsWith("\n") ? text : `${text}\n`));
  }

  /** The line that is read is the last one, and has no line end. */
  get #atEnd(): boolean {
    return this.#ended && !this.#decoded.hasMore;
  }

  #line(bytes: Uint8Array, from: number, rawEnd: number): void {
    const { remarks, carried, dump } = this.#forms;
    if (carried.depth === 0) remarks.line++;
    dump.bytes += rawEnd - from + 1;
    let end = rawEnd;
    while (end > from && isBlankByte(bytes[end - 1]!)) end--;
    if (this.#decoded.begun) this.#decoded.line(textOf(bytes, from, end));
    else if (this.#said.panic.goesOn(bytes, from, rawEnd)) this.#said.line(bytes, from, end);
    else this.#content(bytes, from, end);
  }

  #decodedLine(line: string): void {
    const whole = Buffer.from(line);
    const bytes = Buffer.from(line.trimEnd());
    if (this.#said.panic.goesOn(whole, 0, whole.length)) this.#said.line(bytes, 0, bytes.length);
    else this.#content(bytes, 0, bytes.length);
  }

  /** A line without blanks at its end, in plain text. */
  #content(bytes: Uint8Array, from: number, end: number): void {
    if (this.#prefix.isQuoted && this.#quotedLine(bytes, from, end)) return;
    if (this.#held.held && this.#unwrap(textOf(bytes, from, end))) return;
    const length = this.#prefix.length(bytes, from, end);
    const own = length >= 0;
    const start = from + Math.max(0, length);
    if (start < end && bytes[start] === SMALL_G && this.#headers.at(bytes, start, end)) {
      if (!own) this.#prefix.forget();
      return;
    }
    if (start > from) this.#prefix.confirm();
    this.#read(bytes, from, start, end, own);
  }

  /** A line that is no header, by whoever is reading. `own`: it has the prefix that is known. */
  #read(bytes: Uint8Array, from: number, start: number, end: number, own: boolean): void {
    if (this.#forms.counts.reading) this.#countsLine(bytes, from, start, end);
    else if (this.#forms.dump.reading) this.#dumpLine(bytes, from, start, end, own);
    else this.#outside.line(bytes, from, start, end);
  }

  /** The line that was kept and this one are one: or the first is as it is. */
  #unwrap(next: string): boolean {
    const { first, whole } = this.#held.release(next);
    const line = Buffer.from(whole ?? first);
    if (whole !== undefined) {
      this.#content(line, 0, line.length);
      return true;
    }
    const { remarks, dump } = this.#forms;
    remarks.line--;
    if (first.startsWith("goroutine ")) dump.header(line, 0, line.length, true);
    else if (!dump.line(line, 0, line.length)) this.#outside.line(line, 0, 0, line.length);
    remarks.line++;
    return false;
  }

  #dumpLine(bytes: Uint8Array, from: number, start: number, end: number, own: boolean): void {
    const { dump, remarks } = this.#forms;
    // A last line without a line end may be cut anywhere: only a whole location is taken.
    if (this.#atEnd && !isWholeLocation(bytes, start, end) && !closesText(bytes, start, end)) return;
    if (start >= end || (!own && end === from)) return dump.blankLine();
    if (closesText(bytes, start, end)) return dump.finish(true);
    if (this.#nextHeader(bytes, from, start, end)) return;
    if (!own && this.#prefix.known?.confirmed) {
      if (looksLikeStack(bytes, from, end)) remarks.interleaved(remarks.line);
      return this.#said.line(bytes, from, end);
    }
    if (!this.#prefix.known && !this.#atEnd && mayBeWrapped(bytes, start, end)) this.#held.hold(textOf(bytes, start, end));
    else if (!dump.line(bytes, start, end)) this.#outside.line(bytes, from, start, end);
  }

  /** In the middle of a goroutine: a line that begins another one, or shows another form of text. */
  #nextHeader(bytes: Uint8Array, from: number, start: number, end: number): boolean {
    if (bytes[start] === 0xc2 && bytes[start + 1] === 0xa0 && this.#decoded.begin(textOf(bytes, from, end))) return true; // a blank of a web page
    if ((bytes[end - 1] === EQUALS || (bytes[start] === EQUALS && bytes[start + 1] === 0x30)) && this.#decoded.begin(textOf(bytes, from, end))) return true;
    if (this.#headers.nextOfList(bytes, from, start, end)) return true;
    return bytes[end - 1] !== PAREN_CLOSE && !isBlankByte(bytes[start]!) && !isWholeCreator(bytes, start, end) && this.#headers.behindPrefix(bytes, from, end);
  }

  #countsLine(bytes: Uint8Array, from: number, start: number, end: number): void {
    const { counts, remarks } = this.#forms;
    if (start < end && closesText(bytes, start, end)) return this.#forms.endCounts();
    if ((bytes[end - 1] === EQUALS || bytes[start + 1] === EQUALS) && this.#decoded.begin(textOf(bytes, from, end))) return;
    if (counts.line(bytes, start, end, remarks.line)) return;
    const behind = recordAt(textOf(bytes, from, Math.min(end, from + LONGEST_PREFIX + 40)));
    if (behind > 0) {
      this.#prefix.is(bytes, from, from + behind); // that of the first line was another
      if (counts.line(bytes, from + behind, end, remarks.line)) return;
    }
    if (mentionsGoroutine(textOf(bytes, from, Math.min(end, from + LONGEST_PREFIX)))) {
      this.#forms.endCounts();
      this.#outside.line(bytes, from, start, end);
    } else this.#said.line(bytes, from, end);
  }

  /** `level=error msg="\t/src/main.go:20 +0x2a" app=shop`: logfmt quotes what needs it. */
  #quotedLine(bytes: Uint8Array, from: number, end: number): boolean {
    const length = this.#prefix.length(bytes, from, end);
    if (length < 0) {
      this.#prefix.unquote();
      this.#prefix.forget();
      return false;
    }
    const line = Buffer.from(logfmtValue(textOf(bytes, from + length, end)).trimEnd());
    if (this.#headers.at(line, 0, line.length)) return true;
    if (this.#forms.counts.reading) this.#countsLine(line, 0, 0, line.length);
    else if (this.#forms.dump.reading) this.#dumpLine(line, 0, 0, line.length, true);
    else this.#said.line(line, 0, line.length);
    return true;
  }
}

const EQUALS = 0x3d;
const SMALL_G = 0x67;
const PAREN_CLOSE = 0x29;
