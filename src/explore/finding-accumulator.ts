import { Divergence } from "../model/run/program.js";
import { endedAbruptly } from "../model/run/outcome.js";
import type { Schedule } from "../model/run/schedule.js";
import { AbruptEnds, type AbruptRuns } from "./abrupt-ends.js";
import type { Found, RunObservation } from "./exploration.js";
import { compareSchedules } from "./schedule-order.js";
import { wasCut, type RunEnd, type Strategy } from "./strategy.js";

/** What came of some runs: plain data, which can be sent and added up. */
export interface StatsDelta<T> {
  readonly counts: Counts;
  readonly bounds: readonly string[];
  readonly diverged: Pick<Divergence, "step" | "expected" | "actual"> | undefined;
  readonly sightings: readonly FindingStats<T>[];
  readonly abrupt: AbruptRuns;
}

export interface Counts {
  readonly runs: number;
  readonly redundant: number;
  readonly cut: number;
  readonly depth: number;
  readonly whole: Whole;
}

/** Only of runs of the last attempt to try every schedule (`SearchCoverage.roundIndex`): walks add nothing to these. */
export interface Whole {
  readonly attempt: number;
  readonly cut: number;
  readonly depth: number;
}

/** How often one thing was seen, and in which schedules. */
interface FindingStats<T> {
  readonly key: string;
  readonly first: Pick<Found<T>, "value" | "schedule" | "run" | "milliseconds" | "strategy">;
  readonly seen: number;
  /** In the last attempt to try every schedule: how often, and the least (schedule-order.ts) of their normal forms. */
  readonly whole: Least<T> | undefined;
  /** Of those in the last attempt. */
  readonly abrupt: AbruptRuns | undefined;
}

interface Least<T> {
  readonly attempt: number;
  readonly seen: number;
  readonly value: T;
  readonly schedule: Schedule;
}

/** As FindingStats, while it is counted. */
export interface Sighting<T> extends Omit<FindingStats<T>, "abrupt"> {
  readonly abrupt: AbruptEnds | undefined;
}

const NO_RUNS: Counts = { runs: 0, redundant: 0, cut: 0, depth: 0, whole: { attempt: 0, cut: 0, depth: 0 } };

/**
 * L1. Adding accounts up gives the same, in whichever order, but for `first`.
 */
export class FindingAccumulator<T> {
  readonly #sightings = new Map<string, Sighting<T>>();
  readonly #abrupt = new AbruptEnds();
  readonly #bounds = new Set<string>();
  #counts = NO_RUNS;
  #diverged: StatsDelta<T>["diverged"];

  get counts(): Counts {
    return this.#counts;
  }

