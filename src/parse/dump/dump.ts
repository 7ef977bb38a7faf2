import type { Ending } from "../../model/goroutine/ending.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import { SIZES, type MemoryBudget } from "../memory.js";
import type { InputOrigin } from "../result.js";
import type { Remarks } from "./diagnostics.js";
import { GoroutineReader } from "./goroutine-reader.js";
import { type Header, parseHeader } from "./header.js";
import { Interner } from "./interner.js";
import type { LastWords } from "./last-words.js";
import { isBlankByte, numberAt, textOf } from "./line-matchers.js";

/**
 * Goroutine dumps, one after the other: `debug=2` text, panics, SIGQUIT, `gops stack`, a TypeScript service, goleak's
 * messages. Written by goroutineheader, traceback2 and printcreatedby1 in runtime/traceback.go. Lines come without
 * their prefix and without blanks at their ends. A goroutine's own lines: goroutine-reader.ts.
 */
export class DumpReader {
  readonly #origin: InputOrigin;
  readonly #budget: MemoryBudget;
  readonly #remarks: Remarks;
  readonly #words: LastWords;
  readonly #onSnapshot: (snapshot: Snapshot) => void;
  readonly #headers: Interner<Header | undefined>;
  readonly #reader: GoroutineReader;
  /** Bytes of text so far. */
  bytes = 0;
  #start = 0; // bytes of text before the current dump
  #seen = new Set<number>();
  #goroutines: Goroutine[] = [];
  /** It ran on another thread: with GOTRACEBACK=crash that thread's part follows, and has its stack. */
  #unavailable = new Map<number, number>();
  #replaces: number | undefined;
  #said: { message?: string; ending?: Ending } = {};
  #how = DUMP;

  constructor(origin: InputOrigin, budget: MemoryBudget, remarks: Remarks, words: LastWords, onSnapshot: (snapshot: Snapshot) => void) {
    this.#origin = origin;
    this.#budget = budget;
    this.#remarks = remarks;
    this.#words = words;
    this.#onSnapshot = onSnapshot;
    this.#headers = new Interner<Header | undefined>(parseHeader, budget);
    this.#reader = new GoroutineReader(remarks, budget);
  }

  get reading(): boolean {
    return this.#reader.reading;
  }

