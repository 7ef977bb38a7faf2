import { spellOut } from "../base/spell-out.js";
import type { Goroutine, Snapshot } from "../model/goroutine/snapshot.js";
import type { Frame } from "../model/goroutine/stack.js";
import { parseLabels } from "./dump/header.js";
import { StackDepths } from "./depth.js";
import { Interner } from "./dump/interner.js";
import { isBlankByte, textOf } from "./dump/line-matchers.js";
import { offsetOf, parseLocation } from "./dump/stacks.js";
import { SIZES, type MemoryBudget } from "./memory.js";
import { reasonOfStack } from "./reason.js";
import { MOST_LOSSES, type InputOrigin } from "./result.js";

/**
 * `debug=1` text, "legacy format" of printCountProfile in runtime/pprof/pprof.go:
 *
 *   outside  `goroutine profile: total 42` (also `goroutineleak profile: …`)   between
 *   between  `3 @ 0x47a5ce 0x4b1f2c`                                         stack
 *   stack    `# labels: {"key":"value"}`                                      stack
 *   stack    `#\t0x47a5cd\tmain.work+0x2d\t\t/src/main.go:12`                 stack
 *   stack    `#\t0x47a5cd` (no symbol)                                        stack
 *   stack    blank line                                                       stack
 *
 * Where the text was copied, tabs may be blanks, the `#` and the first line may be missing. The total of the first line
 * must be the sum of the counts: a difference is a loss, and said.
 */
const TOTAL = /^(goroutine|goroutineleak) profile: total (\d{1,15})$/;
const RECORD = /^(\d{1,15}) @((?: 0x[0-9a-f]+)*)$/;
const HASH = 0x23;
const TAB = 9;
const ZERO = 0x30;
const LETTER_X = 0x78;

export const isTotal = (line: string): boolean => TOTAL.test(line);
export const isRecord = (line: string): boolean => RECORD.test(line);

/** What follows a frame's address; or, where nothing does, the address: the profile is not symbolized there. */
function parseFrame(text: string): Frame | undefined {
  if (/^0x[0-9a-f]+$/.test(text)) return { function: text, file: "", line: 0 };
  // `\tmain.work+0x2d\t\t/src/main.go:12`, cut by hand: with several `.*` a long line takes quadratic time
  const start = skipBlanks(text, 0);
  const tab = text.indexOf("\t", start);
  const plus = tab > 0 ? text.lastIndexOf("+0x", tab) : offsetBeforeBlank(text, start);
  if (start === 0 || plus <= start) return undefined;
  const hex = /^[0-9a-f]{1,16}/.exec(text.slice(plus + 3, plus + 19))?.[0];
  if (hex === undefined) return undefined;
  const at = plus + 3 + hex.length;
  const location = at < text.length && isBlank(text, at) ? parseLocation(text.slice(skipBlanks(text, at))) : undefined;
  if (!location || location.offset !== undefined) return undefined;
  return { function: spellOut(text.slice(start, plus)), ...location, ...offsetOf(hex) };
}

/** Where `+0x2d` begins that blanks follow: names of type arguments may have blanks, and offsets none. */
function offsetBeforeBlank(text: string, start: number): number {
  for (let at = text.indexOf("+0x", start); at > 0; at = text.indexOf("+0x", at + 3)) {
    let end = at + 3;
    while (end < text.length && end < at + 20 && /[0-9a-f]/.test(text[end]!)) end++;
    if (end > at + 3 && end < text.length && isBlank(text, end)) return at;
  }
  return -1;
}

const isBlank = (text: string, at: number): boolean => isBlankByte(text.charCodeAt(at));
function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text, at)) at++;
  return at;
}

/** One profile after the other; lines come without prefix, and without blanks at their ends. */
export class CountsReader {
  readonly #origin: InputOrigin;
  readonly #budget: MemoryBudget;
  /** A frame's line without its address; undefined: it is no frame. 136 MiB of such lines have but a few different ones. */
  readonly #frames: Interner<Frame | undefined>;
  #goroutines: Goroutine[] = [];
  #losses: string[] = [];
  #depths = new StackDepths();
  #lost = 0;
  #total = -1;
  #line = 0;
  #reading = false;
  #leaked = false;
  #blank = false;
  #record: { count: number; pcs: number; labels?: Record<string, string>; frames: Frame[] } | undefined;

  constructor(origin: InputOrigin, budget: MemoryBudget) {
    this.#origin = origin;
    this.#budget = budget;
    this.#frames = new Interner<Frame | undefined>(parseFrame, budget);
  }

  get reading(): boolean {
    return this.#reading;
  }

  /** Announced, but not one goroutine was read yet. */
  get announced(): number {
    return this.#reading && this.#goroutines.length === 0 && !this.#record ? this.#total : 0;
  }