  get sightings(): readonly Sighting<T>[] {
    return [...this.#sightings.values()];
  }

  /** So many runs of the last attempt end abruptly, and as another one does. */
  get repeats(): number {
    return this.#abrupt.repeats;
  }

  get found(): number {
    return this.#sightings.size;
  }

  get bounds(): readonly string[] {
    return [...this.#bounds];
  }

  get diverged(): Divergence | undefined {
    const at = this.#diverged;
    return at && new Divergence(at.step, at.expected, at.actual);
  }

  /** A run of `strategy` that was just ended. True: it shows something new. */
  count(end: RunEnd, judgements: readonly RunObservation<T>[], strategy: Strategy, run: number, milliseconds: number): boolean {
    const { name, coverage } = strategy;
    const attempt = coverage?.roundIndex;
    const { outcome, schedule } = end;
    const weight = attempt === undefined || outcome === undefined ? 0 : coverage!.canonicalLength(end);
    this.#countRun(end, attempt, weight);
    let normal: Schedule | undefined;
    const round = attempt === undefined ? undefined : { attempt, weight, isAbrupt: endedAbruptly(outcome), normal: () => (normal ??= coverage!.normalForm(end)) };
    if (round?.isAbrupt === true) this.#abrupt.count(round.attempt, round.normal());
    let fresh = false;
    for (const { key, value } of judgements) {
      const known = this.#sightings.get(key);
      fresh ||= !known;
      const first = known?.first ?? { value, schedule: schedule.slice(), run, milliseconds, strategy: name };
      this.#sightings.set(key, { key, first, seen: (known?.seen ?? 0) + 1, ...(round === undefined ? { whole: known?.whole, abrupt: known?.abrupt } : inRound(known, value, round)) });
    }
    return fresh;
  }

  #countRun(end: RunEnd, attempt: number | undefined, weight: number): void {
    const { schedule, stopped, bounds } = end;
    const cut = wasCut(end) ? 1 : 0;
    this.#addCounts({
      runs: 1,
      redundant: stopped === "strategy" ? 1 : 0,
      cut,
      depth: schedule.length,
      whole: attempt === undefined ? NO_RUNS.whole : { attempt, cut, depth: weight },
    });
    for (const bound of bounds) this.#bounds.add(bound);
    if (typeof stopped === "object") this.#diverged ??= told(stopped.diverged);
  }

  /** A helper's. True: something new is among it. `stamp`: when and as which run it came, for what is new. */
  add(account: StatsDelta<T>, run: number, milliseconds: number): boolean {
    this.#addCounts(account.counts);
    for (const bound of account.bounds) this.#bounds.add(bound);
    this.#diverged ??= account.diverged;
    let fresh = false;
    this.#abrupt.add(account.abrupt);
    for (const { key, first, seen, whole, abrupt } of account.sightings) {
      const known = this.#sightings.get(key);
      const ends = known?.abrupt ?? (abrupt && new AbruptEnds());
      if (abrupt) ends!.add(abrupt);
      fresh ||= !known;
      this.#sightings.set(key, {
        key,
        first: known?.first ?? { ...first, run, milliseconds },
        seen: (known?.seen ?? 0) + seen,
        whole: both(known?.whole, whole),
        abrupt: ends,
      });
    }
    return fresh;
  }

  /** Everything since the last time, as data. */
  take(): StatsDelta<T> {
    const account = { counts: this.#counts, bounds: this.bounds, diverged: this.#diverged, sightings: this.sightings.map((one) => ({ ...one, abrupt: one.abrupt?.take() })), abrupt: this.#abrupt.take() };
    this.#counts = NO_RUNS;
    this.#sightings.clear();
    return account;
  }

  #addCounts(more: Counts): void {
    const all = this.#counts;
    this.#counts = {
      runs: all.runs + more.runs,
      redundant: all.redundant + more.redundant,
      cut: all.cut + more.cut,
      depth: Math.max(all.depth, more.depth),
      whole: added(all.whole, more.whole),
    };
  }
}

const told = ({ step, expected, actual }: Divergence): StatsDelta<never>["diverged"] => ({ step, expected, actual });

function added(a: Whole, b: Whole): Whole {
  if (a.attempt !== b.attempt) return a.attempt > b.attempt ? a : b;
  return { attempt: a.attempt, cut: a.cut + b.cut, depth: Math.max(a.depth, b.depth) };
}

function both<T>(a: Least<T> | undefined, b: Least<T> | undefined): Least<T> | undefined {
  if (!a || !b) return a ?? b;
  if (a.attempt !== b.attempt) return a.attempt > b.attempt ? a : b;
  const least = compareSchedules(b.schedule, a.schedule) < 0 ? b : a;
  return { ...least, seen: a.seen + b.seen };
}

/** The end of a run of an exhaustive round. */
interface RoundEnd {
  readonly attempt: number;
  /** Its canonical length. */
  readonly weight: number;
  readonly isAbrupt: boolean;
  readonly normal: () => Schedule;
}

/** What the round at hand has of a sighting, with one run more. A longer schedule than the one it has is only counted. */
function inRound<T>(known: Sighting<T> | undefined, value: T, { attempt, weight, isAbrupt, normal }: RoundEnd): Pick<Sighting<T>, "whole" | "abrupt"> {
  const before = known?.whole;
  const abrupt = known?.abrupt ?? (isAbrupt ? new AbruptEnds() : undefined);
  if (isAbrupt) abrupt!.count(attempt, normal());
  if (before?.attempt === attempt && weight > before.schedule.length) return { whole: { ...before, seen: before.seen + 1 }, abrupt };
  return { whole: both(before, { attempt, seen: 1, value, schedule: normal() }), abrupt };
}
