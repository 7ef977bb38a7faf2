import type { Ancestor, Blocked, Creator, Goroutine } from "../../model/goroutine/snapshot.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import { SIZES, type MemoryBudget } from "../memory.js";
import type { Header } from "./header.js";
import { blockedOnLock, lockOf } from "./locks.js";
import type { Remarks } from "./diagnostics.js";
import { argumentsAt, firstAddress, isBareLocation, isBlankByte, isCreatedBy, isElided, locationEnd, mayBeName, notedFunctionEnd, creatorEnd, IN_GOROUTINE, numberAt, textOf } from "./line-matchers.js";
import { Stacks, type StackNode } from "./stacks.js";

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
 * Lines are told by what they say; indentation only helps, for texts lose it. Of the arguments only addresses of
 * methods' receivers are kept, and that of a lock that is waited for: groups do not depend on them.
 */
export class GoroutineReader {
  readonly #remarks: Remarks;
  readonly #budget: MemoryBudget;
  readonly #stacks: Stacks;
  readonly #names: FunctionName[] = []; // by the function's number
  #state: "outside" | "stack" | "function" | "creator" = "outside";
  #id = -1;
  #header: Header | undefined;
  #node: StackNode = 0;
  #function = -1; // interned; waits for its location
  #weak = false; // ... and does not look like a function by itself
  #functionLine = 0;
  #blank = false; // a blank line came since the last line
  #doubleSpaced = false; // this text has one after each line
  #receiver = 0; // of the function that waits for its location
  #receivers: number[] = [];
  #known = false; // a receiver's address was seen
  #creator: Creator | undefined;
  #creatorId = -1;
  #lastCreator: Creator | undefined;
  #lastFrame: Frame | undefined; // of the last creator
  #likelyStarter = -1;
  #elided = 0;
  #blockedOn: Blocked | undefined;
  #own: Segment | undefined; // the goroutine's own stack, while those of its ancestors are read
  #ancestors: Ancestor[] = [];
  #ancestorId = -1;
  #unavailable = false; // Go says that it cannot show the stack
  #foreign = 0; // line number of the first line that was not understood since the last frame

  constructor(remarks: Remarks, budget: MemoryBudget) {
    this.#remarks = remarks;
    this.#budget = budget;
    this.#stacks = new Stacks(budget);
  }

  /** Is a goroutine being read? */
  get reading(): boolean {
    return this.#state !== "outside";
  }

