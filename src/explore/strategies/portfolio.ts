import type { ClockPolicy } from "../fairness.js";
import { DporSearch } from "../dpor/dpor-search.js";
import { wasCut, type Beginning, type ExhaustiveStrategy, type RunEnd, type Strategy } from "../strategy.js";
import { DrawsLast, type DrawLimit } from "./draws.js";
import { FaultSweep } from "./faults.js";
import { Forwarding } from "./forwarding.js";
import { NonPreemptive } from "./natural.js";
import { LongRunFallback } from "./patient.js";
import { Preemptions } from "./preemptions.js";
import { walks } from "./walks.js";

interface PortfolioOptions {
  readonly seed: number;
  readonly clock: ClockPolicy;
  /** Schedules with at most so many preemptions, in place of every schedule that differs. */
  readonly preemptions?: number | undefined;
  /** So many things may go wrong in one run (model/run/fault.ts). Default 0. */
  readonly faults?: number | undefined;
  /** The search that tries every schedule; by default one that this thread does alone. */
  readonly whole?: ((limit: DrawLimit) => ExhaustiveStrategy) | undefined;
  /** Runs of the random searches before the systematic one takes over. Default 24 each. */
  readonly quick?: number;
}

/**
 * What users get without asking: the natural schedule; a taste of the systematic search, which small programs do not
 * outlast; some random walks and PCT runs, for most bugs are shallow and show within a few of them; then the systematic
 * search until it is done or the budget is spent. Where there is too much for it to finish, it stays in one corner; so
 * every few runs a random walk and a PCT run go elsewhere.
 */
export function portfolio({ seed, clock, preemptions, faults = 0, quick = 24, whole = () => new DporSearch(clock) }: PortfolioOptions): Strategy {
  const systematic = new DrawsLast((limit) => (preemptions === undefined ? whole(limit) : new Preemptions(preemptions)));
  const taste = new SystematicProbe(systematic);
  const sweep = faults === 0 ? [] : [new FaultSweep()];
  return new Sequence([
    new LongRunFallback(new Sequence([taste, ...sweep, new RoundRobin(walks({ seed, faults, runs: quick }))]), seed),
    new RoundRobin([...Array.from({ length: SYSTEMATIC }, () => systematic), ...walks({ seed: seed + 1, faults })], () => taste.steps),
  ]);
}

/** One search after the other. Exhausted when the last is. */
class Sequence extends Forwarding {
  readonly #parts: readonly Strategy[];
  #at = 0;

  constructor(searches: readonly Strategy[]) {
    super();
    this.#parts = searches;
  }

  override get exhausted(): boolean {
    return this.#parts.at(-1)!.coverage?.exhausted === true;
  }

  override get distinct(): number {
    return this.#parts.at(-1)!.coverage?.distinct ?? 0;
  }

  override get bounds(): readonly string[] {
    return this.#parts.at(-1)!.coverage?.bounds ?? [];
  }

  protected override get current(): Strategy {
    return this.#parts[Math.min(this.#at, this.#parts.length - 1)]!;
  }

  override begin(): Beginning | undefined {
    for (; this.#at < this.#parts.length; this.#at++) {
      const beginning = this.current.begin();
      if (beginning) return beginning;
      if (this.current.coverage?.exhausted === true) return undefined; // it has tried everything: nothing is left for the others
    }
    return undefined;
  }
}

/** Most tests have a handful of schedules that differ: tried at once, they need no random walks. */
const TASTE = 12;
/** Steps of a run that is no small one: there the systematic search would stay in one corner, at length. */
const SMALL = 500;

/**
 * The natural schedule; and if that was a small run, the first runs of the systematic search, which goes on later where
 * it stopped.
 */
class SystematicProbe extends Forwarding {
  readonly #natural = new NonPreemptive();
  readonly #systematic: ExhaustiveStrategy;
  protected override current: Strategy = this.#natural;
  #left = TASTE;
  #small = true;
  /** Of its longest run. */
  steps = 0;

  constructor(systematic: ExhaustiveStrategy) {
    super();
    this.#systematic = systematic;
  }

  override get exhausted(): boolean {
    return this.#small && this.#systematic.coverage.exhausted;
  }

  override begin(): Beginning | undefined {
    const natural = this.#natural.begin();
    if (natural) return natural;
    this.current = this.#systematic;
    return this.#small && this.#left-- > 0 ? this.#systematic.begin() : undefined;
  }

  override ended(end: RunEnd): void {
    super.ended(end);
    this.steps = Math.max(this.steps, end.schedule.length);
    this.#small &&= !wasCut(end) && end.schedule.length <= SMALL;
  }
}

/** Runs of the systematic search for each pair of random ones. */
export const SYSTEMATIC = 6;

/**
 * A run of each in turn, until all have ended, or one has tried everything. One that makes long runs misses turns for
 * them, one for each SMALL steps: or else a systematic search in a ticker's loop leaves no time for random walks, which
 * would have been out of it in forty steps (GoKer's Kubernetes11298).
 */
export class RoundRobin extends Forwarding {
  readonly #parts: Strategy[];
  readonly #missing = new Map<Strategy, number>();
  readonly #steps: () => number;
  #at = -1;
  #done: Strategy | undefined;

  /** `steps`: how long the first search's runs are likely to be; asked before its first. */
  constructor(searches: readonly Strategy[], steps: () => number = () => 0) {
    super();
    this.#parts = [...searches];
    this.#steps = steps;
  }

  protected override get current(): Strategy {
    return this.#parts[this.#at]!;
  }

  override get name(): string {
    return this.#parts[Math.max(this.#at, 0)]?.name ?? "random";
  }

  override get exhausted(): boolean {
    return this.#done !== undefined;
  }

  override get distinct(): number {
    return this.#done?.coverage?.distinct ?? 0;
  }

  override get bounds(): readonly string[] {
    return this.#done?.coverage?.bounds ?? [];
  }

  override begin(): Beginning | undefined {
    if (this.#at < 0) this.#missing.set(this.#parts[0]!, Math.floor(this.#steps() / SMALL));
    while (this.#parts.length > 0) {
      this.#at = (this.#at + 1) % this.#parts.length;
      const search = this.#parts[this.#at]!;
      const missing = this.#missing.get(search) ?? 0;
      if (missing > 0) {
        this.#missing.set(search, missing - 1);
        continue;
      }
      const beginning = search.begin();
      if (beginning) return beginning;
      if (search.coverage?.exhausted === true) {
        this.#done = search;
        return undefined;
      }
      this.#parts.splice(this.#at--, 1);
    }
    return undefined;
  }

  override ended(end: RunEnd): void {
    super.ended(end);
    this.#missing.set(this.current, Math.floor(end.schedule.length / SMALL));
  }
}
