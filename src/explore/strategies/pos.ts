import type { Choice } from "../../model/run/choice.js";
import type { Pending, Run } from "../../model/run/program.js";
import { commutes } from "../dpor/dependence.js";
import { dependencyAccesses, pendingAccesses, type DependencyAccess } from "../dpor/object-access.js";
import { drawOf } from "./draws.js";
import { Priorities } from "./priorities.js";
import { SeededRuns } from "./seeded-runs.js";

/**
 * Partial order sampling (Yuan, Yang, Gu, "Partial order aware concurrency sampling", CAV 2018): each pending operation
 * has a random priority, and the highest that can go on does. Then whatever raced with it (is pending, and does not
 * commute with what was done) draws another. Two orders of steps that commute are one thing to it, so that it does not
 * spend its runs on them as a random walk does.
 *
 * Different from the paper: which steps race is what dependence.ts says of Go's operations, not reads and writes of one
 * variable; among one operation's alternatives (select cases, partners) one is drawn; the clock is one more thread; draws
 * of random numbers are done at once.
 */
export class PartialOrderSampling extends SeededRuns {
  readonly name = "pos";
  #priorities = new Priorities(this.prng);
  /** What the last step did; its races are looked for in the next state. */
  #done: readonly DependencyAccess[] = [];

  /** `runs`: how many to try; without end by default. Run n of a seed is the same run whatever came before it. */
  constructor(seed: number, runs = Infinity) {
    super(seed, 0xc2b2ae35, runs);
  }

  protected override beginRun(): void {
    this.#priorities = new Priorities(this.prng);
    this.#done = [];
  }

  next(pending: readonly Pending[]): Choice | "stop-run" {
    const drawn = drawOf(pending, this.prng);
    if (drawn !== undefined) return drawn;
    if (this.#done.length > 0) for (const p of pending) if (this.#races(p)) this.#priorities.renew(p.goroutine);
    const best = this.#priorities.highest(pending);
    return best === undefined ? "stop-run" : this.oneOf(best);
  }

  stepped(run: Run, choice: Choice): void {
    const { accesses, moved } = run.last();
    this.#done = dependencyAccesses(choice, accesses);
    if (choice.kind === "clock") this.#priorities.renew(undefined);
    for (const name of moved) this.#priorities.renew(name); // each is before another operation now
  }

  #races(pending: Pending): boolean {
    const { accesses } = pending;
    if (!accesses.some(({ object }) => this.#done.some((touch) => touch.object === object))) return false;
    return pendingAccesses(pending).some((mine) => this.#done.some((touch) => touch.object === mine.object && !commutes(touch, mine)));
  }
}
