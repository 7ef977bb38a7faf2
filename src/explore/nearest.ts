import { sameChoice, type Choice } from "../model/run/choice.js";
import type { Pending, Program } from "../model/run/program.js";
import type { Schedule } from "../model/run/schedule.js";
import { allAlternatives } from "./alternatives.js";
import { driveRun } from "./engine.js";
import type { ClockPolicy } from "./fairness.js";
import { replay } from "./replay-schedule.js";
import { OneRun } from "./strategies/one-run.js";
import { FROM_THE_START, type RunEnd } from "./strategy.js";

interface NearestOptions {
  /** Which moves of the clock may be taken where the two part. */
  readonly clock: ClockPolicy;
  /** Runs to spend. Default 200. */
  readonly tries?: number;
  /** Steps to spend, all runs together. Default 200,000. */
  readonly effort?: number;
  /** Asked before each run: true ends the search. */
  readonly enough?: () => boolean;
}

/**
 * Of the runs that differ from a schedule by one choice, and go on naturally behind it, the one that goes the same way
 * for longest and of which `shows` is true. What decided between two endings is then the choice at which they part.
 *
 * N1. The result was run, and `shows` was true of that run. Undefined: no such run was met within the tries.
 * N2. Only the schedule decides what is tried, and in which order: the last choice first.
 */
export async function nearest(
  program: Program,
  schedule: Schedule,
  shows: (end: RunEnd) => boolean | Promise<boolean>,
  { clock, tries = 200, effort = 200_000, enough = () => false }: NearestOptions,
): Promise<Schedule | undefined> {
  const along = new Along(schedule);
  await driveRun(program, along, FROM_THE_START, { clock, steps: schedule.length + 1 });
  let left = effort;
  let runs = 0;
  for (let at = Math.min(schedule.length, along.others.length) - 1; at >= 0; at--) {
    for (const other of along.others[at]!) {
      if (runs++ >= tries || left <= 0 || enough()) return undefined;
      const end = await replay(program, [...schedule.slice(0, at), other]);
      left -= end.schedule.length;
      if (typeof end.stopped !== "object" && end.outcome !== undefined && (await shows(end))) return end.schedule.slice();
    }
  }
  return undefined;
}

/** Takes a schedule's choices one by one, and notes what else could have been chosen at each. */
class Along extends OneRun {
  readonly name = "along";
  readonly others: (readonly Choice[])[] = [];
  readonly #schedule: Schedule;

  constructor(schedule: Schedule) {
    super();
    this.#schedule = schedule;
  }

  next(pending: readonly Pending[]): Choice | "stop-run" {
    const own = this.#schedule[this.others.length];
    const all = allAlternatives(pending);
    if (own === undefined || !all.some((one) => sameChoice(one, own))) return "stop-run";
    this.others.push(all.filter((one) => !sameChoice(one, own)));
    return own;
  }
}
