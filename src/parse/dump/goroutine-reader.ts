import type { Ancestor, Creator, Goroutine } from "../../model/goroutine/snapshot.js";
import type { Stack } from "../../model/goroutine/stack.js";
import { SIZES, type MemoryBudget } from "../memory.js";
import { CreatorLines } from "./creator-lines.js";
import type { Remarks } from "./diagnostics.js";
import type { Header } from "./header.js";
import { argumentsAt, isBareLocation, isBlankByte, isCreatedBy, isElided, mayBeName, textOf } from "./line-matchers.js";
import { OpenStack } from "./open-stack.js";
import { Stacks } from "./stacks.js";

/**
 * One goroutine of a dump after the other, from its header to the blank line behind its stack:
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
 *   function, creator, or no frame yet: a blank line changes nothing (a text with a blank line after each)
 *
 * Lines are told by what they say; indentation only helps, for texts lose it. What waits for its location, a function
 * or a creator, its own reader says (open-stack.ts, creator-lines.ts).
 */
export class GoroutineReader {
  readonly #remarks: Remarks;
  readonly #budget: MemoryBudget;
  readonly #stack: OpenStack;
  readonly #creator: CreatorLines;
  #reading = false;
  #id = -1;
  #header: Header | undefined;
  #blank = false; // a blank line came since the last line
  #doubleSpaced = false; // this text has one after each line
  #elided = 0;
  #own: Segment | undefined; // the goroutine's own stack, while those of its ancestors are read
  #ancestors: Ancestor[] = [];
  #ancestorId = -1;
  #unavailable = false; // Go says that it cannot show the stack

  constructor(remarks: Remarks, budget: MemoryBudget) {
    this.#remarks = remarks;
    this.#budget = budget;
    const stacks = new Stacks(budget);
    this.#stack = new OpenStack(stacks, remarks);
    this.#creator = new CreatorLines(stacks);
  }

  /** Is a goroutine being read? */
  get reading(): boolean {
    return this.#reading;
  }

  /** ... and does a function wait for its location? What only might be one does not. */
  get inFrame(): boolean {
    return this.#stack.waitsSurely || this.#creator.waits;
  }

