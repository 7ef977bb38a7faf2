import { err, ok, type Result } from "../../base/result.js";
import type { RaceReport } from "../../model/race.js";
import type { Goroutine, Snapshot } from "../../model/snapshot.js";
import { LineSplitter } from "../lines.js";
import { MemoryBudget, SIZES } from "../memory.js";
import type { ByteParser, InputOrigin, Parsed, ParseFailure } from "../result.js";
import { GoroutineReader } from "./goroutine-reader.js";
import { type Header, parseHeader } from "./header.js";
import { Interner } from "./interner.js";
import { findPrefix, type Prefix, prefixLength } from "./prefix.js";
import { RaceReader } from "./race.js";
import { Remarks } from "./diagnostics.js";
import { isBlankByte, isGoroutine, isWholeLocation, numberAt, textOf } from "./line-matchers.js";

/**
 * Goroutine dumps: `debug=2` text, panics, SIGQUIT, `gops stack`, a TypeScript service; with anything around them.
 * Written by goroutineheader, traceback2 and printcreatedby1 in runtime/traceback.go. Invariants (dump.test.ts):
 *
 * D1. A file is lines; each line is understood, or counted as outside, or a loss speaks of it.
 * D2. Every line that begins with `goroutine N [` gives a goroutine or a loss.
 * D3. Memory grows with the distinct stacks and the number of goroutines, not with the text.
 *
 * A goroutine's own lines: goroutine-reader.ts.
 * Before the lines of a dump there may be the prefix of a logger: see prefix.ts. Outside, there may be reports of the
 * race detector: see race.ts.
 */
