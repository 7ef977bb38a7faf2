import type { Frame, Stack } from "../../model/stack.js";
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
  readonly functions = new Interner<string>((text) => text);
  readonly locations = new Interner<Location | undefined>(parseLocation);
  readonly #frames = new Map<number, number>();
  readonly #byId: Frame[] = [];
  readonly #children = new Map<number, StackNode>();
  readonly #parents: StackNode[] = [0];
  readonly #frameOf: number[] = [-1];
  readonly #made = new Map<StackNode, Stack>();

  frame(functionId: number, locationId: number): number {
    const key = functionId * SPAN + locationId + 1;
    let id = this.#frames.get(key);
    if (id === undefined) {
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
      this.#made.set(node, (stack = frames.reverse()));
    }
    return stack;
  }
}

/** Two ids in one exact number: both stay below 2^26, for a frame takes at least two bytes of text in memory. */
const SPAN = 2 ** 26;

/** `/src/main.go:12 +0x1d`, `C:/src/main.go:12`, `cgo.c:3 pc=0x45`; undefined: no location. */
export function parseLocation(text: string): Location | undefined {
  const match = /^(.*?):(\d+)(?: \+0x([0-9a-f]+))?(?: .*)?$/.exec(text);
  if (!match || match[1] === "") return undefined;
  const line = Number(match[2]);
  return match[3] === undefined
    ? { file: match[1]!, line }
    : { file: match[1]!, line, offset: Number.parseInt(match[3], 16) };
}