  /** A location comes next: of a function, of what might be one, or of a creator. */
  get #waits(): boolean {
    return this.#stack.waits || this.#creator.waits;
  }

  /** A header was read, and nothing of its goroutine. */
  get fresh(): boolean {
    return this.#reading && !this.#waits && this.#stack.isEmpty && !this.#own && !this.#creator.isKnown && !this.#unavailable;
  }

  /** Go says that it cannot show the stack of the goroutine that is read. */
  get unavailable(): boolean {
    return this.#reading && this.#unavailable;
  }

  get id(): number {
    return this.#id;
  }

  begin(id: number, header: Header): void {
    this.#budget.take(SIZES.goroutine);
    this.#id = id;
    this.#header = header;
    this.#reading = true;
    this.#unavailable = false;
    this.#blank = false;
    this.#stack.begin(id);
  }

  /** The same goroutine's header again: it says more. */
  restart(header: Header): void {
    this.#header = header;
  }

  /** A blank line: true where it ends the goroutine. */
  blankLine(): boolean {
    if (!this.#reading) return false;
    if (!this.#waits && !this.fresh && !this.#doubleSpaced) return true;
    this.#blank = true;
    return false;
  }

  /** A line of its stack, not blank. False: behind a blank line, it is not of the stack any more. */
  line(bytes: Uint8Array, from: number, end: number): boolean {
    let start = from;
    while (start < end && isBlankByte(bytes[start]!)) start++;
    if (this.#blank && !this.#goesOn(bytes, start, end)) return false;
    this.#blank = false;
    const first = bytes[start]!;
    if (first === 0x5b) this.#bracket(bytes, start, end);
    else if (first === 0x2e && isElided(bytes, start, end)) this.#elide(bytes, start, end);
    else if (first === 0x63 && isCreatedBy(bytes, start, end)) this.#createdBy(bytes, start, end);
    else if (this.#location(bytes, start, end, start > from)) return true;
    else if (start > from && textOf(bytes, start, Math.min(end, start + 40)).startsWith("goroutine running on other thread")) this.#unavailable = true;
    else if (this.#stack.function(bytes, start, end, start > from)) this.#creator.drop();
    else this.#strange(bytes, start, end);
    return true;
  }

  /** Does a stack go on behind a blank line? In a text with a blank line after each it does. */
  #goesOn(bytes: Uint8Array, start: number, end: number): boolean {
    const text = textOf(bytes, start, Math.min(end, start + 1000));
    if (this.#waits) {
      if (!isBareLocation(text)) return false;
      this.#doubleSpaced = true;
      return true;
    }
    const open = argumentsAt(bytes, start, end);
    const fits = text.startsWith("created by ") || text.startsWith("[originating") || text.startsWith("...") || (open > 0 && mayBeName(textOf(bytes, start, open)));
    if (fits && this.fresh) this.#doubleSpaced = true;
    return fits;
  }

  /** The goroutine is complete; `say` if a last function without a location is a loss that nothing else speaks of. */
  finish(say: boolean): Goroutine | undefined {
    if (!this.#reading) return undefined;
    if (say) this.#drop();
    this.#endSegment();
    const { stack, elided, creator } = this.#own!;
    const { blockedOn, receivers } = this.#stack.finish();
    const goroutine: { -readonly [K in keyof Goroutine]: Goroutine[K] } = { id: this.#id, count: 1, ...this.#header!, stack };
    if (elided > 0) goroutine.elided = elided;
    else if (mayBeCut(this.#own!)) {
      this.#remarks.add(
        `goroutine ${this.#id} shows ${stack.length} frames: Go 1.20 and older stop at ${OLD_LIMIT}, their own hidden ones included, ` +
          "without a word; its outer frames may be missing",
      );
    }
    if (creator) goroutine.createdBy = creator;
    if (this.#ancestors.length > 0) goroutine.ancestors = this.#ancestors;
    if (blockedOn) goroutine.blockedOn = blockedOn;
    if (receivers) {
      this.#budget.take(SIZES.slot * stack.length);
      goroutine.receivers = receivers;
    }
    if (stack.length === 0 && !creator && !this.#unavailable) this.#remarks.stackless++;
    this.#reading = false;
    this.#own = undefined;
    this.#ancestors = [];
    this.#ancestorId = -1;
    return goroutine;
  }

  /** What still waits for its location will not get one. */
  #drop(): void {
    this.#creator.drop();
    this.#stack.drop();
  }

  /** False: nothing waits for a location, or the line is none. */
  #location(bytes: Uint8Array, at: number, end: number, indented: boolean): boolean {
    if (this.#creator.waits) return this.#creator.location(bytes, at, end, indented);
    return this.#stack.waits && this.#stack.location(bytes, at, end, indented);
  }

  #strange(bytes: Uint8Array, start: number, end: number): void {
    // Behind a line of a log the location of the function before it follows; behind anything else, something may be missing.
    if (!LOG_LINE.test(textOf(bytes, start, Math.min(end, start + 40)))) this.#drop();
    this.#stack.interrupted();
    this.#remarks.say(bytes, start, end);
  }

  #elide(bytes: Uint8Array, start: number, end: number): void {
    this.#drop();
    const line = textOf(bytes, start, end);
    const match = /^\.\.\.(?:(\d{1,15}) frames|additional frames) elided\.\.\.$/.exec(line);
    if (!match) return this.#strange(bytes, start, end);
    if (match[1] !== undefined) this.#elided += Number(match[1]);
    else this.#remarks.lose(`Go left out the outer frames of goroutine ${this.#id} (it prints 100)`);
  }

  #createdBy(bytes: Uint8Array, start: number, end: number): void {
    this.#drop();
    if (this.#creator.isKnown) this.#remarks.lose(`goroutine ${this.#id} has a second creator; the first was not kept`);
    this.#creator.begin(bytes, start, end);
  }

  #bracket(bytes: Uint8Array, start: number, end: number): void {
    this.#drop();
    const match = /^\[originating from goroutine (\d{1,15})\]:$/.exec(textOf(bytes, start, end));
    if (!match) return this.#strange(bytes, start, end);
    this.#endSegment();
    this.#ancestorId = Number(match[1]);
  }

  /** The stack that was read is the goroutine's own, or one of its ancestors'. */
  #endSegment(): void {
    const segment: Segment = { stack: this.#stack.take(), elided: this.#elided, creator: this.#creator.take() };
    if (!this.#own) this.#own = segment;
    else {
      const createdBy = segment.creator ? { createdBy: segment.creator } : {};
      this.#budget.take(SIZES.goroutine);
      this.#ancestors.push({ id: this.#ancestorId, stack: segment.stack, ...createdBy });
    }
    this.#elided = 0;
  }
}

const LOG_LINE = /^(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]|\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:|[IWEF]\d{4} |\[?(?:INFO|WARN|ERROR|DEBUG|TRACE)\b|(?:time|ts|level)=|\{"|\[GIN)/;

/** One stack of a goroutine: its own, or an ancestor's. */
interface Segment {
  readonly stack: Stack;
  readonly elided: number;
  readonly creator: Creator | undefined;
}

/** _TracebackMaxFrames of runtime/traceback.go up to Go 1.20, which counts frames that are not shown: 6 at most are seen. */
const OLD_LIMIT = 100;
const HIDDEN = 6;

const mayBeCut = ({ stack, creator }: Segment): boolean =>
  stack.length >= OLD_LIMIT - HIDDEN && stack.length <= OLD_LIMIT && creator !== undefined && creator.id === undefined;
