import { goChoice, type Choice } from "../model/run/choice.js";
import type { Program } from "../model/run/program.js";
import type { Schedule } from "../model/run/schedule.js";
import { driveRun } from "./engine.js";
import { DEFAULT_STEPS } from "../model/run/limits.js";
import { DEFAULT_CLOCK, type ClockPolicy } from "./fairness.js";
import { replay } from "./replay-schedule.js";
import type { RunEnd } from "./strategy.js";
import { FROM_THE_START } from "./strategy.js";
import { FewestSwitches } from "./strategies/fewest-switches.js";
import { BestEffortReplay } from "./strategies/guided.js";
import { sameActors, switchesOf } from "./switches.js";

interface ShrinkOptions {
  /** Runs to spend. Default 200. */
  readonly tries?: number;
  /** Steps to spend, all runs together: what keeps a run of 20,000 steps from taking minutes. Default 400,000. */
  readonly effort?: number;
  readonly clock?: ClockPolicy;
  readonly steps?: number;
  /** Asked now and then: true ends it, with the shortest so far. */
  readonly enough?: () => boolean;
  /** How many things may go wrong in the given schedule. Default 0. */
  readonly faults?: number;
  /** Runs to spend on a proof that there is nothing with fewer switches, or on finding it. Default 200. */
  readonly proof?: number;
}

export interface Shrunk {
  readonly schedule: Schedule;
  /** How often it changes from one goroutine to another. */
  readonly switches: number;
  /** Everything with fewer switches was tried, and does not show it. */
  readonly fewest: boolean;
  /** The run of the final replay, standing at its end. */
  readonly end: RunEnd;
  readonly tries: number;
}

/**
 * A schedule for people: the fewest context switches, then the fewest steps, that still do what `shows` asks for
 * (leaks at the same place, panics with the same words). Greedy first: cuts the tail, leaves out and merges stretches of
 * one goroutine, until nothing helps or the tries are spent, which is a local optimum. Then, where the runs are short,
 * whatever has fewer switches is tried, the fewest first.
 *
 * S1. The result was replayed, choice by choice, and `shows` was true of that replay. Undefined: not even the given
 *     schedule shows it again.
 */
export async function shrink(
  program: Program,
  schedule: Schedule,
  shows: (end: RunEnd) => boolean | Promise<boolean>,
  options: ShrinkOptions = {},
): Promise<Shrunk | undefined> {
  const shrinker = new Shrinker(program, schedule, shows, options);
  await shrinker.work();
  const fewest = await shrinker.prove();
  for (const candidate of [shrinker.best, schedule]) {
    const end = await replay(program, candidate);
    if (end.outcome === undefined || !(await shows(end))) continue;
    return { schedule: end.schedule, switches: switchesOf(end.schedule), fewest: fewest && candidate === shrinker.best, end, tries: shrinker.tries };
  }
  return undefined;
}

class Shrinker {
  best: Schedule;
  tries = 0;
  readonly #program: Program;
  readonly #shows: (end: RunEnd) => boolean | Promise<boolean>;
  readonly #max: number;
  readonly #proof: number;
  #effort: number;
  readonly #engine: { readonly clock: ClockPolicy; readonly steps: number; readonly overtime: () => boolean };
  #cost: number;
  /** How many things go wrong in the best. */
  #faults: number;

  constructor(program: Program, schedule: Schedule, shows: (end: RunEnd) => boolean | Promise<boolean>, options: ShrinkOptions) {
    this.#program = program;
    this.#shows = shows;
    this.best = schedule;
    this.#faults = options.faults ?? 0;
    this.#cost = costOf(schedule, this.#faults);
    this.#max = options.tries ?? 200;
    this.#proof = options.proof ?? 200;
    this.#effort = options.effort ?? 400_000;
    this.#engine = { clock: options.clock ?? DEFAULT_CLOCK, steps: options.steps ?? DEFAULT_STEPS, overtime: options.enough ?? (() => false) };
  }

  async work(): Promise<void> {
    await this.#cutTail();
    while (!this.#spent() && ((await this.#withoutFaults()) || (await this.#each(leaveOut)) || (await this.#each(merge)))) {
      // each success starts over: what did not help before may help now
    }
  }

