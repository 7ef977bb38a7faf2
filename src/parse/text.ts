import { err, ok, type Result } from "../base/result.js";
import type { Snapshot } from "../model/goroutine/snapshot.js";
import { CarriedTexts } from "./carried-texts.js";
import { CountsReader, isRecord, isTotal } from "./counts.js";
import { Remarks } from "./dump/diagnostics.js";
import { DumpReader } from "./dump/dump.js";
import { LastWords } from "./dump/last-words.js";
import { joinedLine, mayBeWrapped } from "./dump/line-joiner.js";
import { isBlankByte, isWholeCreator, isWholeLocation, textOf } from "./dump/line-matchers.js";
import { LONGEST_PREFIX, makePrefix, type Prefix, prefixLength } from "./dump/prefix.js";
import { beforeRace, RaceLines } from "./dump/race-lines.js";
import { hasHtml, mentionsGoroutine, plainLines, unfold, withoutColours } from "./envelope.js";
import { beginsDelve, DelveReader } from "./foreign/delve.js";
import { beginsPanicparse, PanicparseReader } from "./foreign/panicparse.js";
import { csvColumn, csvLines, isQuotedPrintable, type LineDecoder, quotedPrintable } from "./line-decoders.js";
import { LineSplitter } from "./lines.js";
import { MemoryBudget } from "./memory.js";
import type { ByteParser, InputOrigin, Parsed, ParseFailure } from "./result.js";
import { textFailure } from "./text-failure.js";

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
  readonly #origin: InputOrigin;
  readonly #budget: MemoryBudget;
  readonly #depth: number;
  readonly #lines = new LineSplitter((bytes, start, end) => this.#line(bytes, start, end));
  readonly #remarks = new Remarks();
  readonly #words = new LastWords();
  readonly #snapshots: Snapshot[] = [];
  readonly #dump: DumpReader;
  readonly #counts: CountsReader;
  readonly #carried: CarriedTexts;
  readonly #races: RaceLines;
  #foreign: DelveReader | PanicparseReader | undefined;
  #prefix: Prefix | undefined;
  #quoted = false; // each line of the dump is a quoted string behind the prefix
  #rewrite: LineDecoder | undefined;
  #otherProfile: string | undefined; // records that follow are not of goroutines
  #atEnd = false;
  #message: Prefix | undefined; // before `panic: `, while its message goes on
  #held: string | undefined; // the beginning of a line that may have been wrapped
  #unread: Uint8Array | undefined; // a line that may say why the process ends, behind a prefix that is not known yet

  constructor(origin: InputOrigin, budget = new MemoryBudget(), depth = 0) {
    this.#origin = origin;
    this.#budget = budget;
    this.#depth = depth;
    this.#dump = new DumpReader(origin, budget, this.#remarks, this.#words, (snapshot) => this.#snapshots.push(snapshot));
    this.#counts = new CountsReader(origin, budget);
    this.#races = new RaceLines(budget);
    this.#carried = new CarriedTexts(budget, () => new TextParser(origin, budget, depth + 1));
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): Result<Parsed, ParseFailure> {
    this.#finish();
    this.#remarks.line = Math.max(this.#remarks.line, 0);
    const children = this.#carried.end();
    const snapshots = [...this.#snapshots, ...children.flatMap((child) => (child.ok ? child.value.snapshots : []))];
    const races = [...this.#races.reports, ...children.flatMap((child) => (child.ok ? (child.value.races ?? []) : []))];
    if (snapshots.length === 0) return err(brokenOf(children) ?? this.#failure());
    if (this.#announced > 0) {
      const last = snapshots[snapshots.length - 1]!;
      snapshots[snapshots.length - 1] = { ...last, losses: [...last.losses, `another profile announces ${this.#announced} goroutines, but none follows`] };
    }
    return ok({
      snapshots,
      outside: { lines: this.#remarks.outside, sample: this.#remarks.sample },
      lines: this.#remarks.line,
      ...(races.length > 0 ? { races } : {}),
    });
  }

  /** Lines that another text carried; `lineNumber`: of that text. */
  carry(text: string, raw: boolean, lineNumber: number): void {
    this.#remarks.line = lineNumber;
    this.push(Buffer.from(raw || text.endsWith("\n") ? text : `${text}\n`));
  }

  #finish(): void {
    this.#atEnd = true;
    this.#races.end();
    const open = this.#lines.end();
    if (this.#held !== undefined) this.#unwrap("");
    this.#endForeign();
    this.#endCounts();
    if (open && this.#depth > 0 && !this.#dump.reading) this.#remarks.add("the text that a line carries has no line end: if it was cut there, what followed is missing");
    this.#dump.end(open);
  }

  #failure(): ParseFailure {
    return textFailure({ lines: this.#remarks.line, losses: this.#dump.leftLosses(), announced: this.#announced, otherProfile: this.#otherProfile, races: this.#races.reports, isJson: this.#carried.isJson });
  }
  #announced = 0;

  #line(bytes: Uint8Array, from: number, rawEnd: number): void {
    if (this.#depth === 0) this.#remarks.line++;
    this.#dump.bytes += rawEnd - from + 1;
    let end = rawEnd;
    while (end > from && isBlankByte(bytes[end - 1]!)) end--;
    if (this.#rewrite) this.#lineOf(this.#rewrite(textOf(bytes, from, end)));
    else if (this.#message && this.#inMessage(bytes, from, rawEnd)) this.#say(bytes, from, end);
    else this.#content(bytes, from, end);
  }

  /** Go indents what follows in a panic's message by a tab, and blank lines, too: a stack there (debug.Stack) is not of this dump. */
  #inMessage(bytes: Uint8Array, from: number, rawEnd: number): boolean {
    const at = from + prefixLength(this.#message!, bytes, from, rawEnd);
    if (at >= from && at < rawEnd && isBlankByte(bytes[at]!) && !/\S.*goroutine \d+ (?:gp=|\[)/.test(textOf(bytes, at, Math.min(rawEnd, at + 400)))) return true;
    this.#message = undefined;
    return false;
  }

  #lineOf(lines: readonly string[]): void {
    const atEnd = this.#atEnd;
    for (const [index, line] of lines.entries()) {
      const whole = Buffer.from(line);
      const bytes = Buffer.from(line.trimEnd());
      this.#atEnd = atEnd && index === lines.length - 1;
      if (this.#message && this.#inMessage(whole, 0, whole.length)) this.#say(bytes, 0, bytes.length);
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
    const whole = joinedLine(held, next) ;
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
    if (start < end && closesText(bytes, start, end)) return this.#endCounts();
    if ((bytes[end - 1] === EQUALS || bytes[start + 1] === EQUALS) && this.#rewriteFrom(textOf(bytes, from, end))) return;
    if (this.#counts.line(bytes, start, end, this.#remarks.line)) return;
    const behind = recordAt(textOf(bytes, from, Math.min(end, from + LONGEST_PREFIX + 40)));
    if (behind > 0) {
      this.#prefix = makePrefix(bytes, from, from + behind); // that of the first line was another
      if (this.#counts.line(bytes, from + behind, end, this.#remarks.line)) return;
    }
    if (mentionsGoroutine(textOf(bytes, from, Math.min(end, from + LONGEST_PREFIX)))) {
      this.#endCounts();
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
      this.#endCounts();
      this.#endForeign();
      return true;
    }
    const text = textOf(bytes, start, Math.min(end, start + 100));
    if (!isTotal(text)) return false;
    this.#beginCounts(text);
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

  #beginCounts(line: string): void {
    this.#endCounts();
    this.#endForeign();
    this.#dump.closeSnapshot();
    this.#otherProfile = undefined;
    this.#counts.begin(line, this.#remarks.line);
  }

  #endCounts(): void {
    this.#announced += this.#counts.announced;
    const snapshot = this.#counts.end();
    if (snapshot) this.#snapshots.push({ ...snapshot, ...this.#words.take() });
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
    if (prefix && this.#unread && isHeaderStart(text, found) && this.#readBehind(prefix, this.#unread)) {
      this.#say(bytes, from, end);
      return true;
    }
    if (!this.#begin(bytes, from + found, end, found > 0)) return false;
    this.#prefix = prefix;
    this.#quoted = false;
    return true;
  }

  /** Now that the dump's prefix is known: what a line before it said behind the same. True: this header stands in a panic's message. */
  #readBehind(prefix: Prefix, line: Uint8Array): boolean {
    this.#unread = undefined;
    const { length } = prefix.bytes;
    const outer = prefix.bytes[length - 1] === TAB ? makePrefix(prefix.bytes, 0, length - 1) : undefined;
    for (const each of outer ? [outer, prefix] : [prefix]) {
      const at = prefixLength(each, line, 0, line.length);
      const words = at > 0 ? textOf(line, at, line.length) : "";
      if (!this.#words.read(words, () => this.#dump.closeSnapshot())) continue;
      if (each !== outer || !/^\t?panic: /.test(words)) return false;
      this.#message = outer;
      return true;
    }
    return false;
  }

  /** `level=error msg="\t/src/main.go:20 +0x2a" app=shop`: logfmt quotes what needs it. */
  #quotedLine(bytes: Uint8Array, from: number, end: number): boolean {
    const length = this.#prefix ? prefixLength(this.#prefix, bytes, from, end) : 0;
    if (length < 0) {
      this.#quoted = false;
      this.#prefix = undefined;
      return false;
    }
    let text = textOf(bytes, from + length, end);
    if (text.startsWith('"')) {
      const close = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0];
      try {
        if (close !== undefined) text = JSON.parse(close.replaceAll("\t", "\\t")) as string;
      } catch {
        text = close!.slice(1, -1);
      }
    }
    const line = Buffer.from(text.trimEnd());
    if (this.#begin(line, 0, line.length)) return true;
    if (this.#counts.reading) this.#countsLine(line, 0, 0, line.length);
    else if (this.#dump.reading) this.#dumpLine(line, 0, 0, line.length, true);
    else this.#say(line, 0, line.length);
    return true;
  }

  #outside(bytes: Uint8Array, from: number, start: number, end: number): void {
    if (start >= end) {
      this.#foreign?.blank();
      if (!this.#races.reading || !this.#raceLine(bytes, from, end)) this.#remarks.outside++;
      return;
    }
    if (this.#raceLine(bytes, from, end)) return;
    if (this.#remarks.line <= 2 && this.#depth === 0 && /\.(?:go|s):\d+ \+0x[0-9a-f]+$/.test(textOf(bytes, Math.max(from, end - 300), end))) {
      this.#remarks.add("the text begins in the middle of a stack: what stood before it is missing");
    }
    if (this.#headerBehindPrefix(bytes, from, end)) return;
    const text = textOf(bytes, from, end);
    if (this.#foreign?.line(text)) return;
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
      this.#beginCounts(text.slice(word));
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
    if (beginsDelve(text)) return this.#beginForeign(new DelveReader(this.#origin, this.#budget), text);
    if (beginsPanicparse(text)) return this.#beginForeign(new PanicparseReader(this.#origin, this.#budget), text);
    const other = /^(\w{1,40}) profile: (?:total )?\d+|^--- (contention|mutex):$/.exec(text);
    if (other && !isCutName(other[1])) this.#otherProfile = other[1] ?? (other[2] === "contention" ? "block" : "mutex");
    return false;
  }

  /** From here on each line is HTML, or coloured: this one as well. */
  #rewriteFrom(text: string): boolean {
    if (this.#rewrite) return false;
    if (text.includes("\u001b")) this.#rewrite = (line) => [withoutColours(line)];
    else if (hasHtml(text)) this.#rewrite = plainLines;
    else if (text.includes("\r")) this.#rewrite = (line) => line.split("\r");
    else if (text.includes("\u00a0")) this.#rewrite = (line) => [line.replaceAll("\u00a0", " ")];
    else if (isQuotedPrintable(text)) this.#rewrite = quotedPrintable();
    else return false;
    this.#lineOf(this.#rewrite(text));
    return true;
  }

  #decodeWith(decoder: LineDecoder, text: string): void {
    this.#rewrite = decoder;
    this.#lineOf(decoder(text));
  }

  /** `200 @ 0x43bd76 0x44c01e`: the first line of the profile was not copied. */
  #recordWithoutHeader(text: string, bytes: Uint8Array, from: number): boolean {
    if (this.#otherProfile !== undefined) return false;
    const digits = recordAt(text);
    if (digits < 0) return false;
    const record = Buffer.from(text).subarray(digits).toString("utf8");
    if (!isRecord(record)) return false;
    this.#prefix = digits > 0 ? makePrefix(bytes, from, from + digits) : undefined;
    this.#beginCounts(record);
    return true;
  }

  #beginForeign(reader: DelveReader | PanicparseReader, text: string): boolean {
    this.#endForeign();
    this.#foreign = reader;
    return reader.line(text);
  }

  #endForeign(): void {
    const snapshot = this.#foreign?.end();
    this.#foreign = undefined;
    if (snapshot) this.#snapshots.push({ ...snapshot, ...this.#words.take() });
  }

  /** A line outside of goroutines: it may say why the process ends. */
  #say(bytes: Uint8Array, start: number, end: number): void {
    this.#remarks.say(bytes, start, end);
    const text = textOf(bytes, start, Math.min(end, start + 400));
    if (!this.#words.mayRead(text)) return;
    if (/Test killed/.test(text) && this.#dump.endedBy(text)) return;
    const said = this.#words.read(text, () => this.#dump.closeSnapshot());
    if (said) this.#endCounts();
    this.#unread = said ? undefined : bytes.slice(start, Math.min(end, start + 400));
    const panic = said ? text.indexOf("panic: ") : -1;
    const before = text.slice(0, Math.max(0, panic));
    if (panic >= 0 && !before.endsWith("\t")) this.#message = makePrefix(bytes, start, start + (before === "\ufeff" ? 0 : Buffer.byteLength(before)));
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

/** Where `200 @ 0x43bd76 …` begins, in bytes; -1: there is none, or it is behind another number. */
function recordAt(text: string): number {
  const at = text.indexOf(" @ 0x");
  let digits = at;
  while (digits > 0 && /\d/.test(text[digits - 1]!)) digits--;
  if (at < 1 || digits === at || (digits > 0 && !/[\s|>]/.test(text[digits - 1]!)) || /\d\s+$/.test(text.slice(0, digits))) return -1;
  return Buffer.byteLength(text.slice(0, digits));
}

const TAB = 0x09;
const EQUALS = 0x3d;
const SMALL_G = 0x67;
const BIG_G = 0x47;
const BRACKET = 0x5b;
const COLON = 0x3a;
const PAREN_CLOSE = 0x29;
/** docker's JSON around a logger's JSON around a string: no more. */
const MOST_NESTED = 4;

/** A line that ends a quotation: what was open is complete. */
function closesText(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start];
  if (first !== 0x60 && first !== 0x7e && first !== 0x3c && first !== 0x5b && first !== 0x7b) return false;
  return /^(?:```+|~~~+|<\/(?:pre|code|details|div)>.*|\[\/(?:code|quote)\]|\{(?:code|noformat)\})$/i.test(textOf(bytes, start, end));
}

const isHeaderStart = (text: string, at: number): boolean => /^goroutine (?:\d+ (?:gp=|\[)|profile: total \d)/.test(text.slice(at, at + 40));
/** `utine profile: total 9`: the text's beginning is missing. */
const isCutName = (name: string | undefined): boolean => name !== undefined && ("goroutine".endsWith(name) || "goroutineleak".endsWith(name));
const looksLikeStack = (bytes: Uint8Array, start: number, end: number): boolean => /\.go:\d+(?: \+0x[0-9a-f]+)?$|\w\([^)]*\)$|created by \S/.test(textOf(bytes, Math.max(start, end - 300), end));

function brokenOf(children: readonly Result<Parsed, ParseFailure>[]): ParseFailure | undefined {
  for (const child of children) if (!child.ok && child.error.kind === "broken") return child.error;
  return undefined;
}
