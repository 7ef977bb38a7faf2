import type { Frame, Stack } from "../model/goroutine/stack.js";

/** The source lines behind return addresses. The module itself gives them, once each. */
export class FrameTable {
  readonly #frames = new Map<number, readonly Frame[]>();
  readonly #ask: (addresses: readonly number[]) => readonly (readonly Frame[])[];

  /** `ask`: the frames behind each address, the inlined ones first. */
  constructor(ask: (addresses: readonly number[]) => readonly (readonly Frame[])[]) {
    this.#ask = ask;
  }

  learn(addresses: readonly number[]): void {
    const unknown = addresses.filter((pc) => !this.#frames.has(pc));
    if (unknown.length === 0) return;
    const frames = this.#ask(unknown);
    unknown.forEach((pc, index) => this.#frames.set(pc, frames[index] ?? []));
  }

  at(pc: number): readonly Frame[] {
    return this.#frames.get(pc) ?? [];
  }

  stack(addresses: readonly number[]): Stack {
    this.learn(addresses);
    return addresses.flatMap((pc) => this.at(pc));
  }
}
