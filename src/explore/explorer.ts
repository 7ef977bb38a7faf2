import { optional } from "../base/optional.js";
import type { WallClock } from "../base/wall-clock.js";
import type { Coverage } from "../model/results/examination.js";
import { DEFAULT_STEPS } from "../model/run/limits.js";
import type { Program, RunOptions } from "../model/run/program.js";
import { ChoicePairs } from "./choice-pairs.js";
import { driveRun } from "./engine.js";
import type { Exploration, RunJudge, ExplorationProgress } from "./exploration.js";
import type { ExploreSettings } from "./explore-settings.js";
import { DEFAULT_CLOCK } from "./fairness.js";
import { DEFAULT_SAVING } from "./dpor/saved-states.js";
import { judgeable, type Strategy } from "./strategy.js";
import { portfolio } from "./strategies/portfolio.js";
import { ExplorationLimits } from "./exploration-limits.js";
import type { WorkerSource } from "./workers/worker-pool.js";
import { SharedCounters } from "./workers/shared-counters.js";
import { WorkerTeam } from "./workers/worker-team.js";

/**
 * Many runs of one program.
 *
 *     const exploration = await explore(program, { budget: 5_000, seed: 1 }, async (end) =>
 *       leaksIn(await end.run.goroutines()).map((leak) => ({ key: leak.where, value: leak })));
 *
 * `judge` is called at the end of every run that was not given up as a repetition, while the run still stands at its
 * end; what it returns is counted by key. `exploration.coverage` says what was tried: complete, or stopped by what.
 *
 * X1. Runs do not depend on real time; only how many there are does, and whether the last one is given up.
 * X2. `complete` only if the strategy has tried everything, none of its runs hit the step limit, none diverged, and none showed
 *     that choices were missing (Program.isRefuted).
 * X3. What a complete exploration says depends neither on seeds nor on how many helped.
 */
export interface ExplorerOptions extends Partial<Pick<ExploreSettings, "budget" | "schedules" | "seed" | "clock" | "preemptions" | "faults" | "pairs">> {
  /** Default: the portfolio (natural, then random and PCT, then every schedule that differs). */
  readonly strategy?: Strategy;
  /** A run is given up after so many steps. Default 20,000. */
  readonly steps?: number;
  readonly signal?: AbortSignal;
  /** Called about ten times a second. */
  readonly progress?: (progress: ExplorationProgress) => void;
  /** Ends the exploration once it returns true; asked after each run that showed something new. */
  readonly until?: (found: number) => boolean;
  readonly run?: RunOptions;
  readonly wall?: WallClock;
  /** Who helps the default portfolio to try every schedule that differs. By default this thread does it alone. */
  readonly helpers?: WorkerSource;
}

export async function explore<T>(program: Program, options: ExplorerOptions, judge: RunJudge<T>): Promise<Exploration<T>> {
  const { counters, pairs, tally, team, strategy, engine, schedules } = partsOf<T>(options);
  let stoppedBy: string | undefined;
  for (;;) {
    if (await tally.yieldToEventLoop(strategy.name, team.size)) team.serviceMessages();
    stoppedBy = tally.limit();
    if (stoppedBy !== undefined) break;
    const beginning = strategy.begin();
    if (beginning === undefined) break;
    if (!counters.begin(schedules)) continue; // a helper took the last one
    const driven = driveRun(program, strategy, beginning, engine);
    const end = driven instanceof Promise ? await driven : driven;
    const judged = judgeable(end) ? judge(end) : [];
    tally.count(strategy, end, judged instanceof Promise ? await judged : judged);
    strategy.ended?.(end);
    if (end.stopped === "search") break;
  }
  await team.end();
  const limits = [...new Set([...(program.limits?.() ?? []), ...team.limits])].sort();
  const result = tally.result(strategy, stoppedBy, team.lost, engine.steps);
  const isRefuted = program.isRefuted?.() === true || team.isRefuted;
  const coverage = { ...result.coverage, ...optional({ pairs: pairs?.list }) };
  return { ...result, coverage: isRefuted ? withoutProof(coverage) : coverage, limits };
}

/** What works together on it: this thread's strategy and its engine, those who help, what they have seen. */
function partsOf<T>(options: ExplorerOptions) {
  const { seed = 1, clock = DEFAULT_CLOCK, steps = DEFAULT_STEPS, schedules = Infinity, preemptions, faults = 0 } = options;
  const counters = new SharedCounters();
  const pairs = options.pairs ? new ChoicePairs() : undefined;
  const tally = new ExplorationLimits<T>(options, counters);
  const team = new WorkerTeam<T>({ clock, steps, schedules, saving: DEFAULT_SAVING, faults, ...optional({ pairs: options.pairs }) }, seed, counters, options.helpers, { account: (account) => tally.add(account), pairs });
  const strategy = options.strategy ?? portfolio({ seed, clock, preemptions, faults, whole: (limit) => team.share(limit) });
  const engine = { clock, steps, overtime: () => tally.late(), pairs, run: { ...options.run, arrival: clock.kind === "lazy" } };
  return { counters, pairs, tally, team, strategy, engine, schedules };
}

/** X2. */
const withoutProof = (coverage: Coverage): Coverage => (coverage.complete ? { ...coverage, complete: false, stoppedBy: CHOICES_MISSING } : coverage);

/** `stoppedBy` of what would be complete if its program had all of its choices. */
export const CHOICES_MISSING = "orders that its limits name were not tried";
