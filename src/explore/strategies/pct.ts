import type { Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import type { AbleIndex } from "../able-index.js";
import { drawAmong, drawOf } from "./draws.js";
import { Priorities } from "./priorities.js";
import { SeededRuns } from "./seeded-runs.js";

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
export class Pct extends SeededRuns {
  readonly name = "pct";
  readonly looksAtAbleOnly = true;
  readonly choosesAmong = true;
  readonly #changes: number;
  #priorities = new Priorities(this.prng);
  /** Steps of this run, and of the longest so far; draws of random numbers do not count. */
  #steps = 0;
  #longest = 0;
  #changeAt: number[] = [];

  /** `changes`: run n uses n modulo (changes + 1) of them, so that shallow bugs do not wait for deep ones. */
  constructor(seed: number, runs = Infinity, changes = 3) {
    super(seed, 0x85ebca6b, runs);
    this.#changes = changes;
  }

  protected override beginRun(run: number): void {
    this.#priorities = new Priorities(this.prng);
    this.#steps = 0;
    this.#changeAt = Array.from({ length: 1 + (run % this.#changes) }, () => this.prng.below(this.#longest || FIRST_GUESS));
  }

  next(pending: readonly Pending[]): Choice | "stop-run" {
    return drawOf(pending, this.prng) ?? this.#choose(() => this.#priorities.highest(pending));
  }

  nextAmong(able: AbleIndex): Choice | "stop-run" {
    this.#priorities.follow(able);
    return drawAmong(able, this.prng) ?? this.#choose(() => this.#priorities.highestAmong(able));
  }

  #choose(highest: () => Pending | undefined): Choice | "stop-run" {
    let best = highest();
    if (best === undefined) return "stop-run";
    if (this.#changeAt.includes(this.#steps++)) {
      this.#priorities.lower(best);
      best = highest()!;
    }
    // One that polls would keep all below it from ever going on (the paper's programs do not poll).
    if (best.op === "yield" || best.yielding === true) this.#priorities.lower(best);
    return this.oneOf(best);
  }

  ended(): void {
    if (this.#steps > this.#longest) this.#longest = this.#steps;
  }
}
