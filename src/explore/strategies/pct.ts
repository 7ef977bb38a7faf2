import { Prng } from "../../base/prng.js";
import type { Choice } from "../../model/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Pending } from "../../model/program.js";
import { FROM_THE_START, type Beginning, type Strategy } from "../strategy.js";
import { isDraw } from "./draws.js";

const CLOCK = "@";
/** Steps that a run is taken to have before any was seen. */
const FIRST_GUESS = 16;

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with
 * probabilistic guarantees of finding bugs", 2010): goroutines get random priorities, the highest that can go on does,
 * and at `changes` random steps the one about to go falls below all others. A bug that needs d ordering constraints
 * among n goroutines and k steps is found in one run with a probability of at least 1/(n·k^(d-1)), d = changes + 1.
 *
 * Different from the paper: k is the longest run so far, not a bound known before; among one goroutine's alternatives
 * (select cases, partners) one is drawn; the clock has a priority too, as one more thread; draws of random numbers
 * are done at once, for no order of theirs makes a difference.
 */
export class Pct implements Strategy {
  readonly name = "pct";
  readonly #seed: number;
  readonly #runs: number;
  readonly #changes: number;
  readonly #priorities = new Map<GoroutineName | typeof CLOCK, number>();
  #prng: Prng;
  #begun = 0;
  /** Steps of this run, and of the longest so far; draws of random numbers do not count. */
  #steps = 0;
  #longest = 0;
  #lowest = 0;
  #changeAt: number[] = [];

  /** `changes`: run n uses n modulo (changes + 1) of them, so that shallow bugs do not wait for deep ones. */
  constructor(seed: number, runs = Infinity, changes = 3) {
    this.#seed = seed;
    this.#runs = runs;
    this.#changes = changes;
    this.#prng = new Prng(seed);
  }

  begin(): Beginning | undefined {
    if (this.#begun >= this.#runs) return undefined;
    this.#prng = new Prng(this.#seed * 0x85ebca6b + this.#begun);
    this.#priorities.clear();
    this.#lowest = 0;
    this.#steps = 0;
    const changes = 1 + (this.#begun++ % this.#changes);
    this.#changeAt = Array.from({ length: changes }, () => this.#prng.below(this.#longest || FIRST_GUESS));
    return FROM_THE_START;
  }

  next(pending: readonly Pending[]): Choice | "stop-run" {
    const drawing = pending.find(isDraw);
    if (drawing) return drawing.alternatives[this.#prng.below(drawing.alternatives.length)]!;
    let best = this.#highest(pending);
    if (best === undefined) return "stop-run";
    if (this.#changeAt.includes(this.#steps++)) {
      this.#priorities.set(best.goroutine ?? CLOCK, --this.#lowest);
      best = this.#highest(pending)!;
    }
    // Whoever polls would keep everybody below it from ever going on (the paper's programs do not poll).
    if (best.op === "yield" || best.yielding === true) this.#priorities.set(best.goroutine ?? CLOCK, --this.#lowest);
    const n = best.alternatives.length;
    return best.alternatives[n === 1 ? 0 : this.#prng.below(n)]!;
  }

  ended(): void {
    if (this.#steps > this.#longest) this.#longest = this.#steps;
  }

  #highest(pending: readonly Pending[]): Pending | undefined {
    let best: Pending | undefined;
    let highest = 0;
    for (const p of pending) {
      if (p.alternatives.length === 0) continue;
      const priority = this.#priorityOf(p.goroutine ?? CLOCK);
      if (best === undefined || priority > highest) {
        best = p;
        highest = priority;
      }
    }
    return best;
  }

  #priorityOf(name: GoroutineName | typeof CLOCK): number {
    let priority = this.#priorities.get(name);
    if (priority === undefined) this.#priorities.set(name, (priority = 1 + this.#prng.next()));
    return priority;
  }
}