  /** A first line, or the first record where that is missing. */
  begin(line: string, lineNumber: number): void {
    this.#reading = true;
    this.#line = lineNumber;
    const total = TOTAL.exec(line);
    this.#total = total ? Number(total[2]) : -1;
    this.#leaked = total?.[1] === "goroutineleak";
    if (!total) this.#begin(RECORD.exec(line)!);
  }

  /** False: the line is not of the profile; the record before it is complete. */
  line(bytes: Uint8Array, start: number, end: number, lineNumber: number): boolean {
    this.#line = lineNumber;
    if (this.#record && this.#frame(bytes, start, end)) return true;
    if (start === end) {
      this.#blank = true;
      return true;
    }
    const text = textOf(bytes, start, end);
    const record = RECORD.exec(text);
    if (record) {
      this.#close();
      this.#begin(record);
      return true;
    }
    const labels = text.indexOf("labels: {");
    if (this.#record && labels >= 0 && /^\s*#?\s*$/.test(text.slice(0, labels))) this.#labels(text.slice(labels + 8));
    else if (!this.#record || this.#blank) {
      this.#close();
      return false;
    } else this.#lose(`line ${this.#line}: not understood within a stack: ${text.slice(0, 80)}`);
    return true;
  }

  /** The profile is over: what it held. */
  end(): Snapshot | undefined {
    if (!this.#reading) return undefined;
    this.#close();
    this.#reading = false;
    const goroutines = this.#goroutines;
    const losses = this.#losses;
    const sum = goroutines.reduce((n, g) => n + g.count, 0);
    if (this.#total < 0) losses.unshift("the profile's first line ('goroutine profile: total N') is missing: whether all of it is here cannot be told");
    else if (sum !== this.#total) losses.push(`the profile announces ${this.#total} goroutines, but ${sum} follow: the text was cut or changed`);
    if (this.#lost > MOST_LOSSES) losses.push(`and ${this.#lost - MOST_LOSSES} more lines`);
    losses.push(...this.#depths.losses());
    this.#goroutines = [];
    this.#losses = [];
    this.#lost = 0;
    this.#depths = new StackDepths();
    if (goroutines.length === 0 && this.#total > 0) return undefined;
    this.#budget.take(SIZES.snapshot);
    return { provenance: { how: "debug=1 text", ...this.#origin }, goroutines, losses };
  }

  #begin(record: RegExpExecArray): void {
    this.#budget.take(SIZES.goroutine);
    this.#blank = false;
    this.#record = { count: Number(record[1]), pcs: record[2]!.split(" ").length - 1, frames: [] };
  }

  /** `#\t0x47a5cd\t…`: what follows the address is the same for each call of the place. */
  #frame(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    if (bytes[at] === HASH) at++;
    while (at < end && isBlankByte(bytes[at]!)) at++;
    if (at === start || end - at < 3 || bytes[at] !== ZERO || bytes[at + 1] !== LETTER_X) return false;
    const address = at;
    while (at < end && bytes[at] !== TAB && bytes[at] !== 0x20) at++;
    const frame = this.#frames.value(this.#frames.id(bytes, at === end ? address : at, end));
    if (!frame) return false;
    this.#budget.take(SIZES.slot);
    this.#record!.frames.push(frame);
    return true;
  }

  #labels(text: string): void {
    const labels = parseLabels(text);
    this.#budget.take(SIZES.row + 10 * text.length); // up to a label for every four bytes
    if (labels) this.#record!.labels = labels;
    else this.#lose(`line ${this.#line}: labels that could not be read: ${text.slice(0, 80)}`);
  }

  #close(): void {
    const record = this.#record;
    this.#record = undefined;
    if (!record) return;
    // A goroutine that has not run yet has one address, of its start, and Go prints no frame for it.
    if (record.frames.length === 0 && record.pcs > 1) {
      this.#lose(`line ${this.#line}: ${record.count} goroutines without a stack: its frames are missing`);
    }
    // The frames above the first that is not the runtime's are left out, but their addresses are counted.
    this.#depths.add(record.pcs, record.count, /^runtime\.(main|goexit)$/.test(record.frames[record.frames.length - 1]?.function ?? ""));
    this.#goroutines.push({
      count: record.count,
      ...reasonOfStack(record.frames),
      ...(record.labels ? { labels: record.labels } : {}),
      stack: record.frames,
      ...(this.#leaked ? { unreachable: true } : {}),
    });
  }

  #lose(what: string): void {
    this.#lost++;
    if (this.#lost <= MOST_LOSSES) this.#losses.push(spellOut(what));
  }
}

/** Where `200 @ 0x43bd76 …` begins, in bytes; -1: there is none, or it is behind another number. */
export function recordAt(text: string): number {
  const at = text.indexOf(" @ 0x");
  let digits = at;
  while (digits > 0 && /\d/.test(text[digits - 1]!)) digits--;
  if (at < 1 || digits === at || (digits > 0 && !/[\s|>]/.test(text[digits - 1]!)) || /\d\s+$/.test(text.slice(0, digits))) return -1;
  return Buffer.byteLength(text.slice(0, digits));
}
