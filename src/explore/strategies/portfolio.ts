import type { ClockPolicy } from "../fairness.js";
import { DporSearch } from "../dpor/dpor-search.js";
import { wasCut, type Beginning, type RunEnd, type Search } from "../search.js";
import { DrawsLast, type DrawLimit } from "./draws.js";
import { FaultSweep, WithFaults } from "./faults.js";
import { Forwarding } from "./forwarding.js";
import { NonPreemptive } from "./natural.js";
import { LongRunFallback } from "./patient.js";
import { Pct } from "./pct.js";
import { Preemptions } from "./preemptions.js";
import { Random } from "./random.js";

export interface PortfolioOptions {
  readonly seed: number;
  readonly clock: ClockPolicy;
  /** Schedules with at most so many preemptions, in place of every schedule that differs. */
  readonly preemptions?: number | undefined;
  /** So many things may go wrong in one run (model/fault.ts). Default 0. */
  readonly faults?: number | undefined;
  /** The search that tries every schedule; by default one that this thread does alone. */
  readonly whole?: ((limit: DrawLimit) => Search) | undefined;
  /** Runs of the random searches before the systematic one takes over. Default 24 each. */
  readonly quick?: number;
}

/**
 * What users get without asking: the natural schedule; a taste of the systematic search, which small programs do not
 * outlast; some random walks and PCT runs, for most bugs are shallow and show within a few of them; then the systematic
 * search until it is done or the budget is spent. Where there is too much for it to finish, it stays in one corner; so
 * every few runs a random walk and a PCT run go elsewhere.
 */
export function portfolio(options: PortfolioOptions): Search {
  const quick = options.quick ?? 24;
  const { clock, preemptions, seed, faults = 0, whole = () => new DporSearch(clock) } = options;
  const systematic = new DrawsLast((limit) => (preemptions === undefined ? whole(limit) : new Preemptions(preemptions)));
  const taste = new SystematicProbe(systematic);
  const walk = (search: Search, own: number): Search => (faults === 0 ? search : new WithFaults(search, own, faults));
  const walks = (own: number, runs?: number): readonly Search[] => [walk(new Random(own, runs), own), walk(new Pct(own, runs), own)];
  const sweep = faults === 0 ? [] : [new FaultSweep()];
  return new Sequence([
    new LongRunFallback(new Sequence([taste, ...sweep, new RoundRobin(walks(seed, quick))]), seed),
    new RoundRobin([...Array.from({ length: SYSTEMATIC }, () => systematic), ...walks(seed + 1)], () => taste.steps),
  ]);
}

/** One search after the other. Exhausted when the last is. */
export class Sequence extends Forwarding {
  readonly #searches: readonly Search[];
  #at = 0;

  constructor(searches: readonly Search[]) {
    super();
    this.#searches = searches;
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

  protected override get current(): Search {
    return this.#searches[Math.min(this.#at, this.#searches.length - 1)]!;
  }

  override begin(): Beginning | undefined {
    for (; this.#at < this.#searches.length; this.#at++) {
      const beginning = this.current.begin();
      if (beginning) return beginning;
      if (this.current.exhausted === true) return undefined; // it has tried everything: nothing is left for the others
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
  readonly #systematic: Search;
  protected override current: Search = this.#natural;
  #left = TASTE;
  #small = true;
  /** Of its longest run. */
  steps = 0;

  constructor(systematic: Search) {
    super();
    this.#systematic = systematic;
  }

  get exhausted(): boolean {
    return this.#small && this.#systematic.exhausted === true;
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
 * A run of each in turn, until all have ended, or one has tried everything. Whoever makes long runs misses turns for
 * them, one for each SMALL steps: or else a systematic search in a ticker's loop leaves no time for random walks, which
 * would have been out of it in forty steps (GoKer's Kubernetes11298).
 */
export class RoundRobin extends Forwarding {
  readonly #searches: Search[];
  readonly #missing = new Map<Search, number>();
  readonly #steps: () => number;
  #at = -1;
  #done: Search | undefined;

  /** `steps`: how long the first search's runs are likely to be; asked before its first. */
  constructor(searches: readonly Search[], steps: () => number = () => 0) {
    super();
    this.#searches = [...searches];
    this.#steps = steps;
  }

  protected override get current(): Search {
    return this.#searches[this.#at]!;
  }

  override get name(): string {
    return this.#searches[Math.max(this.#at, 0)]?.name ?? "random";
  }

  get exhausted(): boolean {
    return this.#done !== undefined;
  }

  get distinct(): number | undefined {
    return this.#done?.distinct;
  }

  get bounds(): readonly string[] {
    return this.#done?.bounds ?? [];
  }

  override begin(): Beginning | undefined {
    if (this.#at < 0) this.#missing.set(this.#searches[0]!, Math.floor(this.#steps() / SMALL));
    while (this.#searches.length > 0) {
      this.#at = (this.#at + 1) % this.#searches.length;
      const search = this.#searches[this.#at]!;
      const missing = this.#missing.get(search) ?? 0;
      if (missing > 0) {
        this.#missing.set(search, missing - 1);
        continue;
      }
      const beginning = search.begin();
      if (beginning) return beginning;
      if (search.exhausted === true) {
        this.#done = search;
        return undefined;
      }
      this.#searches.splice(this.#at--, 1);
    }
    return undefined;
  }

  override ended(end: RunEnd): void {
    super.ended(end);
    this.#missing.set(this.current, Math.floor(end.schedule.length / SMALL));
  }
}
