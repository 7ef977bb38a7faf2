import type { Choice } from "../model/run/choice.js";
import type { OpKind } from "../model/run/operation.js";
import type { Outcome } from "../model/run/outcome.js";
import { Divergence, type GoesOn, type Pending, type Program, type Run, type RunOptions } from "../model/run/program.js";
import { AbleIndex } from "./able-index.js";
import type { ChoicePairs } from "./choice-pairs.js";
import { FairnessFilter, type ClockPolicy } from "./fairness.js";
import type { Beginning, RunEnd, Strategy } from "./strategy.js";

export interface EngineOptions {
  readonly clock: ClockPolicy;
  /** A run is given up after so many steps. */
  readonly steps: number;
  readonly run?: RunOptions;
  /** Asked now and then: true gives the run up, for there is no more time. */
  readonly overtime?: () => boolean;
  /** Where somebody wants to know how much of what could be chosen was. */
  readonly pairs?: ChoicePairs | undefined;
}

/** So many steps between two questions about overtime: a step may take a tenth of a second where hundreds send to as many that receive. */
const ASK = 16;

/**
 * One run: drives a program with a strategy and records the schedule.
 *
 * Hosts that need microtasks return promises from `start` and `take`; for all others the whole run is one synchronous
 * call, and waiting costs nothing.
 *
 * E1. `schedule` holds exactly the choices that were taken, those of the prefix included.
 * E2. The strategy is asked only where there is an alternative, and may answer only with one that it was shown.
 */
export function driveRun(
  program: Program,
  strategy: Strategy,
  beginning: Beginning,
  options: EngineOptions,
): RunEnd | Promise<RunEnd> {
  const saved = beginning.saved;
  if (saved) return new Drive(saved.checkpoint.restore(), strategy, beginning, options).go();
  const steps = beginning.steps ?? options.steps;
  const run = program.start({ ...options.run, steps, ...(options.overtime === undefined ? {} : { overtime: options.overtime }) });
  if (run instanceof Promise) return run.then((started) => new Drive(started, strategy, beginning, options).go());
  return new Drive(run, strategy, beginning, options).go();
}

const STUCK = "unpark: no goroutine can go on, but the host says that the run is not over; this is a bug in unpark";

class Drive {
  readonly #run: Run;
  /** The one that chooses in this run; what it asks for is asked once. */
  readonly #strategy: Strategy;
  readonly #keepsOwnFairness: boolean;
  readonly #looksAtAbleOnly: boolean;
  readonly #looksAtChanges: boolean;
  readonly #choosesAmong: boolean;
  readonly #prefix: readonly Choice[];
  readonly #schedule: Choice[];
  readonly #saveAt: number | undefined;
  readonly #steps: number;
  readonly #overtime: () => boolean;
  readonly #fairness: FairnessFilter;
  /** The state of fairness after the prefix is known. */
  readonly #counted: boolean;
  readonly #goesOn: GoesOn | undefined;
  readonly #pairs: ChoicePairs | undefined;
  #index: AbleIndex | undefined;
  #chosen: Choice | undefined;
  /** After so many steps overtime was asked about. */
  #asked = 0;
  #end: RunEnd | undefined;

  constructor(run: Run, strategy: Strategy, beginning: Beginning, options: EngineOptions) {
    this.#run = run;
    const present = strategy.present?.() ?? strategy;
    this.#strategy = present;
    this.#keepsOwnFairness = present.keepsOwnFairness === true;
    this.#looksAtAbleOnly = present.looksAtAbleOnly === true && options.pairs === undefined;
    this.#looksAtChanges = present.looksAtChanges === true;
    this.#choosesAmong = present.choosesAmong === true && options.pairs === undefined;
    this.#prefix = beginning.prefix;
    this.#saveAt = beginning.saveAt;
    this.#schedule = beginning.prefix.slice(0, beginning.saved?.depth ?? 0);
    this.#steps = beginning.steps ?? options.steps;
    this.#overtime = options.overtime ?? (() => false);
    this.#fairness = new FairnessFilter(options.clock);
    if (beginning.fairness) this.#fairness.state = beginning.fairness;
    this.#counted = beginning.fairness !== undefined;
    this.#pairs = options.pairs;
    this.#goesOn = present.goesOn && options.pairs === undefined ? (op, yielding, unasked) => this.#choosesAgain(op, yielding, unasked) : undefined;
  }

  go(): RunEnd | Promise<RunEnd> {
    try {
      while (!this.#end) {
        const waiting = this.#step();
        if (waiting) return this.#goOn(waiting);
        this.#stepped();
      }
      return this.#end;
    } catch (error) {
      return this.#diverged(error);
    }
  }