  /** ... and does a function wait for its location? What only might be one does not. */
  get inFrame(): boolean {
    return (this.#state === "function" && !this.#weak) || this.#state === "creator";
  }

  /** A header was read, and nothing of its goroutine. */
  get fresh(): boolean {
    return this.#state === "stack" && this.#node === 0 && !this.#own && !this.#creator && !this.#unavailable;
  }

  /** Go says that it cannot show the stack of the goroutine that is read. */
  get unavailable(): boolean {
    return this.reading && this.#unavailable;
  }

  get id(): number {
    return this.#id;
  }

  begin(id: number, header: Header): void {
    this.#budget.take(SIZES.goroutine);
    this.#id = id;
    this.#header = header;
    this.#state = "stack";
    this.#unavailable = false;
    this.#blank = false;
  }

  /** The same goroutine's header again: it says more. */
  restart(header: Header): void {
    this.#header = header;
  }

  /** A blank line: true where it ends the goroutine. */
  blankLine(): boolean {
    if (this.#state === "outside") return false;
    if (this.#state === "stack" && !this.fresh && !this.#doubleSpaced) return true;
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
    else if (this.#state !== "stack" && this.#location(bytes, start, end, start > from)) return true;
    else if (start > from && textOf(bytes, start, Math.min(end, start + 40)).startsWith("goroutine running on other thread")) this.#unavailable = true;
    else this.#functionOf(bytes, start, end, start > from);
    return true;
  }

  /** Does a stack go on behind a blank line? In a text with a blank line after each it does. */
  #goesOn(bytes: Uint8Array, start: number, end: number): boolean {
    const text = textOf(bytes, start, Math.min(end, start + 1000));
    if (this.#state !== "stack") {
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
    if (this.#state === "outside") return undefined;
    if (say) this.#dropFunction();
    this.#endSegment();
    const { stack, elided, creator } = this.#own!;
    const goroutine: { -readonly [K in keyof Goroutine]: Goroutine[K] } = { id: this.#id, count: 1, ...this.#header!, stack };
    if (elided > 0) goroutine.elided = elided;
    else if (stack.length >= OLD_LIMIT - HIDDEN && stack.length <= OLD_LIMIT && creator && creator.id === undefined) {
      this.#remarks.add(
        `goroutine ${this.#id} shows ${stack.length} frames: Go 1.20 and older stop at ${OLD_LIMIT}, their own hidden ones included, ` +
          "without a word; its outer frames may be missing",
      );
    }
    if (creator) goroutine.createdBy = creator;
    if (this.#ancestors.length > 0) goroutine.ancestors = this.#ancestors;
    if (this.#blockedOn) goroutine.blockedOn = this.#blockedOn;
    if (this.#known) {
      this.#budget.take(SIZES.slot * stack.length);
      goroutine.receivers = this.#receivers;
    }
    this.#receivers = [];
    this.#known = false;
    if (stack.length === 0 && !creator && !this.#unavailable) this.#remarks.stackless++;
    this.#state = "outside";
    this.#function = -1;
    this.#own = undefined;
    this.#ancestors = [];
    this.#ancestorId = -1;
    this.#blockedOn = undefined;
    this.#foreign = 0;
    return goroutine;
  }

  #functionOf(bytes: Uint8Array, start: number, last: number, indented: boolean): void {
    let end = last;
    let open = argumentsAt(bytes, start, end);
    let noted = false;
    if (open < 0) {
      const at = notedFunctionEnd(bytes, start, end);
      if (at > 0) {
        open = argumentsAt(bytes, start, at);
        noted = true;
        end = at;
      }
    }
    const id = this.#stacks.functions.id(bytes, start, open < 0 ? end : open, this.#stacks.likelyFunction(this.#node));
    const known = (this.#names[id] ??= describe(this.#stacks.functions.value(id)));
    const strange = !known.valid || (open < 0 && indented);
    if (strange) return this.#strange(bytes, start, last);
    this.#dropFunction();
    this.#weak = open < 0 || noted;
    this.#function = id;
    this.#functionLine = this.#remarks.line;
    this.#state = "function";
    this.#receiver = known.method && open > 0 && !this.#own ? firstAddress(bytes, open, end) : 0;
    if (known.lock && this.#receiver > 0 && !this.#blockedOn) this.#blockedOn = blockedOnLock(known.lock, this.#receiver);
    if (noted && isBareLocation(textOf(bytes, end, last).trim())) this.#location(bytes, skipBlanks(bytes, end, last), last, true); // both in one line
    else if (open < 0 && startsNonGoPc(bytes, start, end)) this.#frame(-1); // has no location line of its own
  }

  /** The function that still waits for its location will not get one. */
  #dropFunction(): void {
    if (this.#state === "creator") this.#endCreator(-1);
    if (this.#state !== "function") return;
    if (this.#weak) {
      this.#remarks.outside++;
      if (this.#foreign === 0) this.#foreign = this.#functionLine;
    } else {
      this.#remarks.unlocated(this.#id, this.#functionLine);
      this.#frame(-1);
    }
    this.#state = "stack";
    this.#function = -1;
  }

  /** False: the line is no location. */
  #location(bytes: Uint8Array, at: number, end: number, indented: boolean): boolean {
    if (!indented && !isBareLocation(textOf(bytes, at, end))) return false;
    const id = this.#stacks.locations.id(bytes, at, locationEnd(bytes, at, end), this.#stacks.likelyLocation(this.#node, this.#function));
    if (!this.#stacks.locations.value(id) && !textOf(bytes, at, end).startsWith("pc=0x")) return false;
    if (this.#state === "creator") this.#endCreator(id);
    else this.#frame(id);
    return true;
  }

  #frame(location: number): void {
    if (this.#foreign > 0) {
      this.#remarks.foreign(this.#id, this.#foreign);
      this.#foreign = 0;
    }
    this.#node = this.#stacks.grow(this.#node, this.#stacks.frame(this.#function, location));
    if (!this.#own) {
      this.#receivers.push(this.#receiver);
      if (this.#receiver > 0) this.#known = true;
    }
    this.#receiver = 0;
    this.#function = -1;
    this.#state = "stack";
  }

  #strange(bytes: Uint8Array, start: number, end: number): void {
    // Behind a line of a log the location of the function before it follows; behind anything else, something may be missing.
    if (!LOG_LINE.test(textOf(bytes, start, Math.min(end, start + 40)))) this.#dropFunction();
    if (this.#foreign === 0) this.#foreign = this.#remarks.line;
    this.#remarks.say(bytes, start, end);
  }

  #elide(bytes: Uint8Array, start: number, end: number): void {
    this.#dropFunction();
    const line = textOf(bytes, start, end);
    const match = /^\.\.\.(?:(\d{1,15}) frames|additional frames) elided\.\.\.$/.exec(line);
    if (!match) return this.#strange(bytes, start, end);
    if (match[1] !== undefined) this.#elided += Number(match[1]);
    else this.#remarks.lose(`Go left out the outer frames of goroutine ${this.#id} (it prints 100)`);
  }

  #createdBy(bytes: Uint8Array, start: number, end: number): void {
    this.#dropFunction();
    if (this.#creator) this.#remarks.lose(`goroutine ${this.#id} has a second creator; the first was not kept`);
    const nameEnd = creatorEnd(bytes, start, end);
    this.#creatorId = nameEnd < end ? numberAt(bytes, nameEnd + IN_GOROUTINE.length, end) : -1;
    this.#function = this.#stacks.functions.id(bytes, start + 11, nameEnd, this.#likelyStarter);
    this.#likelyStarter = this.#function;
    this.#state = "creator";
  }

  #endCreator(location: number): void {
    const frame = this.#stacks.frameAt(this.#stacks.frame(this.#function, location));
    if (this.#creatorId < 0) this.#creator = frame;
    else {
      // One go statement of one goroutine starts many: they share what is said of it.
      if (this.#lastFrame !== frame || this.#lastCreator?.id !== this.#creatorId) this.#lastCreator = { ...frame, id: this.#creatorId };
      this.#lastFrame = frame;
      this.#creator = this.#lastCreator;
    }
    this.#function = -1;
    this.#state = "stack";
  }

  #bracket(bytes: Uint8Array, start: number, end: number): void {
    this.#dropFunction();
    const match = /^\[originating from goroutine (\d{1,15})\]:$/.exec(textOf(bytes, start, end));
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
      this.#budget.take(SIZES.goroutine);
      this.#ancestors.push({ id: this.#ancestorId, stack: segment.stack, ...createdBy });
    }
    this.#node = 0;
    this.#elided = 0;
    this.#creator = undefined;
  }
}

const LOG_LINE = /^(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]|\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:|[IWEF]\d{4} |\[?(?:INFO|WARN|ERROR|DEBUG|TRACE)\b|(?:time|ts|level)=|\{"|\[GIN)/;

/** What the name of a function says, looked at once. */
interface FunctionName {
  readonly valid: boolean;
  /** It has a pointer receiver. */
  readonly method: boolean;
  readonly lock: ReturnType<typeof lockOf>;
}

/** A closure of a method (`(*T).f.func1`) and a method value (`(*T).f-fm`) have another first argument. */
const METHOD = /\.\(\*[^()]{1,500}\)\.[^.()-]{1,500}$/;

const describe = (name: string): FunctionName => ({ valid: mayBeName(name), method: METHOD.test(name), lock: lockOf(name) });

/** One stack of a goroutine: its own, or an ancestor's. */
interface Segment {
  readonly stack: Stack;
  readonly elided: number;
  readonly creator: Creator | undefined;
}

/** _TracebackMaxFrames of runtime/traceback.go up to Go 1.20, which counts frames that are not shown: 6 at most are seen. */
const OLD_LIMIT = 100;
const HIDDEN = 6;

function skipBlanks(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isBlankByte(bytes[at]!)) at++;
  return at;
}

const startsNonGoPc = (bytes: Uint8Array, start: number, end: number): boolean =>
  bytes[start] === 0x6e && textOf(bytes, start, end).startsWith("non-Go function at pc=");
