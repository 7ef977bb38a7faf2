import { spellOut } from "../../base/spell-out.js";
import type { Frame, Stack } from "../../model/stack.js";
import { SIZES, type MemoryBudget } from "../memory.js";
import { Interner } from "./interner.js";

export interface Location {
  readonly file: string;
  readonly line: number;
  readonly offset?: number;
}

/** A stack under construction: a node of the tree of all stacks seen, 0 the empty one. Equal stacks, equal node. */
export type StackNode = number;

/**
 * Frames and stacks, each made once: 100,000 goroutines that stand at the same place share one array, which is also
 * how they are grouped cheaply later on.
 */
export class Stacks {
  readonly functions: Interner<string>;
  readonly locations: Interner<Location | undefined>;
  readonly #budget: MemoryBudget;
  readonly #frames = new Map<number, number>();
  readonly #byId: Frame[] = [];
  readonly #children = new Map<number, StackNode>();
  readonly #parents: StackNode[] = [0];
  readonly #frameOf: number[] = [-1];
  readonly #made = new Map<StackNode, Stack>();

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
    this.functions = new Interner<string>(spellOut, budget);
    this.locations = new Interner<Location | undefined>(parseLocation, budget);
  }

  frame(functionId: number, locationId: number): number {
    const key = functionId * SPAN + locationId + 1;
    let id = this.#frames.get(key);
    if (id === undefined) {
      this.#budget.take(SIZES.frame + SIZES.row);
      const where = locationId < 0 ? undefined : this.locations.value(locationId);
      id = this.#byId.push({ function: this.functions.value(functionId), ...(where ?? { file: "", line: 0 }) }) - 1;
      this.#frames.set(key, id);
    }
    return id;
  }

  frameAt(id: number): Frame {
    return this.#byId[id]!;
  }

  /** The stack with one more frame, further out. */
  grow(node: StackNode, frame: number): StackNode {
    const key = node * SPAN + frame;
    let next = this.#children.get(key);
    if (next === undefined) {
      this.#budget.take(SIZES.row);
      next = this.#parents.push(node) - 1;
      this.#frameOf.push(frame);
      this.#children.set(key, next);
    }
    return next;
  }

  stack(node: StackNode): Stack {
    let stack = this.#made.get(node);
    if (!stack) {
      const frames: Frame[] = [];
      for (let at = node; at !== 0; at = this.#parents[at]!) frames.push(this.#byId[this.#frameOf[at]!]!);
      this.#budget.take(SIZES.row + SIZES.slot * frames.length);
      this.#made.set(node, (stack = frames.reverse()));
    }
    return stack;
  }
}

/** Two ids in one exact number: both stay below 2^26, for a frame takes at least two bytes of text in memory. */
const SPAN = 2 ** 26;

/**
 * `/src/main.go:12 +0x1d`, `C:/src/main.go:12`, `cgo.c:3 pc=0x45`; undefined: no location. By hand, from colon to colon:
 * a regular expression tries all that may follow again at each of them.
 */
export function parseLocation(text: string): Location | undefined {
  for (let colon = text.indexOf(":", 1); colon > 0; colon = text.indexOf(":", colon + 1)) {
    let end = colon + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    if (end === colon + 1 || (end < text.length && text[end] !== " ")) continue;
    const hex = text.startsWith(" +0x", end) ? /^[0-9a-f]*/.exec(text.slice(end + 4, end + 36))![0] : "";
    const after = text[end + 4 + hex.length];
    return { file: spellOut(text.slice(0, colon)), line: lineNumber(text.slice(colon + 1, end)), ...(after === undefined || after === " " ? offsetOf(hex) : {}) };
  }
  return undefined;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** A line's number; 0, which is none, for what no file has: reports say such numbers to programs that read them as an int32. */
export const lineNumber = (digits: string | number): number => {
  const line = Number(digits);
  return Number.isSafeInteger(line) && line > 0 && line < 2 ** 31 ? line : 0;
};

/** A code offset, where it is one. */
export function offsetOf(hex: string): { readonly offset?: number } {
  const offset = hex === "" ? NaN : Number.parseInt(hex, 16);
  return Number.isSafeInteger(offset) ? { offset } : {};
}