  async #goOn(first: Promise<void>): Promise<RunEnd> {
    try {
      await first;
      this.#stepped();
      while (!this.#end) {
        const waiting = this.#step();
        if (waiting) await waiting;
        this.#stepped();
      }
      return this.#end;
    } catch (error) {
      return this.#diverged(error);
    }
  }

  /** Chooses and takes; or sets the end. */
  #step(): Promise<void> | undefined {
    const taken = this.#schedule.length;
    if (taken < this.#prefix.length) return this.#stepOfPrefix(taken);
    const outcome = this.#run.outcome();
    if (outcome) return this.#finish(outcome, this.#run.pending());
    if (taken >= this.#steps || this.#isOvertime(taken)) return this.#finish(undefined, this.#permitted(this.#run.pending()), "steps");
    const answer = this.#askAmong() ?? this.#ask();
    if (answer === "stop-run" || answer === "stop") return this.#stop(answer);
    this.#fairness.chose(answer);
    this.#index?.chose(answer);
    this.#chosen = answer;
    this.#schedule.push(answer);
    return this.#run.take(answer, this.#goesOn) ?? undefined;
  }

  #ask(): Choice | "stop-run" | "stop" {
    const shown = this.#shown();
    if (this.#index === undefined && this.#choosesAmong && AbleIndex.helps(this.#run, shown)) this.#index = new AbleIndex();
    const pending = this.#permitted(shown);
    const changed = this.#looksAtChanges ? this.#run.takeChanged?.() : undefined;
    const answer = this.#strategy.next(pending, this.#schedule, this.#fairness.state, changed);
    if (answer === "stop-run" || answer === "stop") return answer;
    this.#pairs?.see(pending, answer);
    if (this.#keepsOwnFairness && answer.kind === "clock") this.#fairness.see(pending); // it counts nothing else
    return answer;
  }

  /** Where many can go on, of a strategy that need not look at each of them. */
  #askAmong(): Choice | "stop-run" | undefined {
    if (this.#index?.follow(this.#run) !== true) return undefined;
    this.#fairness.permitAmong(this.#index);
    return this.#strategy.nextAmong!(this.#index);
  }

  #stop(answer: "stop-run" | "stop"): undefined {
    const pending = this.#permitted(this.#run.pending());
    if (answer === "stop") return this.#finish(undefined, pending, "search");
    if (pending.every((p) => p.alternatives.length === 0)) throw new Error(STUCK);
    return this.#finish(undefined, pending, "strategy");
  }

  #stepOfPrefix(taken: number): Promise<void> | undefined {
    const choice = this.#prefix[taken]!;
    if (taken === this.#saveAt) this.#strategy.onPrefixState?.(this.#run, taken);
    if (taken === this.#prefix.length - 1) this.#pairs?.see(this.#run.pending(), choice); // the others were taken in runs before
    if (choice.kind === "clock" && !this.#counted) this.#fairness.passClockMove(this.#run.pending());
    this.#schedule.push(choice);
    return this.#run.take(choice) ?? undefined;
  }

  /** E1 and E2 for a step that the host takes at once. */
  #choosesAgain(op: OpKind, yielding: boolean, unasked: number): Choice | undefined {
    const choice = this.#schedule.length >= this.#steps ? undefined : this.#strategy.goesOn!(op, yielding, unasked);
    if (choice !== undefined) this.#schedule.push(choice);
    return choice;
  }

  #shown(): readonly Pending[] {
    return (this.#looksAtAbleOnly ? this.#run.able?.() : undefined) ?? this.#run.pending();
  }

  #permitted(pending: readonly Pending[]): readonly Pending[] {
    return this.#keepsOwnFairness ? pending : this.#fairness.permit(pending);
  }

  #isOvertime(taken: number): boolean {
    if (taken - this.#asked < ASK) return false;
    this.#asked = taken;
    return this.#overtime();
  }

  #stepped(): void {
    if (this.#chosen === undefined) return;
    const choice = this.#chosen;
    this.#chosen = undefined;
    this.#strategy.stepped?.(this.#run, choice);
  }

  #finish(outcome: Outcome | undefined, pending: readonly Pending[], stopped?: "steps" | "strategy" | "search"): undefined {
    this.#end = { run: this.#run, schedule: this.#schedule, outcome, pending, bounds: this.#fairness.bounds(), longestStall: this.#fairness.longestStall, stalls: this.#fairness.stalls + (this.#run.overtaken ?? 0) + (outcome?.kind === "panic" && this.#run.skippedTime?.() === true ? 1 : 0), ...(stopped ? { stopped } : {}) };
    return undefined;
  }

  #diverged(error: unknown): RunEnd {
    if (!(error instanceof Divergence)) throw error;
    this.#schedule.pop(); // E1: the choice that was refused was not taken
    const outcome = this.#run.outcome();
    if (outcome?.kind === "horizon" && outcome.limit === "budget") return { run: this.#run, schedule: this.#schedule, outcome, pending: [], bounds: this.#fairness.bounds(), stalls: 0, longestStall: 0 }; // in a prefix that takes long
    return { run: this.#run, schedule: this.#schedule, outcome: undefined, pending: [], bounds: [], stalls: 0, longestStall: 0, stopped: { diverged: error } };
  }
}
