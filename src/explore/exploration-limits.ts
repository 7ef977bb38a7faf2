import { systemWallClock, type WallClock } from "../base/wall-clock.js";
import type { Coverage } from "../model/results/examination.js";
import type { Exploration, Found, RunObservation, ExplorationProgress } from "./exploration.js";
import { FindingAccumulator, type StatsDelta, type Sighting } from "./finding-accumulator.js";
import { compareSchedules } from "./schedule-order.js";
import type { RunEnd, Strategy } from "./strategy.js";
import type { SharedCounters } from "./workers/shared-counters.js";

interface LimitOptions {
  readonly budget?: number;
  readonly schedules?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: ExplorationProgress) => void;
  readonly until?: (found: number) => boolean;
  readonly wall?: WallClock;
}

const DEFAULT_BUDGET = 10_000;
/** Milliseconds of exploring between two turns of the event loop. */
export const EVENT_LOOP_INTERVAL = 50;

/** Counts an exploration's runs, this thread's and those of its helpers; knows when it is enough; and sums it up. */
export class ExplorationLimits<T> {
  readonly #options: LimitOptions;
  readonly #counters: SharedCounters;
  readonly #wall: WallClock;
  readonly #start: number;
  readonly #budget: number;
  readonly #findings = new FindingAccumulator<T>();
  #turnedAt: number;
  #enough = false;

  constructor(options: LimitOptions, board: SharedCounters) {
    this.#options = options;
    this.#counters = board;
    this.#wall = options.wall ?? systemWallClock;
    this.#budget = options.budget ?? DEFAULT_BUDGET;
    this.#start = this.#turnedAt = this.#wall.now();
  }

  /** Lets the event loop turn now and then, and reports progress. True: it did. */
  async yieldToEventLoop(strategy: string, workers: number): Promise<boolean> {
    const now = this.#wall.now();
    if (now - this.#turnedAt < EVENT_LOOP_INTERVAL) return false;
    const schedules = this.#counters.runs;
    this.#options.progress?.({
      schedules,
      rate: Math.round((schedules * 1000) / (now - this.#start)),
      depth: Math.max(this.#findings.counts.depth, this.#counters.depth),
      found: this.#findings.found,
      milliseconds: Math.round(now - this.#start),
      strategy,
      workers,
    });
    await this.#wall.turn();
    this.#turnedAt = this.#wall.now();
    return true;
  }

  /** What forbids another run. */
  limit(): string | undefined {
    if (this.#enough) return "the first finding";
    if (this.#options.signal?.aborted === true) return "interrupted";
    if (this.#counters.runs >= (this.#options.schedules ?? Infinity)) return "schedules: raise --schedules";
    if (this.#wall.now() - this.#start >= this.#budget) return "time: raise --budget";
    return undefined;
  }

  /** What forbids to go on with a run, too. */
  late(): boolean {
    return this.#options.signal?.aborted === true || this.#elapsed() >= this.#budget;
  }

  count(strategy: Strategy, end: RunEnd, judgements: readonly RunObservation<T>[]): void {
    this.#noticed(this.#findings.count(end, judgements, strategy, this.#findings.counts.runs + 1, this.#elapsed()));
  }

  add(account: StatsDelta<T>): void {
    this.#noticed(this.#findings.add(account, this.#findings.counts.runs + 1, this.#elapsed()));
  }

  #noticed(fresh: boolean): void {
    if (fresh && this.#options.until?.(this.#findings.found) === true) this.#enough = true;
  }

  #elapsed(): number {
    return this.#wall.now() - this.#start;
  }

  /** `lost`: why a part of the schedules was not tried, where a helper took it along when it ended. */
  result(strategy: Strategy, stoppedBy: string | undefined, lost: string | undefined, steps: number): Omit<Exploration<T>, "limits"> {
    const { runs, redundant, cut, depth, whole } = this.#findings.counts;
    const { diverged } = this.#findings;
    const tried = strategy.coverage;
    const exhausted = tried?.exhausted === true && lost === undefined;
    const complete = exhausted && whole.cut === 0 && diverged === undefined;
    const reason = diverged ? `the program did not repeat itself: ${diverged.message}` : (stoppedBy ?? lost ?? whyIncomplete(strategy, whole.cut, steps));
    const coverage: Coverage = {
      schedules: exhausted ? tried.distinct - this.#findings.repeats : runs - redundant,
      complete,
      // Where a systematic search was exhausted its own bounds count, not those that a random run met besides.
      bounds: [...new Set([...(exhausted ? [] : this.#findings.bounds), ...(tried?.bounds ?? [])])],
      ...(complete ? {} : { stoppedBy: reason }),
      depth: complete ? whole.depth : depth,
      ...(redundant === 0 ? {} : { repeated: redundant }),
      milliseconds: Math.round(this.#elapsed()),
    };
    const found = this.#findings.sightings.map((sighting) => foundOf(sighting, complete));
    if (complete) found.sort(byNature);
    return { coverage, found, runs, redundant, cut, ...(diverged ? { diverged } : {}) };
  }
}

function whyIncomplete({ name }: Strategy, cut: number, steps: number): string {
  return cut > 0 ? `${cut} run${cut === 1 ? "" : "s"} of more than ${steps} steps` : `the strategy '${name}' does not try every schedule`;
}

/** Of a complete exploration nothing is said that depends on seeds, on time, or on which worker explored what. */
function foundOf<T>({ key, first, seen, whole, abrupt }: Sighting<T>, complete: boolean): Found<T> {
  if (!complete || !whole) return { key, ...first, seen };
  const natural = first.run === 1;
  return { key, ...first, seen: whole.seen - (abrupt?.repeats ?? 0), ...(natural ? {} : { value: whole.value, schedule: whole.schedule }) };
}

function byNature(a: Found<unknown>, b: Found<unknown>): number {
  if ((a.run === 1) !== (b.run === 1)) return a.run === 1 ? -1 : 1;
  return compareSchedules(a.schedule, b.schedule) || (a.key < b.key ? -1 : 1);
}
