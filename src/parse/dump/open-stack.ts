import { blockedOnLock, lockOf } from "./locks.js";
import type { Blocked } from "../../model/goroutine/snapshot.js";
import type { Stack } from "../../model/goroutine/stack.js";
import type { Remarks } from "./diagnostics.js";
import { argumentsAt, firstAddress, isBareLocation, isBlankByte, locationEnd, mayBeName, notedFunctionEnd, textOf } from "./line-matchers.js";
import type { Stacks, StackNode } from "./stacks.js";

/**
 * The stack that is read, from its innermost frame: each is a function, which waits for the line of its location. Of the
 * arguments only addresses of methods' receivers are kept, and that of a lock that is waited for: groups do not depend on them.
 */
export class OpenStack {
  readonly #stacks: Stacks;
  readonly #remarks: Remarks;
  readonly #names: FunctionName[] = []; // by the function's number
  #goroutine = -1;
  #node: StackNode = 0;
  #function = -1; // interned; waits for its location
  #weak = false; // ... and does not look like a function by itself
  #functionLine = 0;
  #receiver = 0; // of the function that waits for its location
  #receivers: number[] = [];
  #known = false; // a receiver's address was seen
  #blockedOn: Blocked | undefined;
  #isOwn = true; // of the goroutine itself, not of an ancestor
  #foreign = 0; // line number of the first line that was not understood since the last frame

  constructor(stacks: Stacks, remarks: Remarks) {
    this.#stacks = stacks;
    this.#remarks = remarks;
  }

  /** No frame was read. */
  get isEmpty(): boolean {
    return this.#node === 0;
  }

  /** A function waits for its location. */
  get waits(): boolean {
    return this.#function >= 0;
  }

  /** ... and is one for certain. */
  get waitsSurely(): boolean {
    return this.waits && !this.#weak;
  }

  begin(goroutine: number): void {
    this.#goroutine = goroutine;
  }

  /** A function's line; what waited before will not get a location. False: the line is none. */
  function(bytes: Uint8Array, start: number, last: number, indented: boolean): boolean {
    const whole = argumentsAt(bytes, start, last);
    const notedEnd = whole < 0 ? notedFunctionEnd(bytes, start, last) : -1; // more stands behind it
    const noted = notedEnd > 0;
    const end = noted ? notedEnd : last;
    const open = noted ? argumentsAt(bytes, start, end) : whole;
    const id = this.#stacks.functions.id(bytes, start, open < 0 ? end : open, this.#stacks.likelyFunction(this.#node));
    const known = (this.#names[id] ??= describe(this.#stacks.functions.value(id)));
    if (!known.valid || (open < 0 && indented)) return false;
    this.drop();
    this.#weak = open < 0 || noted;
    this.#function = id;
    this.#functionLine = this.#remarks.line;
    this.#receiver = known.method && open > 0 && this.#isOwn ? firstAddress(bytes, open, end) : 0;
    if (known.lock && this.#receiver > 0 && !this.#blockedOn) this.#blockedOn = blockedOnLock(known.lock, this.#receiver);
    if (noted && isBareLocation(textOf(bytes, end, last).trim())) this.location(bytes, skipBlanks(bytes, end, last), last, true); // both in one line
    else if (open < 0 && startsNonGoPc(bytes, start, end)) this.#frame(-1); // has no location line of its own
    return true;
  }

  /** The location of the function that waits. False: the line is none. */
  location(bytes: Uint8Array, at: number, end: number, indented: boolean): boolean {
    if (!indented && !isBareLocation(textOf(bytes, at, end))) return false;
    const id = locationAt(this.#stacks, bytes, at, end, this.#stacks.likelyLocation(this.#node, this.#function));
    if (id < 0) return false;
    this.#frame(id);
    return true;
  }

  /** The function that still waits for its location will not get one. */
  drop(): void {
    if (!this.waits) return;
    if (this.#weak) {
      this.#remarks.outside++;
      if (this.#foreign === 0) this.#foreign = this.#functionLine;
    } else {
      this.#remarks.unlocated(this.#goroutine, this.#functionLine);
      this.#frame(-1);
    }
    this.#function = -1;
  }

  /** A line that was not understood stands here. */
  interrupted(): void {
    if (this.#foreign === 0) this.#foreign = this.#remarks.line;
  }

  #frame(location: number): void {
    if (this.#foreign > 0) {
      this.#remarks.foreign(this.#goroutine, this.#foreign);
      this.#foreign = 0;
    }
    this.#node = this.#stacks.grow(this.#node, this.#stacks.frame(this.#function, location));
    if (this.#isOwn) {
      this.#receivers.push(this.#receiver);
      if (this.#receiver > 0) this.#known = true;
    }
    this.#receiver = 0;
    this.#function = -1;
  }

  /** The stack is complete; that of an ancestor may follow. */
  take(): Stack {
    const stack = this.#stacks.stack(this.#node);
    this.#node = 0;
    this.#isOwn = false;
    return stack;
  }

  /** The goroutine is complete. What its own arguments told; a function that waits is forgotten. */
  finish(): { readonly blockedOn: Blocked | undefined; readonly receivers: number[] | undefined } {
    const told = { blockedOn: this.#blockedOn, receivers: this.#known ? this.#receivers : undefined };
    this.#receivers = [];
    this.#known = false;
    this.#function = -1;
    this.#isOwn = true;
    this.#blockedOn = undefined;
    this.#foreign = 0;
    return told;
  }
}

/** The location that stands on a line, interned; -1: none does. */
export function locationAt(stacks: Stacks, bytes: Uint8Array, at: number, end: number, likely: number): number {
  const id = stacks.locations.id(bytes, at, locationEnd(bytes, at, end), likely);
  return stacks.locations.value(id) || textOf(bytes, at, end).startsWith("pc=0x") ? id : -1;
}

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

function skipBlanks(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isBlankByte(bytes[at]!)) at++;
  return at;
}

const startsNonGoPc = (bytes: Uint8Array, start: number, end: number): boolean =>
  bytes[start] === 0x6e && textOf(bytes, start, end).startsWith("non-Go function at pc=");
