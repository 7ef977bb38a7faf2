import { err, ok, type Result } from "../../base/result.js";
import type { RaceReport } from "../../model/race.js";
import type { Ancestor, Blocked, Creator, Goroutine, Snapshot } from "../../model/snapshot.js";
import type { Stack } from "../../model/stack.js";
import { LineSplitter } from "../lines.js";
import type { ByteParser, Origin, Parsed, ParseFailure } from "../result.js";
import { type Header, parseHeader } from "./header.js";
import { Interner } from "./interner.js";
import { blockedOnLock, lockOf } from "./locks.js";
import { findPrefix, type Prefix, prefixLength } from "./prefix.js";
import {
  argumentsAt, firstAddress, isBlankByte, isCreatedBy, isElided, isGoroutine, locationEnd, numberAt,
} from "./shapes.js";
import { RaceReader } from "./race.js";
import { Stacks, type Node } from "./stacks.js";

/**
 * Goroutine dumps: `debug=2` text, panics, SIGQUIT, `gops stack`, a TypeScript service; with anything around them.
 * Written by goroutineheader, traceback2 and printcreatedby1 in runtime/traceback.go. Invariants (dump.test.ts):
 *
 * D1. A file is lines; each line is understood, or counted as outside, or a loss speaks of it.
 * D2. Every line that begins with `goroutine N [` gives a goroutine or a loss.
 * D3. Memory grows with the distinct stacks and the number of goroutines, not with the text.
 *
 *   state      line                                                       next
 *   outside    `goroutine 7 [chan receive, 5 minutes]:`                   stack
 *   stack      `main.(*T).work(0xc000012345, {0x1, 0x2})`                 function (holds the line until its location)
 *   stack      `non-Go function`, `main.f` (cgo)                          function
 *   function   `\t/src/main.go:12 +0x1d fp=0x… sp=0x… pc=0x…`             stack
 *   stack      `...12 frames elided...`, `...additional frames elided...` stack
 *   stack      `\tgoroutine running on other thread; stack unavailable`   stack
 *   stack      `created by main.main in goroutine 1`                      creator
 *   creator    `\t/src/main.go:8 +0x2a`                                   stack
 *   stack      `[originating from goroutine 1]:` (tracebackancestors)     stack, of the ancestor
 *   stack      blank line, next header, end                               outside
 *
 * Arguments' values are not kept, but for the address of a lock that is waited for: groups do not depend on them.
 * Before the lines of a dump there may be the prefix of a logger: see prefix.ts. Outside, there may be reports of the
 * race detector: see race.ts.
 */
export class DumpParser implements ByteParser {
  readonly #origin: Origin;
  readonly #lines = new LineSplitter((bytes, start, end) => this.#line(bytes, start, end));
  readonly #headers = new Interner<Header | undefined>(parseHeader);
  readonly #stacks = new Stacks();
  readonly #locks: (ReturnType<typeof lockOf> | null)[] = [];
  readonly #snapshots: Snapshot[] = [];
  #seen = new Set<number>();
  #goroutines: Goroutine[] = [];
  #losses: string[] = [];
  #outside = 0;
  readonly #sample: string[] = [];
  #lineNumber = 0;
  #bytes = 0;
  #dumpStart = 0; // bytes of text before the current dump
  #prefix: Prefix | undefined;
  #atEnd = false;
  readonly #races: RaceReport[] = [];
  #race: RaceReader | undefined;
  #message: string | undefined; // of the dump that follows, or is being read

