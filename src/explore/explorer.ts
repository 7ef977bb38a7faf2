import { systemWall, type Wall } from "../base/wall.js";
import type { Coverage } from "../model/examination.js";
import type { Divergence, Program, RunOptions } from "../model/program.js";
import type { Schedule } from "../model/schedule.js";
import { driveRun } from "./engine.js";
import { DEFAULT_CLOCK, type ClockPolicy } from "./gate.js";
import { wasCut, type RunEnd, type Search } from "./search.js";
import { portfolio } from "./strategies/portfolio.js";

/**
 * Many runs of one program.
 *
 *     const exploration = await explore(program, { budget: 5_000, seed: 1 }, async (end) =>
 *       leaksIn(await end.run.goroutines()).map((leak) => ({ key: leak.where, value: leak })));
 *
 * `judge` is called at the end of every run that was not given up as a repetition, while the run still stands at its
 * end; what it returns is counted by key, and the first schedule that showed a key is kept. `exploration.coverage` says
 * what was tried: complete, or stopped by what.
 *
 * X1. Runs do not depend on real time; only how many there are does, and whether one of the few long ones is given up.
 * X2. `complete` only if the search is exhausted, no run hit the step limit, and none diverged.
 */
export interface ExploreOptions {
  /** Default: the portfolio (natural, then random and PCT, then every schedule that differs). */
  readonly search?: Search;
  readonly seed?: number;
  /** In the default portfolio: schedules with at most so many preemptions, in place of every schedule that differs. */
  readonly preemptions?: number;
  /** Real time to spend, in milliseconds. Default 10,000. */
  readonly budget?: number;
  /** At most so many runs. Default: no limit. */
  readonly schedules?: number;
  /** A run is given up after so many steps. Default 20,000. */
  readonly steps?: number;
  readonly clock?: ClockPolicy;
  readonly signal?: AbortSignal;
  /** Called about ten times a second. */
  readonly progress?: (progress: Progress) => void;
  /** Ends the exploration once it returns true; asked after each run that showed something new. */
  readonly until?: (found: number) => boolean;
  readonly run?: RunOptions;
  readonly wall?: Wall;
}

export interface Progress {
  readonly schedules: number;
  /** Runs a second, since the beginning. */
  readonly rate: number;
  /** Longest run so far, in steps. */
  readonly depth: number;
  readonly found: number;
  readonly milliseconds: number;
  /** The search at work: `random`, `reduced`. */
  readonly search: string;
}

/** What the caller makes of one run: things found, each with a key that is the same in every schedule that shows it. */
export type Judge<T> = (end: RunEnd) => readonly Judgement<T>[] | Promise<readonly Judgement<T>[]>;

export interface Judgement<T> {
  readonly key: string;
  readonly value: T;
}

export interface Found<T> {
  readonly key: string;
  /** As first seen. */
  readonly value: T;
  readonly schedule: Schedule;
  /** In how many of the runs. */
  readonly seen: number;
  /** The number of the run that showed it first, counted from 1, and the milliseconds until then. */
  readonly run: number;
  readonly milliseconds: number;
  readonly search: string;
}

export interface Exploration<T> {
  readonly coverage: Coverage;
  /** In order of first sight. */
  readonly found: readonly Found<T>[];
  /** All runs, those given up as repetitions and those of the random searches included. */
  readonly runs: number;
  /** Runs that were given up because they would have repeated others. */
  readonly redundant: number;
  /** Runs that hit the step limit. */
  readonly cut: number;
  /** The first place where the program did something else than in the same run before: it is not deterministic. */
  readonly diverged?: Divergence;
}

const DEFAULT_BUDGET = 10_000;
export const DEFAULT_STEPS = 20_000;
/** Milliseconds of exploring between two turns of the event loop. */
const BREATH = 50;

export async function explore<T>(program: Program, options: ExploreOptions, judge: Judge<T>): Promise<Exploration<T>> {
  const clock = options.clock ?? DEFAULT_CLOCK;
  const search = options.search ?? portfolio({ seed: options.seed ?? 1, clock, preemptions: options.preemptions });
  const tally = new Tally<T>(options, search);
  const engine = {
    clock,
    steps: options.steps ?? DEFAULT_STEPS,
    overtime: () => tally.limit() !== undefined,
    run: { ...options.run, arrival: clock.kind === "lazy" },
  };
  let stoppedBy: string | undefined;
  for (;;) {
    await tally.breathe();
    stoppedBy = tally.limit();
    if (stoppedBy !== undefined) break;
    const beginning = search.begin();
    if (beginning === undefined) break;
    const driven = driveRun(program, search, beginning, engine);
    const end = driven instanceof Promise ? await driven : driven;
    const judged = judgeable(end) ? judge(end) : [];
    tally.count(end, judged instanceof Promise ? await judged : judged);
    search.ended?.(end);
    if (end.stopped === "search") break;
  }
  return tally.result(stoppedBy, engine.steps);
}

