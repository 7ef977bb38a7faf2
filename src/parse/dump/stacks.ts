import { spellOut } from "../../base/spell-out.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import { SIZES, type MemoryBudget } from "../memory.js";
import { Interner } from "./interner.js";
import { PairTable } from "../../base/pair-table.js";

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
  /** Pairs of function and location, and a frame for each. */
  readonly #frames: PairTable;
  readonly #byId: Frame[] = [];
  /** Pairs of node and frame: the nodes, each one's number one less than the node's. */
  readonly #nodes: PairTable;
  readonly #made: (Stack | undefined)[] = [];
  /** What followed a node the last time: in most dumps it does so again. */
  readonly #next: StackNode[] = [0];

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
    this.functions = new Interner<string>(spellOut, budget);
    this.locations = new Interner<Location | undefined>(parseLocation, budget);
    const take = (bytes: number): void => budget.take(bytes);
    this.#frames = new PairTable(take);
    this.#nodes = new PairTable(take);
  }

  frame(functionId: number, locationId: number): number {
    const id = this.#frames.id(functionId, locationId);
    if (id === this.#byId.length) {
      this.#budget.take(SIZES.frame + SIZES.row);
      const where = locationId < 0 ? undefined : this.locations.value(locationId);
      this.#byId.push({ function: this.functions.value(functionId), ...(where ?? { file: "", line: 0 }) });
    }
    return id;
  }

  frameAt(id: number): Frame {
    return this.#byId[id]!;
  }

  /** The stack with one more frame, further out. */
  grow(node: StackNode, frame: number): StackNode {
    const likely = this.#next[node]!;
    if (likely > 0 && this.#nodes.right(likely - 1) === frame) return likely;
    const before = this.#nodes.size;
    const next = this.#nodes.id(node, frame) + 1;
    if (next > before) {
      this.#budget.take(SIZES.row);
      this.#next.push(0);
    }
    this.#next[node] = next;
    return next;
  }

  /** The function and the location that are likely behind a node, as numbers; -1: nothing is known. */
  likelyFunction(node: StackNode): number {
    const next = this.#next[node]!;
    return next > 0 ? this.#frames.left(this.#nodes.right(next - 1)) : -1;
  }

  likelyLocation(node: StackNode, functionId: number): number {
    const next = this.#next[node]!;
    if (next === 0) return -1;
    const frame = this.#nodes.right(next - 1);
    return this.#frames.left(frame) === functionId ? this.#frames.right(frame) : -1;
  }

  stack(node: StackNode): Stack {
    let stack = this.#made[node];
    if (!stack) {
      const frames: Frame[] = [];
      for (let at = node; at !== 0; at = this.#nodes.left(at - 1)) frames.push(this.#byId[this.#nodes.right(at - 1)]!);
      this.#budget.take(SIZES.row + SIZES.slot * frames.length);
      this.#made[node] = stack = frames.reverse();
    }
    return stack;
  }
}

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