export class DumpParser implements ByteParser {
  readonly #origin: InputOrigin;
  readonly #lines = new LineSplitter((bytes, start, end) => this.#line(bytes, start, end));
  readonly #budget: MemoryBudget;
  readonly #headers: Interner<Header | undefined>;
  readonly #remarks = new Remarks((message) => {
    this.#closeSnapshot(); // what follows is another process's, or another death's
    this.#message = message;
  });
  readonly #reader: GoroutineReader;
  readonly #snapshots: Snapshot[] = [];
  #seen = new Set<number>();
  #goroutines: Goroutine[] = [];
  #bytes = 0;
  #dumpStart = 0; // bytes of text before the current dump
  #prefix: Prefix | undefined;
  #atEnd = false;
  readonly #races: RaceReport[] = [];
  #race: RaceReader | undefined;
  #message: string | undefined; // of the dump that follows, or is being read

  constructor(origin: InputOrigin, budget = new MemoryBudget()) {
    this.#origin = origin;
    this.#budget = budget;
    this.#headers = new Interner<Header | undefined>(parseHeader, budget);
    this.#reader = new GoroutineReader(this.#remarks, budget);
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): Result<Parsed, ParseFailure> {
    this.#atEnd = true;
    this.#endRace();
    const open = this.#lines.end();
    const inside = this.#reader.reading;
    const cutInFrame = this.#reader.inFrame;
    const size = this.#bytes - (open ? 1 : 0) - this.#dumpStart; // the last line has no line end
    this.#finish(cutInFrame && !open); // cut off: said below
    if (size >= GO_LIMIT && size < GO_LIMIT + 2) {
      this.#remarks.add(
        `Go cuts this form of dump at 64 MiB: ${this.#goroutines.length} goroutines were in it, the others are missing; ` +
          "the profile (debug=0 or debug=1) has no such limit",
      );
    } else if (inside && (open || cutInFrame)) {
      this.#remarks.add(
        cutInFrame
          ? `the text ends in the middle of a goroutine (line ${this.#remarks.line}): what followed is missing`
          : `the last line (${this.#remarks.line}) has no line end: if the text was cut there, what followed is missing`,
      );
    }
    this.#closeSnapshot();
    if (this.#snapshots.length === 0) return err(this.#failure());
    return ok({
      snapshots: this.#snapshots,
      outside: { lines: this.#remarks.outside, sample: this.#remarks.sample },
      lines: this.#remarks.line,
      ...(this.#races.length > 0 ? { races: this.#races } : {}),
    });
  }

  #failure(): ParseFailure {
    if (this.#remarks.losses.length > 0) {
      const [first] = this.#remarks.losses;
      return { kind: "broken", at: /line \d+/.exec(first!)?.[0] ?? `line ${this.#remarks.line}`, because: first! };
    }
    if (this.#remarks.line === 0) return { kind: "not-mine", what: "it is empty" };
    if (this.#races.length > 0) return { kind: "not-mine", what: `it holds ${onlyRaces(this.#races)}, but no goroutine dump` };
    return { kind: "not-mine", what: `none of its ${this.#remarks.line} lines begins a goroutine ('goroutine 1 [running]:')` };
  }

  #line(bytes: Uint8Array, from: number, end: number): void {
    this.#remarks.line++;
    this.#bytes += end - from + 1;
    let start = from;
    if (this.#prefix) start += prefixLength(this.#prefix, bytes, from, end);
    const first = start < end ? bytes[start]! : 0;
    if (first === 0x67 && isGoroutine(bytes, start, end) && this.#tryHeader(bytes, start, end)) return;
    if (!this.#reader.reading) return this.#outsideLine(bytes, from, end);
    // A last line without a line end may be cut anywhere: only a whole location is taken.
    if (this.#atEnd && !isWholeLocation(bytes, start, end)) return;
    if (first === 0 || isBlank(bytes, start, end)) return this.#finish(true);
    this.#reader.line(bytes, start, end);
  }

  #outsideLine(bytes: Uint8Array, start: number, end: number): void {
    const prefix = findPrefix(bytes, start, end);
    if (prefix && this.#tryHeader(bytes, start + prefix.length, end)) {
      this.#prefix = prefix;
      return;
    }
    if (this.#raceLine(bytes, start, end)) return;
    this.#prefix = undefined;
    if (end > start) this.#remarks.say(bytes, start, end);
    else this.#remarks.outside++;
  }

  /** Lines of a race report; a dump ends it, too. Loggers' prefixes are as long as before its first line. */
  #raceLine(bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.#race) {
      if (bytes[end - 1] !== 0x45 /* E */ || !textOf(bytes, start, end).endsWith(RACE)) return false;
      const length = end - start - RACE.length;
      this.#prefix = length > 0 ? { bytes: bytes.slice(start, start + length), length } : undefined;
      this.#race = new RaceReader(this.#remarks.line);
      return true;
    }
    const own = start + (this.#prefix ? prefixLength(this.#prefix, bytes, start, end) : 0);
    if (!this.#race.take(textOf(bytes, own, end))) {
      this.#remarks.say(bytes, start, end);
      return true;
    }
    if (this.#race.ended) this.#endRace();
    return true;
  }

  #endRace(): void {
    if (this.#race) {
      const report = this.#race.report();
      this.#budget.take(SIZES.race + SIZES.frame * report.accesses.reduce((n, { stack }) => n + stack.length + 1, report.goroutines.length));
      this.#races.push(report);
    }
    this.#race = undefined;
  }

  /** `goroutine 7 gp=0x… m=nil [select]:` at `start`; false when it is something else. */
  #tryHeader(bytes: Uint8Array, start: number, end: number): boolean {
    const id = numberAt(bytes, start + 10, end);
    if (id < 0) return false;
    const bracket = bytes.indexOf(0x5b, start + 10);
    if (bracket < 0 || bracket >= end) return false;
    const header = this.#headers.value(this.#headers.id(bytes, bracket, end));
    if (!header) {
      this.#finish(true);
      this.#remarks.lose(`goroutine ${id}'s header was not understood: ${textOf(bytes, bracket, Math.min(end, bracket + 80))}`);
      return true;
    }
    this.#finish(true);
    this.#endRace();
    if (this.#seen.has(id)) this.#closeSnapshot();
    if (this.#goroutines.length === 0) this.#dumpStart = this.#bytes - (end - start + 1);
    this.#seen.add(id);
    this.#reader.begin(id, header);
    return true;
  }

  #finish(say: boolean): void {
    const goroutine = this.#reader.finish(say);
    if (goroutine) this.#goroutines.push(goroutine);
  }

  #closeSnapshot(): void {
    if (this.#goroutines.length === 0) return;
    this.#budget.take(SIZES.snapshot);
    this.#snapshots.push({
      provenance: { how: "debug=2 text", ...this.#origin },
      goroutines: this.#goroutines,
      losses: this.#remarks.takeLosses(),
      ...(this.#message === undefined ? {} : { message: this.#message }),
    });
    this.#message = undefined;
    this.#goroutines = [];
    this.#seen = new Set();
  }
}

function onlyRaces(races: readonly RaceReport[]): string {
  const [first] = races;
  const places = first!.accesses.map(({ what, stack }) => `${what.toLowerCase()} in ${stack[0] ? `${stack[0].function} ${stack[0].file}:${stack[0].line}` : "an unknown place"}`);
  return `${races.length === 1 ? "a report" : `${races.length} reports`} of the race detector (${races.length === 1 ? "" : "the first: "}${places.join(", ")})`;
}

/** runtime/pprof's writeGoroutineStacks stops growing its buffer there. */
const GO_LIMIT = 64 << 20;

const RACE = "WARNING: DATA RACE";

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isBlankByte(bytes[i]!)) return false;
  return true;
}