const judgeable = (end: RunEnd): boolean => end.outcome !== undefined || end.stopped === "steps";

class Tally<T> {
  readonly #options: ExploreOptions;
  readonly #search: Search;
  readonly #wall: Wall;
  readonly #start: number;
  readonly #budget: number;
  readonly #found = new Map<string, Found<T> & { seen: number }>();
  readonly #bounds = new Set<string>();
  #breath: number;
  #runs = 0;
  #redundant = 0;
  #cut = 0;
  #depth = 0;
  #enough = false;
  #diverged: Divergence | undefined;

  constructor(options: ExploreOptions, search: Search) {
    this.#options = options;
    this.#search = search;
    this.#wall = options.wall ?? systemWall;
    this.#budget = options.budget ?? DEFAULT_BUDGET;
    this.#start = this.#breath = this.#wall.now();
  }

  /** Lets the event loop turn now and then, and reports progress. */
  async breathe(): Promise<void> {
    const now = this.#wall.now();
    if (now - this.#breath < BREATH) return;
    this.#options.progress?.({
      schedules: this.#runs,
      rate: Math.round((this.#runs * 1000) / (now - this.#start)),
      depth: this.#depth,
      found: this.#found.size,
      milliseconds: Math.round(now - this.#start),
      search: this.#search.name,
    });
    await this.#wall.turn();
    this.#breath = this.#wall.now();
  }

  /** What forbids another run. */
  limit(): string | undefined {
    if (this.#enough) return "the first finding";
    if (this.#options.signal?.aborted === true) return "interrupted";
    if (this.#runs >= (this.#options.schedules ?? Infinity)) return "schedules: raise --schedules";
    if (this.#wall.now() - this.#start >= this.#budget) return "time: raise --budget";
    return undefined;
  }

  count(end: RunEnd, judgements: readonly Judgement<T>[]): void {
    this.#runs++;
    this.#depth = Math.max(this.#depth, end.schedule.length);
    for (const bound of end.bounds) this.#bounds.add(bound);
    if (end.stopped === "strategy") this.#redundant++;
    else if (wasCut(end)) this.#cut++;
    else if (typeof end.stopped === "object") this.#diverged ??= end.stopped.diverged;
    let fresh = false;
    for (const { key, value } of judgements) {
      const known = this.#found.get(key);
      if (known) known.seen++;
      else {
        fresh = true;
        const milliseconds = this.#wall.now() - this.#start;
        const schedule = end.schedule.slice();
        this.#found.set(key, { key, value, schedule, seen: 1, run: this.#runs, milliseconds, search: this.#search.name });
      }
    }
    if (fresh && this.#options.until?.(this.#found.size) === true) this.#enough = true;
  }

  result(stoppedBy: string | undefined, steps: number): Exploration<T> {
    const exhausted = this.#search.exhausted === true;
    const complete = exhausted && this.#cut === 0 && this.#diverged === undefined;
    const reason = this.#whyIncomplete(stoppedBy, steps);
    const coverage: Coverage = {
      schedules: exhausted ? (this.#search.distinct ?? this.#runs) : this.#runs - this.#redundant,
      complete,
      // Where a systematic search was exhausted its own bounds count, not those that a random run met besides.
      bounds: [...new Set([...(exhausted ? [] : this.#bounds), ...(this.#search.bounds ?? [])])],
      ...(complete ? {} : { stoppedBy: reason }),
      depth: this.#depth,
      milliseconds: Math.round(this.#wall.now() - this.#start),
    };
    return {
      coverage,
      found: [...this.#found.values()],
      runs: this.#runs,
      redundant: this.#redundant,
      cut: this.#cut,
      ...(this.#diverged ? { diverged: this.#diverged } : {}),
    };
  }

  #whyIncomplete(stoppedBy: string | undefined, steps: number): string {
    if (this.#diverged) return `the program did not repeat itself: ${this.#diverged.message}`;
    if (stoppedBy !== undefined) return stoppedBy;
    if (this.#cut > 0) return `${this.#cut} runs of more than ${steps} steps: raise --steps`;
    return `the search '${this.#search.name}' does not try every schedule`;
  }
}
