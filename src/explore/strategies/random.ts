import type { Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import type { AbleIndex } from "../able-index.js";
import { drawAmong, drawOf } from "./draws.js";
import { SeededRuns } from "./seeded-runs.js";

/**
 * A random walk: first one of those who can go on, each as likely as any other, then one of its alternatives. The clock
 * counts as one of them. A draw of random numbers is done at once, for no order of theirs makes a difference. Run n of a
 * seed is the same run whatever came before it, so that runs can be shared out.
 */
export class Random extends SeededRuns {
  readonly name = "random";
  readonly looksAtAbleOnly = true;
  readonly choosesAmong = true;

  /** `runs`: how many to try; without end by default. */
  constructor(seed: number, runs = Infinity) {
    super(seed, 0x9e3779b1, runs);
  }

  protected override beginRun(): void {
    // nothing is kept from step to step
  }

  nextAmong(able: AbleIndex): Choice | "stop-run" {
    const drawn = drawAmong(able, this.prng);
    if (drawn !== undefined) return drawn;
    const { size } = able;
    return size === 0 ? "stop-run" : this.oneOf(able.at(size === 1 ? 0 : this.prng.below(size)));
  }

  next(pending: readonly Pending[]): Choice | "stop-run" {
    const drawn = drawOf(pending, this.prng);
    if (drawn !== undefined) return drawn;
    let able = 0;
    for (const p of pending) if (p.alternatives.length > 0) able++;
    if (able === 0) return "stop-run";
    let pick = able === 1 ? 0 : this.prng.below(able);
    for (const p of pending) {
      if (p.alternatives.length > 0 && pick-- === 0) return this.oneOf(p);
    }
    return "stop-run";
  }
}