  /** `goroutine 7 gp=0x… m=nil [select]:` at `start`. False: it is something else. Undefined: there is more in the line; `whole`: take it as it is. */
  header(bytes: Uint8Array, start: number, last: number, whole = false): boolean | undefined {
    const id = numberAt(bytes, start + 10, last);
    if (id < 0) return false;
    let bracket = start;
    const furthest = Math.min(last, start + 200);
    while (bracket < furthest && bytes[bracket] !== 0x5b) bracket++;
    if (bracket === furthest) return false;
    const close = headerEnd(bytes, bracket, last);
    if (!whole && (close < 0 || (close < last && mayBeFolded(bytes, close, last)))) return undefined;
    const end = close < 0 ? last : close;
    const header = close < 0 ? undefined : this.#headers.value(this.#headers.id(bytes, bracket, end));
    if (!header) {
      this.finish(true);
      this.#remarks.lose(`goroutine ${id}'s header was not understood: ${textOf(bytes, bracket, Math.min(end, bracket + 80))}`);
      return true;
    }
    // goleak up to 1.2 names a goroutine, and then prints its header as well.
    if (this.#reader.fresh && this.#reader.id === id && this.#how === GOLEAK) this.#reader.restart(header);
    else this.#begin(id, header, end - start + 1);
    return true;
  }

  /** `[Goroutine 3 in state chan send, with main.f on top of the stack:`; where it begins, or undefined. */
  leakHeader(text: string): number | undefined {
    const match = /(?:^|[[\s])Goroutine (\d{1,15}) in state (.{1,200}?), with (.{1,1000}) on top of (?:the|its) stack:$/.exec(text.slice(-1500));
    if (!match) return undefined;
    const header = parseHeader(`[${match[2]!}]:`) ?? parseHeader(`[${match[2]!.split(",")[0]!}]:`);
    if (!header) return undefined;
    this.#begin(Number(match[1]), header, 0, GOLEAK);
    const before = text.lastIndexOf("Goroutine ");
    const bracket = text[before - 1] === "[" ? before - 1 : text[before - 1] === " " && !/^\s*$/.test(text.slice(0, before)) ? before : before;
    return Buffer.byteLength(text.slice(0, text[bracket] === "[" ? bracket : leadingBlanks(text, before)));
  }

  #begin(id: number, header: Header, size: number, how = DUMP): void {
    this.finish(true);
    this.#replaces = this.#unavailable.get(id);
    this.#unavailable.delete(id);
    if (this.#seen.has(id) && id !== 0 && this.#replaces === undefined) this.closeSnapshot(); // each thread has a goroutine 0
    if (this.#goroutines.length === 0) {
      this.#start = this.bytes - size;
      this.#said = this.#words.take();
      this.#how = how;
    }
    this.#seen.add(id);
    this.#reader.begin(id, header);
  }

  blankLine(): void {
    if (this.#reader.blankLine()) this.finish(true);
  }

  /** False: the goroutine is complete, and the line is not its own. */
  line(bytes: Uint8Array, start: number, end: number): boolean {
    if (bytes[start] === 0x5d && end === start + 1) {
      this.finish(true); // the end of goleak's list
      return true;
    }
    if (this.#reader.line(bytes, start, end)) return true;
    this.finish(true);
    return false;
  }

  finish(say: boolean): void {
    const { unavailable } = this.#reader;
    const goroutine = this.#reader.finish(say);
    if (!goroutine) return;
    if (this.#replaces !== undefined) this.#goroutines[this.#replaces] = goroutine;
    else this.#goroutines.push(goroutine);
    this.#replaces = undefined;
    if (unavailable && goroutine.id !== undefined) this.#unavailable.set(goroutine.id, this.#goroutines.length - 1);
  }

  /** What is said behind a dump of its own end: `*** Test killed with quit: ran too long (11m0s).` */
  endedBy(line: string): boolean {
    const after = /ran too long \((\d[\d.hmsµnu]*)\)/.exec(line)?.[1];
    if (after === undefined || this.#goroutines.length === 0) return false;
    this.#said = { ...this.#said, message: line.slice(Math.max(0, line.indexOf("*** "))).trim(), ending: { kind: "test-timeout", after, tests: [] } };
    return true;
  }

  /** The text is over. @param open the last line had no line end. */
  end(open: boolean): void {
    const inside = this.#reader.reading;
    const cutInFrame = this.#reader.inFrame;
    const size = this.bytes - (open ? 1 : 0) - this.#start; // the last line has no line end
    const stackless = this.#remarks.stackless;
    this.finish(cutInFrame && !open); // cut off: said below
    if (inside && open) this.#remarks.stackless = stackless;
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
    const last = this.#goroutines.at(-1);
    if (inside && !open && !cutInFrame && last && lacksCreator(last) && this.#goroutines.some(({ createdBy }) => createdBy)) {
      this.#remarks.add(`the last goroutine (${last.id}) has no line 'created by …': if the text was cut there, what followed is missing`);
    }
    this.closeSnapshot();
  }

  leftLosses(): readonly string[] {
    return this.#remarks.takeLosses();
  }

  closeSnapshot(): void {
    this.finish(true);
    if (this.#goroutines.length === 0) return;
    this.#budget.take(SIZES.snapshot);
    if (isOwnStack(this.#goroutines)) this.#remarks.add("the stack of one goroutine, as runtime/debug.Stack gives it to whoever calls it: the others are missing; runtime.Stack(buf, true), or the goroutine profile with debug=2, has all");
    this.#onSnapshot({
      provenance: { how: this.#how, ...this.#origin },
      goroutines: this.#goroutines,
      losses: this.#remarks.takeLosses(),
      ...this.#said,
    });
    this.#said = {};
    this.#goroutines = [];
    this.#seen = new Set();
    this.#unavailable = new Map();
    this.#replaces = undefined;
  }
}

/** debug.Stack and debug.PrintStack show their caller alone, and themselves innermost. */
const isOwnStack = ([one, ...more]: readonly Goroutine[]): boolean =>
  one !== undefined && more.length === 0 && one.stack.some((frame) => frame.function === "runtime/debug.Stack");

/** Go says of each goroutine who created it, but of main's and of those that C began. */
const lacksCreator = ({ id, createdBy, stack, ancestors }: Goroutine): boolean =>
  !createdBy && !ancestors && id !== undefined && id > 1 && stack.length > 0 && !/^(?:main\.main$|runtime\.|testing\.)/.test(stack[stack.length - 1]!.function);

const DUMP = "debug=2 text";
const GOLEAK = "goleak's message";

/** runtime/pprof's writeGoroutineStacks stops growing its buffer there. */
const GO_LIMIT = 64 << 20;

function leadingBlanks(text: string, to: number): number {
  // A second goroutine of goleak's list begins behind one blank: that is of the list, not of the prefix.
  return to > 0 && text[to - 1] === " " ? to - 1 : to;
}

/** Where `[select]:` or `[select] {k: v}:` ends; a note may stand behind it. -1: it does not end so. */
function headerEnd(bytes: Uint8Array, bracket: number, last: number): number {
  if (bytes[last - 1] === 0x3a) return last;
  for (let i = bracket; i < last - 1; i++) {
    if (bytes[i] === 0x3a && (bytes[i - 1] === 0x5d || bytes[i - 1] === 0x7d) && isBlankByte(bytes[i + 1]!)) return i + 1;
  }
  return -1;
}

/** Behind a header there may be a note; an address or a place is of another line. */
const mayBeFolded = (bytes: Uint8Array, from: number, last: number): boolean => /\(0x|\(\.\.\.\)|:\d+ \+0x/.test(textOf(bytes, from, Math.min(last, from + 2000)));