  // The goroutine being read.
  #state: "outside" | "stack" | "function" | "creator" = "outside";
  #id = -1;
  #header: Header | undefined;
  #node: Node = 0;
  #function = -1; // interned; waits for its location
  #weak = false; // ... and does not look like a function by itself
  #functionLine = 0;
  #creator: Creator | undefined;
  #creatorId = -1;
  #elided = 0;
  #blockedOn: Blocked | undefined;
  #own: Segment | undefined; // the goroutine's own stack, while those of its ancestors are read
  #ancestors: Ancestor[] = [];
  #ancestorId = -1;
  #foreign = 0; // line number of the first line that was not understood since the last frame

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): Result<Parsed, ParseFailure> {
    this.#atEnd = true;
    this.#endRace();
    const open = this.#lines.end();
    const inside = this.#state !== "outside";
    const cutInFrame = this.#state === "function" || this.#state === "creator";
    const size = this.#bytes - (open ? 1 : 0) - this.#dumpStart; // the last line has no line end
    this.#finish(cutInFrame && !open); // cut off: said below
    if (size >= GO_LIMIT && size < GO_LIMIT + 2) {
      this.#losses.push(
        `Go cuts this form of dump at 64 MiB: ${this.#goroutines.length} goroutines were in it, the others are missing; ` +
          "the profile (debug=0 or debug=1) has no such limit",
      );
    } else if (inside && (open || cutInFrame)) {
      this.#losses.push(
        cutInFrame
          ? `the text ends in the middle of a goroutine (line ${this.#lineNumber}): what followed is missing`
          : `the last line (${this.#lineNumber}) has no line end: if the text was cut there, what followed is missing`,
      );
    }
    this.#closeSnapshot();
    if (this.#snapshots.length === 0) return err(this.#failure());
    return ok({
      snapshots: this.#snapshots,
      outside: { lines: this.#outside, sample: this.#sample },
      lines: this.#lineNumber,
      ...(this.#races.length > 0 ? { races: this.#races } : {}),
    });
  }

  #failure(): ParseFailure {
    if (this.#losses.length > 0) {
      const [first] = this.#losses;
      return { kind: "broken", at: /line \d+/.exec(first!)?.[0] ?? `line ${this.#lineNumber}`, because: first! };
    }
    if (this.#lineNumber === 0) return { kind: "not-mine", what: "it is empty" };
    if (this.#races.length > 0) return { kind: "not-mine", what: `it holds ${onlyRaces(this.#races)}, but no goroutine dump` };
    return { kind: "not-mine", what: `none of its ${this.#lineNumber} lines begins a goroutine ('goroutine 1 [running]:')` };
  }

  #line(bytes: Uint8Array, from: number, end: number): void {
    this.#lineNumber++;
    this.#bytes += end - from + 1;
    let start = from;
    if (this.#prefix) start += prefixLength(this.#prefix, bytes, from, end);
    const first = start < end ? bytes[start]! : 0;
    if (first === 0x67 && isGoroutine(bytes, start, end) && this.#tryHeader(bytes, start, end)) return;
    if (this.#state === "outside") return this.#outsideLine(bytes, from, end);
    // A last line without a line end may be cut anywhere: only a whole location is taken.
    if (this.#atEnd && !/^\s+.*:\d+( \+0x[0-9a-f]+)?$/.test(text(bytes, start, end))) return;
    if (first === 0 || isBlank(bytes, start, end)) return this.#finish(true);
    if (isBlankByte(first)) return this.#location(bytes, start, end);
    if (first === 0x5b) return this.#bracket(bytes, start, end);
    if (first === 0x2e && isElided(bytes, start, end)) return this.#elide(bytes, start, end);
    if (first === 0x63 && isCreatedBy(bytes, start, end)) return this.#createdBy(bytes, start, end);
    this.#functionOf(bytes, start, end);
  }

  #outsideLine(bytes: Uint8Array, start: number, end: number): void {
    const prefix = findPrefix(bytes, start, end);
    if (prefix && this.#tryHeader(bytes, start + prefix.length, end)) {
      this.#prefix = prefix;
      return;
    }
    if (this.#raceLine(bytes, start, end)) return;
    this.#prefix = undefined;
    if (end > start) this.#sayOutside(bytes, start, end);
    else this.#outside++;
  }

  /** Lines of a race report; a dump ends it, too. Loggers' prefixes are as long as before its first line. */
  #raceLine(bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.#race) {
      if (bytes[end - 1] !== 0x45 /* E */ || !text(bytes, start, end).endsWith(RACE)) return false;
      const length = end - start - RACE.length;
      this.#prefix = length > 0 ? { bytes: bytes.slice(start, start + length), length } : undefined;
      this.#race = new RaceReader(this.#lineNumber);
      return true;
    }
    const own = start + (this.#prefix ? prefixLength(this.#prefix, bytes, start, end) : 0);
    if (!this.#race.take(text(bytes, own, end))) {
      this.#sayOutside(bytes, start, end);
      return true;
    }
    if (this.#race.ended) this.#endRace();
    return true;
  }

  #endRace(): void {
    if (this.#race) this.#races.push(this.#race.report());
    this.#race = undefined;
  }

  #sayOutside(bytes: Uint8Array, start: number, end: number): void {
    this.#outside++;
    if (this.#sample.length >= 8 && !MESSAGES.has(bytes[start]!)) return;
    const line = text(bytes, start, Math.min(end, start + 200)).trim();
    if (/^(panic: |fatal error: |SIG[A-Z]+: )/.test(line)) {
      this.#closeSnapshot(); // what follows is another process's, or another death's
      this.#message = line;
    }
    if (this.#sample.length < 8) this.#sample.push(line);
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
      this.#losses.push(`line ${this.#lineNumber}: goroutine ${id}'s header was not understood: ${text(bytes, bracket, Math.min(end, bracket + 80))}`);
      return true;
    }
    this.#finish(true);
    this.#endRace();
    if (this.#seen.has(id)) this.#closeSnapshot();
    if (this.#goroutines.length === 0) this.#dumpStart = this.#bytes - (end - start + 1);
    this.#seen.add(id);
    this.#id = id;
    this.#header = header;
    this.#state = "stack";
    return true;
  }

  #functionOf(bytes: Uint8Array, start: number, end: number): void {
    const open = argumentsAt(bytes, start, end);
    this.#dropFunction();
    this.#weak = open < 0;
    this.#function = this.#stacks.functions.id(bytes, start, open < 0 ? end : open);
    this.#functionLine = this.#lineNumber;
    this.#state = "function";
    let lock = this.#locks[this.#function];
    if (lock === undefined) {
      lock = lockOf(this.#stacks.functions.value(this.#function)) ?? null;
      this.#locks[this.#function] = lock;
    }
    if (lock !== null && open > 0 && !this.#blockedOn && !this.#own) {
      const address = firstAddress(bytes, open, end);
      if (address > 0) this.#blockedOn = blockedOnLock(lock, address);
    }
    if (this.#weak && startsNonGoPc(bytes, start, end)) this.#frame(-1); // has no location line of its own
  }

  /** The function that still waits for its location will not get one. */
  #dropFunction(): void {
    if (this.#state === "creator") this.#endCreator(-1);
    if (this.#state !== "function") return;
    if (this.#weak) {
      this.#outside++;
      if (this.#foreign === 0) this.#foreign = this.#functionLine;
    } else {
      this.#losses.push(`line ${this.#functionLine}: a frame of goroutine ${this.#id} has no source location behind it`);
      this.#frame(-1);
    }
    this.#state = "stack";
    this.#function = -1;
  }

  #location(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end && isBlankByte(bytes[at]!)) at++;
    if (this.#state === "stack") {
      if (text(bytes, at, end).startsWith("goroutine running on other thread")) return;
      return this.#strange(bytes, start, end);
    }
    const id = this.#stacks.locations.id(bytes, at, locationEnd(bytes, at, end));
    if (!this.#stacks.locations.value(id) && !text(bytes, at, end).startsWith("pc=0x")) {
      this.#dropFunction();
      return this.#strange(bytes, start, end);
    }
    if (this.#state === "creator") this.#endCreator(id);
    else this.#frame(id);
  }

  #frame(location: number): void {
    if (this.#foreign > 0) {
      this.#losses.push(`line ${this.#foreign}: foreign text in the stack of goroutine ${this.#id}; the frames around it were kept`);
      this.#foreign = 0;
    }
    this.#node = this.#stacks.grow(this.#node, this.#stacks.frame(this.#function, location));
    this.#function = -1;
    this.#state = "stack";
  }

  #strange(bytes: Uint8Array, start: number, end: number): void {
    if (this.#foreign === 0) this.#foreign = this.#lineNumber;
    this.#sayOutside(bytes, start, end);
  }

  #elide(bytes: Uint8Array, start: number, end: number): void {
    this.#dropFunction();
    const line = text(bytes, start, end);
    const match = /^\.\.\.(?:(\d+) frames|additional frames) elided\.\.\.$/.exec(line);
    if (!match) return this.#strange(bytes, start, end);
    if (match[1] !== undefined) this.#elided += Number(match[1]);
    else this.#losses.push(`line ${this.#lineNumber}: Go left out the outer frames of goroutine ${this.#id} (it prints 100)`);
  }

  #createdBy(bytes: Uint8Array, start: number, end: number): void {
    this.#dropFunction();
    if (this.#creator) this.#losses.push(`line ${this.#lineNumber}: goroutine ${this.#id} has a second creator; the first was not kept`);
    const line = text(bytes, start, end);
    const cut = / in goroutine (\d+)$/.exec(line);
    this.#creatorId = cut ? Number(cut[1]) : -1;
    const nameEnd = cut ? end - cut[0].length : end;
    this.#function = this.#stacks.functions.id(bytes, start + 11, nameEnd);
    this.#state = "creator";
  }

  #endCreator(location: number): void {
    const frame = this.#stacks.frameAt(this.#stacks.frame(this.#function, location));
    this.#creator = this.#creatorId < 0 ? frame : { ...frame, id: this.#creatorId };
    this.#function = -1;
    this.#state = "stack";
  }

  #bracket(bytes: Uint8Array, start: number, end: number): void {
    this.#dropFunction();
    const match = /^\[originating from goroutine (\d+)\]:$/.exec(text(bytes, start, end));
    if (!match) return this.#strange(bytes, start, end);
    this.#endSegment();
    this.#ancestorId = Number(match[1]);
    this.#state = "stack";
  }

  /** The stack that was read is the goroutine's own, or one of its ancestors'. */
  #endSegment(): void {
    const segment: Segment = { stack: this.#stacks.stack(this.#node), elided: this.#elided, creator: this.#creator };
    if (!this.#own) this.#own = segment;
    else {
      const createdBy = segment.creator ? { createdBy: segment.creator } : {};
      this.#ancestors.push({ id: this.#ancestorId, stack: segment.stack, ...createdBy });
    }
    this.#node = 0;
    this.#elided = 0;
    this.#creator = undefined;
  }

  /** The goroutine is complete; `say` if a last function without a location is a loss that nothing else speaks of. */
  #finish(say: boolean): void {
    if (this.#state === "outside") return;
    if (say) this.#dropFunction();
    this.#endSegment();
    const { stack, elided, creator } = this.#own!;
    const goroutine: { -readonly [K in keyof Goroutine]: Goroutine[K] } = { id: this.#id, count: 1, ...this.#header!, stack };
    if (elided > 0) goroutine.elided = elided;
    else if (stack.length >= OLD_LIMIT - HIDDEN && stack.length <= OLD_LIMIT && creator && creator.id === undefined) {
      this.#losses.push(
        `goroutine ${this.#id} shows ${stack.length} frames: Go 1.20 and older stop at ${OLD_LIMIT}, their own hidden ones included, ` +
          "without a word; its outer frames may be missing",
      );
    }
    if (creator) goroutine.createdBy = creator;
    if (this.#ancestors.length > 0) goroutine.ancestors = this.#ancestors;
    if (this.#blockedOn) goroutine.blockedOn = this.#blockedOn;
    this.#goroutines.push(goroutine);
    this.#state = "outside";
    this.#function = -1;
    this.#own = undefined;
    this.#ancestors = [];
    this.#ancestorId = -1;
    this.#blockedOn = undefined;
    this.#foreign = 0;
  }

  #closeSnapshot(): void {
    if (this.#goroutines.length === 0) return;
    this.#snapshots.push({
      provenance: { how: "debug=2 text", ...this.#origin },
      goroutines: this.#goroutines,
      losses: this.#losses,
      ...(this.#message === undefined ? {} : { message: this.#message }),
    });
    this.#message = undefined;
    this.#goroutines = [];
    this.#losses = [];
    this.#seen = new Set();
  }
}

function onlyRaces(races: readonly RaceReport[]): string {
  const [first] = races;
  const places = first!.accesses.map(({ what, stack }) => `${what.toLowerCase()} in ${stack[0] ? `${stack[0].function} ${stack[0].file}:${stack[0].line}` : "an unknown place"}`);
  return `${races.length === 1 ? "a report" : `${races.length} reports`} of the race detector (${races.length === 1 ? "" : "the first: "}${places.join(", ")})`;
}

/** One stack of a goroutine: its own, or an ancestor's. */
interface Segment {
  readonly stack: Stack;
  readonly elided: number;
  readonly creator: Creator | undefined;
}

/** `p`, `f`, `S`: how a message may begin. */
const MESSAGES = new Set([0x70, 0x66, 0x53]);

/** _TracebackMaxFrames of runtime/traceback.go up to Go 1.20, which counts frames that are not shown: 6 at most are seen. */
const OLD_LIMIT = 100;
const HIDDEN = 6;

/** runtime/pprof's writeGoroutineStacks stops growing its buffer there. */
const GO_LIMIT = 64 << 20;

const RACE = "WARNING: DATA RACE";

const text = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start)).toString("utf8");

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isBlankByte(bytes[i]!)) return false;
  return true;
}

const startsNonGoPc = (bytes: Uint8Array, start: number, end: number): boolean =>
  bytes[start] === 0x6e && text(bytes, start, end).startsWith("non-Go function at pc=");
