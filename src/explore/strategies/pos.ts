import type { Choice } from "../../model/run/choice.js";
import type { Pending, Run } from "../../model/run/program.js";
import { commutes } from "../dpor/dependence.js";
import { dependencyAccesses, pendingAccesses, type DependencyAccess } from "../dpor/object-access.js";
import type { AbleIndex } from "../able-index.js";
import { drawAmong, drawOf } from "./draws.js";
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
  readonly choosesAmong = true;
  readonly #rivals = new Rivals();
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

  nextAmong(able: AbleIndex): Choice | "stop-run" {
    this.#rivals.follow(able);
    this.#priorities.follow(able);
    const drawn = drawAmong(able, this.prng);
    if (drawn !== undefined) return drawn;
    for (const { object } of this.#done) for (const p of this.#rivals.at(object)) if (this.#races(p)) this.#priorities.renew(p.goroutine);
    const { clock } = able.counts;
    if (clock !== undefined && this.#races(clock)) this.#priorities.renew(undefined);
    const best = this.#priorities.highestAmong(able);
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

/** Who is stopped before an operation on which object, where many are: those that a step did not touch need not be looked at. */
class Rivals {
  readonly #all = new Map<number, Pending>();
  readonly #at = new Map<number, Set<number>>();

  follow({ news, isAfresh }: AbleIndex): void {
    if (isAfresh) for (const map of [this.#all, this.#at]) map.clear();
    for (const one of news) {
      if (one.goroutine === undefined) continue;
      const before = this.#all.get(one.order!);
      for (const { object } of before?.accesses ?? []) this.#leaves(object, one.order!);
      this.#all.set(one.order!, one);
      for (const { object } of one.accesses) this.#comes(object, one.order!);
    }
  }

  *at(object: number): Iterable<Pending> {
    for (const order of this.#at.get(object) ?? []) yield this.#all.get(order)!;
  }

  #comes(object: number, order: number): void {
    const all = this.#at.get(object);
    if (all === undefined) this.#at.set(object, new Set([order]));
    else all.add(order);
  }

  #leaves(object: number, order: number): void {
    const all = this.#at.get(object);
    all?.delete(order);
    if (all?.size === 0) this.#at.delete(object);
  }
}
