import type { Creator } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import { creatorEnd, IN_GOROUTINE, isBareLocation, numberAt, textOf } from "./line-matchers.js";
import { locationAt } from "./open-stack.js";
import type { Stacks } from "./stacks.js";

/** `created by main.main in goroutine 1`, and the line of its location. */
export class CreatorLines {
  readonly #stacks: Stacks;
  #function = -1; // interned; waits for its location
  #id = -1;
  #creator: Creator | undefined;
  #last: Creator | undefined;
  #lastFrame: Frame | undefined; // of the last creator
  #likelyFunction = -1;
  #likelyLocation = -1;

  constructor(stacks: Stacks) {
    this.#stacks = stacks;
  }

  /** A creator waits for its location. */
  get waits(): boolean {
    return this.#function >= 0;
  }

  /** The creator of the stack that is read is known. */
  get isKnown(): boolean {
    return this.#creator !== undefined;
  }

  begin(bytes: Uint8Array, start: number, end: number): void {
    const nameEnd = creatorEnd(bytes, start, end);
    this.#id = nameEnd < end ? numberAt(bytes, nameEnd + IN_GOROUTINE.length, end) : -1;
    this.#function = this.#stacks.functions.id(bytes, start + 11, nameEnd, this.#likelyFunction);
    this.#likelyFunction = this.#function;
  }

  /** The location of the creator that waits. False: the line is none. */
  location(bytes: Uint8Array, at: number, end: number, indented: boolean): boolean {
    if (!indented && !isBareLocation(textOf(bytes, at, end))) return false;
    const id = locationAt(this.#stacks, bytes, at, end, this.#likelyLocation);
    if (id < 0) return false;
    this.#likelyLocation = id;
    this.#end(id);
    return true;
  }

  /** The creator that still waits for its location will not get one. */
  drop(): void {
    if (this.waits) this.#end(-1);
  }

  #end(location: number): void {
    const frame = this.#stacks.frameAt(this.#stacks.frame(this.#function, location));
    if (this.#id < 0) this.#creator = frame;
    else {
      // One go statement of one goroutine starts many: they share what is said of it.
      if (this.#lastFrame !== frame || this.#last?.id !== this.#id) this.#last = { ...frame, id: this.#id };
      this.#lastFrame = frame;
      this.#creator = this.#last;
    }
    this.#function = -1;
  }

  /** Of the stack that is complete; one that waits is forgotten. */
  take(): Creator | undefined {
    const creator = this.#creator;
    this.#creator = undefined;
    this.#function = -1;
    return creator;
  }
}
