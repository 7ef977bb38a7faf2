import { Prng } from "../../base/prng.js";
import type { Choice } from "../../model/choice.js";
import type { Pending } from "../../model/program.js";
import { FROM_THE_START, type Beginning, type Strategy } from "../strategy.js";
import { drawOf } from "./draws.js";

/**
 * A random walk: first one of those who can go on, each as likely as any other, then one of its alternatives. The clock
 * counts as one of them. A draw of random numbers is done at once, for no order of theirs makes a difference. Run n of a
 * seed is the same run whatever came before it, so that runs can be shared out.
 */
export class Random implements Strategy {
  readonly name: string = "random";
  readonly #seed: number;
  readonly #runs: number;
  #begun = 0;
  #prng: Prng;

  /** `runs`: how many to try; without end by default. */
  constructor(seed: number, runs = Infinity) {
    this.#seed = seed;
    this.#runs = runs;
    this.#prng = new Prng(seed);
  }

  begin(): Beginning | undefined {
    if (this.#begun >= this.#runs) return undefined;
    this.#prng = new Prng(this.#seed * 0x9e3779b1 + this.#begun++);
    return FROM_THE_START;
  }

  next(pending: readonly Pending[]): Choice | "stop-run" {
    const drawn = drawOf(pending, this.#prng);
    if (drawn !== undefined) return drawn;
    let able = 0;
    for (const p of pending) if (p.alternatives.length > 0) able++;
    if (able === 0) return "stop-run";
    let pick = able === 1 ? 0 : this.#prng.below(able);
    for (const p of pending) {
      const n = p.alternatives.length;
      if (n > 0 && pick-- === 0) return p.alternatives[n === 1 ? 0 : this.#prng.below(n)]!;
    }
    return "stop-run";
  }
}