  /** Tries what has fewer switches than the best, the fewest first; is there nothing left with fewer? */
  async prove(): Promise<boolean> {
    if (this.best.length > SHORT) return false;
    const search = new FewestSwitches(this.#engine.clock.kind === "lazy");
    for (let runs = 0; runs < this.#proof && !this.#engine.overtime(); runs++) {
      const beginning = search.begin();
      if (!beginning || search.bound >= switchesOf(this.best)) return true;
      this.tries++;
      const end = await driveRun(this.#program, search, beginning, this.#engine);
      if (end.outcome === undefined || wentWrong(end) > this.#faults || !(await this.#shows(end))) continue;
      this.best = end.schedule.slice();
      return true;
    }
    return false;
  }

  /** The shortest beginning after which the natural order shows it too, by halving. */
  async #cutTail(): Promise<void> {
    const whole = this.best;
    let low = 0;
    let high = whole.length;
    while (low < high && !this.#spent()) {
      const middle = (low + high) >> 1;
      if (await this.#try(whole.slice(0, middle), true)) high = middle;
      else low = middle + 1;
    }
  }

  /** Tries without each thing that goes wrong, from the last to the first. (A draw may give its first value, too.) */
  async #withoutFaults(): Promise<boolean> {
    if (this.#faults === 0) return false;
    for (let at = this.best.length - 1; at >= 0 && !this.#spent(); at--) {
      const choice = this.best[at]!;
      if (choice.kind !== "value") continue;
      const well = [...this.best.slice(0, at), goChoice(choice.goroutine), ...this.best.slice(at + 1)];
      if (await this.#try(well, false)) return true;
    }
    return false;
  }

  #spent(): boolean {
    return this.tries >= this.#max || this.#effort <= 0 || this.#engine.overtime();
  }

  /** Tries a change at each stretch, from the last to the first. True: one helped. */
  async #each(change: (stretches: readonly Schedule[], at: number) => Schedule | undefined): Promise<boolean> {
    let helped = false;
    for (let at = stretchesOf(this.best).length - 1; at >= 0 && !this.#spent(); at--) {
      const stretches = stretchesOf(this.best);
      if (at >= stretches.length) continue;
      const candidate = change(stretches, at);
      if (candidate && (await this.#try(candidate, false))) helped = true;
    }
    return helped;
  }

  /** Keeps what it leads to if that is cheaper. True if it shows what is asked for (`enough`), or became the best. */
  async #try(wishes: Schedule, enough: boolean): Promise<boolean> {
    this.tries++;
    const end = await driveRun(this.#program, new BestEffortReplay(wishes), FROM_THE_START, this.#engine);
    this.#effort -= end.schedule.length;
    const cost = costOf(end.schedule, wentWrong(end));
    if (end.outcome === undefined || (!enough && cost >= this.#cost) || !(await this.#shows(end))) return false;
    if (cost >= this.#cost) return enough;
    this.best = end.schedule.slice();
    this.#cost = cost;
    this.#faults = wentWrong(end);
    return true;
  }
}

/** Steps of a schedule whose relatives can be tried in number. */
const SHORT = 150;

const wentWrong = ({ run }: RunEnd): number => run.wentWrong?.().length ?? 0;

/** What goes wrong without need is worse than any switch. */
const costOf = (schedule: Schedule, faults: number): number => (faults * 10_000 + switchesOf(schedule)) * 1_000_000 + schedule.length;

/** Stretches in which one goroutine goes on. */
function stretchesOf(schedule: Schedule): Schedule[] {
  const stretches: Choice[][] = [];
  schedule.forEach((choice, i) => {
    if (i > 0 && sameActors(schedule[i - 1]!, choice)) stretches.at(-1)!.push(choice);
    else stretches.push([choice]);
  });
  return stretches;
}

const leaveOut = (stretches: readonly Schedule[], at: number): Schedule => stretches.filter((_, i) => i !== at).flat();

/** Moves a stretch up to the one before it in which the same goroutine goes on. */
function merge(stretches: readonly Schedule[], at: number): Schedule | undefined {
  for (let to = at - 2; to >= 0; to--) {
    if (!sameActors(stretches[to]!.at(-1)!, stretches[at]![0]!)) continue;
    return [...stretches.slice(0, to + 1), stretches[at]!, ...stretches.slice(to + 1, at), ...stretches.slice(at + 1)].flat();
  }
  return undefined;
}
