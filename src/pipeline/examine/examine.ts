import { optional } from "../../base/optional.js";
import type { Result } from "../../base/result.js";
import { systemWallClock, type WallClock } from "../../base/wall-clock.js";
import type { Exploration } from "../../explore/exploration.js";
import { explore } from "../../explore/explorer.js";
import type { Strategy } from "../../explore/strategy.js";
import { strategyNamed } from "../../explore/strategies/registry.js";
import { replay } from "../../explore/replay-schedule.js";
import { DEFAULT_STEPS } from "../../model/run/limits.js";
import type { DataRace } from "../../model/finding/data-race.js";
import type { Finding } from "../../model/finding/finding.js";
import { TIMED_OUT, type Coverage, type Examination } from "../../model/results/examination.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Program } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import { LOOKED_AT, raceWords, withRaces } from "./data-races.js";
import type { ExamineOptions } from "./examine-options.js";
import type { FindingClassifier } from "./finding-classifier.js";
import { FindingExplainer } from "./finding-explainer.js";
import { goStatementsOf } from "./go-statements.js";
import { missingIn } from "./missing-capabilities.js";
import { naturalRun } from "./natural-run.js";
import { NEVER_ENDS, outcomeWord } from "./outcome-word.js";
import { runLimits } from "./run-limits.js";
import { computesOn, isSplit, mayHaveMore, splitAfter, splitCoverage } from "./splitting.js";
import { TracedReplayer, type TracedRun } from "./traced-replayer.js";
import { twoPasses } from "./two-passes.js";

/**
 * One program, from its natural schedule to what is to be said about it.
 *
 * E1. The natural schedule is run first, and only its output is shown.
 * E4. All of it ends within the budget and a fifth of it: shrinking and looking for contrasts end with the budget, the
 *     replays of what was found by then a little later.
 * E5. An exploration in which a data race was seen is not complete.
 *
 * What is reported of what was found: E2, E3 (finding-explainer.ts).
 */
export async function examine(program: Program, options: ExamineOptions): Promise<Examination> {
  return new Examiner(program, options).examine();
}

class Examiner {
  readonly #program: Program;
  readonly #options: ExamineOptions;
  readonly #replayer: TracedReplayer;
  readonly #explainer: FindingExplainer;
  readonly #limits: string[] = [];
  /** The first schedules that were tried. */
  readonly #tried: Schedule[] = [];
  readonly #wall: WallClock;
  readonly #began: number;

  constructor(program: Program, options: ExamineOptions) {
    this.#program = program;
    this.#options = options;
    this.#wall = options.wall ?? systemWallClock;
    this.#began = this.#wall.now();
    this.#replayer = new TracedReplayer(program, options, () => this.#isOver());
    this.#explainer = new FindingExplainer(program, options, { replayer: this.#replayer, isLate: () => this.#isLate(), isOver: () => this.#isOver() });
  }

