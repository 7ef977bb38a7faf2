import type { Choice } from "../../model/choice.js";
import type { Pending, Run } from "../../model/program.js";
import type { Schedule } from "../../model/schedule.js";
import type { ClockPolicy } from "../gate.js";
import { Reduced } from "../reduction/reduced.js";
import type { Beginning, RunEnd, Search } from "../search.js";
import { Natural } from "./natural.js";
import { Patient } from "./patient.js";
import { Pct } from "./pct.js";
import { Random } from "./random.js";

export interface PortfolioOptions {
  readonly seed: number;
  readonly clock: ClockPolicy;
  /** Runs of the random searches before the systematic one takes over. Default 24 each. */
  readonly quick?: number;
}

/**
 * What users get without asking: the natural schedule, some random walks and PCT runs, for most bugs are shallow and
 * show within a few of them; then the systematic search until it is done or the budget is spent.
 */
export function portfolio(options: PortfolioOptions): Search {
  const quick = options.quick ?? 24;
  return new InTurn([
    new Patient(new InTurn([new Natural(), new Alternating([new Random(options.seed, quick), new Pct(options.seed, quick)])]), options.seed),
    new Reduced(options.clock),
  ]);
}

/** One search after the other. Exhausted when the last is. */
export class InTurn implements Search {
  readonly #searches: readonly Search[];
  #at = 0;

  constructor(searches: readonly Search[]) {
    this.#searches = searches;
  }

  get name(): string {
    return this.#current.name;
  }

  get exhausted(): boolean {
    return this.#searches.at(-1)!.exhausted === true;
  }

  get distinct(): number | undefined {
    return this.#searches.at(-1)!.distinct;
  }

  get bounds(): readonly string[] {
    return this.#searches.at(-1)!.bounds ?? [];
  }

  get #current(): Search {
    return this.#searches[Math.min(this.#at, this.#searches.length - 1)]!;
  }

  begin(): Beginning | undefined {
    for (; this.#at < this.#searches.length; this.#at++) {
      const beginning = this.#current.begin();
      if (beginning) return beginning;
    }
    return undefined;
  }

  next(pending: readonly Pending[], history: Schedule, run?: Run, gate?: number): Choice | "stop-run" | "stop" {
    return this.#current.next(pending, history, run, gate);
  }

  stepped(run: Run, choice: Choice): void {
    this.#current.stepped?.(run, choice);
  }

  ended(end: RunEnd): void {
    this.#current.ended?.(end);
  }
}

/** A run of each in turn, until all have ended. */
export class Alternating implements Search {
  readonly #searches: Search[];
  #at = -1;

  constructor(searches: readonly Search[]) {
    this.#searches = [...searches];
  }

  get name(): string {
    return this.#searches[Math.max(this.#at, 0)]?.name ?? "random";
  }

  begin(): Beginning | undefined {
    while (this.#searches.length > 0) {
      this.#at = (this.#at + 1) % this.#searches.length;
      const beginning = this.#searches[this.#at]!.begin();
      if (beginning) return beginning;
      this.#searches.splice(this.#at--, 1);
    }
    return undefined;
  }

  next(pending: readonly Pending[], history: Schedule, run?: Run, gate?: number): Choice | "stop-run" | "stop" {
    return this.#searches[this.#at]!.next(pending, history, run, gate);
  }

  stepped(run: Run, choice: Choice): void {
    this.#searches[this.#at]!.stepped?.(run, choice);
  }

  ended(end: RunEnd): void {
    this.#searches[this.#at]!.ended?.(end);
  }
}
