import { actorsOf, type Choice } from "../model/choice.js";
import type { Program } from "../model/program.js";
import type { Schedule } from "../model/schedule.js";
import { driveRun } from "./engine.js";
import { DEFAULT_STEPS } from "./explorer.js";
import { DEFAULT_CLOCK, type ClockPolicy } from "./gate.js";
import { replay } from "./replay.js";
import type { RunEnd } from "./search.js";
import { FROM_THE_START } from "./search.js";
import { Guided } from "./strategies/guided.js";

export interface ShrinkOptions {
  /** Runs to spend. Default 200. */
  readonly tries?: number;
  /** Steps to spend, all runs together: what keeps a run of 20,000 steps from taking minutes. Default 400,000. */
  readonly effort?: number;
  readonly clock?: ClockPolicy;
  readonly steps?: number;
}

export interface Shrunk {
  readonly schedule: Schedule;
  /** How often it changes from one goroutine to another. */
  readonly switches: number;
  /** The run of the final replay, standing at its end. */
  readonly end: RunEnd;
  readonly tries: number;
}

/**
 * A schedule for people: the fewest context switches, then the fewest steps, that still do what `shows` asks for
 * (leaks at the same place, panics with the same words). Greedy: cuts the tail, leaves out and merges stretches of one
 * goroutine, until nothing helps or the tries are spent; a local optimum, not always the shortest there is.
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
  for (const candidate of [shrinker.best, schedule]) {
    const end = await replay(program, candidate);
    if (end.outcome === undefined || !(await shows(end))) continue;
    return { schedule: end.schedule, switches: switchesOf(end.schedule), end, tries: shrinker.tries };
  }
  return undefined;
}

/** How often it changes from one goroutine to another. Two that meet may both go on afterwards; the clock is a change. */
export function switchesOf(schedule: Schedule): number {
  let switches = 0;
  for (let i = 1; i < schedule.length; i++) if (!sameActors(schedule[i - 1]!, schedule[i]!)) switches++;
  return switches;
}

function sameActors(a: Choice, b: Choice): boolean {
  if (a.kind === "clock" || b.kind === "clock") return a.kind === b.kind;
  const actors = actorsOf(a);
  return actorsOf(b).some((name) => actors.includes(name));
}

class Shrinker {
  best: Schedule;
  tries = 0;
  readonly #program: Program;
  readonly #shows: (end: RunEnd) => boolean | Promise<boolean>;
  readonly #max: number;
  #effort: number;
  readonly #engine: { readonly clock: ClockPolicy; readonly steps: number };
  #cost: number;

  constructor(program: Program, schedule: Schedule, shows: (end: RunEnd) => boolean | Promise<boolean>, options: ShrinkOptions) {
    this.#program = program;
    this.#shows = shows;
    this.best = schedule;
    this.#cost = costOf(schedule);
    this.#max = options.tries ?? 200;
    this.#effort = options.effort ?? 400_000;
    this.#engine = { clock: options.clock ?? DEFAULT_CLOCK, steps: options.steps ?? DEFAULT_STEPS };
  }

  async work(): Promise<void> {
    await this.#cutTail();
    while (!this.#spent() && ((await this.#each(leaveOut)) || (await this.#each(merge)))) {
      // each success starts over: what did not help before may help now
    }
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

  #spent(): boolean {
    return this.tries >= this.#max || this.#effort <= 0;
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
    const end = await driveRun(this.#program, new Guided(wishes), FROM_THE_START, this.#engine);
    this.#effort -= end.schedule.length;
    const cost = costOf(end.schedule);
    if (end.outcome === undefined || (!enough && cost >= this.#cost) || !(await this.#shows(end))) return false;
    if (cost >= this.#cost) return enough;
    this.best = end.schedule.slice();
    this.#cost = cost;
    return true;
  }
}

const costOf = (schedule: Schedule): number => switchesOf(schedule) * 1_000_000 + schedule.length;

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