  /** E4. The budget is spent; short programs are run whatever it is. */
  #isLate(): boolean {
    return this.#options.signal?.aborted === true || this.#wall.now() - this.#began >= this.#options.settings.budget + GRACE.run;
  }

  /** E4. There is no time for replays any more, either. */
  #isOver(): boolean {
    const { signal, settings } = this.#options;
    return signal?.aborted === true || this.#wall.now() - this.#began >= settings.budget + Math.max(GRACE.replays, REPLAYING * settings.budget);
  }

  async examine(): Promise<Examination> {
    const replayed = await this.#natural();
    const base = { name: this.#program.name, package: this.#options.package };
    if (!replayed.ok) return { ...base, outcome: "unsupported", findings: [], limits: [replayed.error], coverage: NOTHING_TRIED };
    const natural = replayed.value;
    const { outcome, output } = natural;
    const judge = this.#replayer.judge(outcome);
    const took = this.#wall.now() - this.#began;
    const subtests = await this.#subtests(natural);
    const splits = this.#splits(natural, subtests, took);
    const whole = splits === "at-once" ? NOT_WHOLE : await this.#explore(judge, outcome, Math.min(this.#left(took), splits === "never" ? Infinity : splits));
    const isInParts = splits !== "never" && isSplit(whole.coverage);
    const exploration = { ...whole, coverage: isInParts ? splitCoverage(whole.coverage) : withRaces(whole.coverage, await this.#races(natural, whole.coverage)) };
    const explored = this.#wall.now();
    const { findings, notShown } = await this.#explainer.explain(exploration, natural, judge);
    this.#limits.push(...notShown, ...runLimits(natural, this.#options), ...exploration.limits, ...(exploration.diverged ? [exploration.diverged.message] : []));
    // The natural run is one of the schedules, and takes its time, where there was none for another.
    const { faults = 0 } = this.#options.settings;
    const bounds = [...exploration.coverage.bounds, ...(faults > 0 ? [`at most ${faults} fault${faults === 1 ? "" : "s"} in one run`] : [])];
    const coverage = { ...(this.#options.test === undefined ? exploration.coverage : ofEndless(exploration.coverage, outcomeWord(outcome, this.#options.test))), bounds, schedules: Math.max(1, exploration.coverage.schedules), milliseconds: Math.round(explored - this.#began) };
    return { ...base, outcome: outcomeWord(outcome, this.#options.test), output, findings, limits: this.#limits, coverage, ...optional({ goStatements: goStatementsOf(natural.trace), stubs: natural.trace.stubs }), ...(isInParts ? { subtests } : {}) };
  }

  /** Its subtests by name, those that the natural run did not come to as well. */
  async #subtests({ outcome }: TracedRun): Promise<readonly string[]> {
    const { subtests } = this.#options;
    if (subtests === undefined) return [];
    const seen = subtests.seen();
    if (!mayHaveMore(outcome) || computesOn(outcome, seen.length)) return seen;
    const listed = await replay(subtests.list, [], { steps: LISTING_STEPS, natural: true }, () => this.#options.signal?.aborted === true || this.#wall.now() - this.#began >= LISTING * this.#options.settings.budget);
    return typeof listed.stopped === "object" ? seen : [...new Set([...subtests.seen(), ...seen])];
  }

  #splits({ outcome, schedule, output, trace }: TracedRun, subtests: readonly string[], milliseconds: number): ReturnType<typeof splitAfter> {
    const { settings, subtests: source } = this.#options;
    const split = { isFuzz: source?.isFuzz === true, subtests, budget: settings.budget, ...optional({ schedules: settings.schedules }) };
    return splitAfter(split, { outcome, steps: schedule.length, milliseconds, lacks: missingIn(outcomeWord(outcome, this.#options.test), output, trace.stubs) !== undefined }, DEFAULT_STEPS);
  }

  #natural(): Promise<Result<TracedRun, string>> {
    const { settings, output, isFastUntraced } = this.#options;
    const { budget, natural = budget, pictures, timeout } = settings;
    const late = (): boolean => this.#options.signal?.aborted === true || this.#wall.now() - this.#began >= natural + GRACE.run;
    return naturalRun(this.#replayer, optional({ output, isFastUntraced, pictures, timeout }), late);
  }

  /** What is left for exploring after a natural run of so many milliseconds: each finding takes a few such runs more. */
  #left(natural: number): number {
    const { budget } = this.#options.settings;
    return Math.max(0, budget - natural - Math.min(budget / 4, REPLAYS * natural));
  }

  #explore(judge: FindingClassifier, natural: Outcome, time: number): Promise<Exploration<Finding>> {
    const { settings, thorough } = this.#options;
    if (thorough === undefined || settings.preemptions !== undefined || settings.strategy !== undefined) return this.#pass(this.#program, time, judge, natural);
    return twoPasses(time, (which, budget) => (which === "quick" ? this.#pass(this.#program, budget, judge, natural) : this.#pass(thorough, budget, judge, natural, Infinity)));
  }

  #pass(program: Program, budget: number, judge: FindingClassifier, natural: Outcome, preemptions = this.#options.settings.preemptions): Promise<Exploration<Finding>> {
    const { settings, progress, signal, helpers, wall } = this.#options;
    const { schedules, seed, clock, faults, pairs } = settings;
    return explore(
      program,
      {
        budget,
        seed,
        clock,
        ...optional({ schedules, preemptions, faults, pairs, signal, wall, strategy: this.#strategy(preemptions) }),
        ...(progress === undefined ? {} : { progress: (at) => progress({ program: this.#program.name, ...at }) }),
        ...(helpers === undefined ? {} : { helpers: { call: (join) => helpers.call(join), dismiss: () => helpers.dismiss(), context: natural } }),
      },
      (end) => {
        if (this.#tried.length < LOOKED_AT) this.#tried.push(end.schedule.slice());
        return judge.judge(end);
      },
    );
  }

  /** E5 */
  async #races({ trace, schedule }: TracedRun, { complete }: Coverage): Promise<readonly DataRace[]> {
    const { races, test } = this.#options;
    const alone = test === undefined ? 0 : 1; // a test's own goroutine
    const isKnown = trace.steps.length > 0 || schedule.length === 0;
    if (races === undefined || !complete || (isKnown && trace.lives.length <= alone)) return [];
    const found = await races([schedule, ...this.#tried], () => this.#isOver());
    this.#limits.push(...found.map(raceWords));
    return found;
  }

  /** The one that the settings name; undefined: the portfolio. */
  #strategy(preemptions: number | undefined): Strategy | undefined {
    const { strategy, seed, clock, faults } = this.#options.settings;
    if (strategy === undefined) return undefined;
    const named = strategyNamed(strategy);
    if (!named.ok) throw new RangeError(named.error); // a caller without types
    return named.value.make({ seed, clock, preemptions, faults });
  }
}

/** E4: the share of the budget that replays may take beyond it; milliseconds that a run and replays have at least. */
const REPLAYING = 0.15;
const GRACE = { run: 300, replays: 1_000 } as const;
/** Runs as long as the natural one that a finding takes: a run that shows it again, two that are traced, one to contrast it. */
const REPLAYS = 4;

/** Times the budget that finding out the subtests' names may take, set-up and all; steps of it. */
const LISTING = 2;
const LISTING_STEPS = 200_000;

/** A test that never ends has shown a part of what it does, in any schedule: nothing of it is complete. (A main that serves has no end; its limit says how it is judged.) */
const ofEndless = (coverage: Coverage, outcome: string): Coverage =>
  (outcome === NEVER_ENDS || outcome === TIMED_OUT) && coverage.complete ? { ...coverage, complete: false, stoppedBy: "it does not come to an end" } : coverage;

/** What the natural run shows is all that is known of the whole (S3). */
const NOT_WHOLE: Exploration<Finding> = { coverage: { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: 0 }, found: [], runs: 1, redundant: 0, cut: 0, limits: [] };

const NOTHING_TRIED = { schedules: 0, complete: false, bounds: [], stoppedBy: "it could not be run", depth: 0, milliseconds: 0 };
