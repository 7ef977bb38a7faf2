import { sameChoice, type Choice } from "../../model/choice.js";
import { dependent } from "./dependence.js";
import type { Event, Proc } from "./happens-before.js";
import type { Touch } from "./object-access.js";

/** A choice whose runs were all explored, and what its step does: known from the sibling where it was taken. */
export interface Sleeper {
  readonly choice: Choice;
  readonly procs: readonly Proc[];
  readonly touches: readonly Touch[];
}

/** Who goes on sleeping after `event`: the sleepers whose step it does not depend on. */
export function asleepAfter(sleep: readonly Sleeper[], explored: readonly Sleeper[], event: Event): readonly Sleeper[] {
  if (sleep.length === 0 && explored.length === 0) return sleep;
  const still: Sleeper[] = [];
  for (const s of sleep) if (!dependentSteps(s, event)) still.push(s);
  for (const s of explored) if (!dependentSteps(s, event)) still.push(s);
  return still;
}

export const isAsleep = (choice: Choice, sleep: readonly Sleeper[]): boolean =>
  sleep.some((s) => sameChoice(s.choice, choice));

/** Do two steps that are possible in one state depend on each other? They do if somebody moves in both. */
export function dependentSteps(a: Omit<Sleeper, "choice">, b: Omit<Sleeper, "choice">): boolean {
  for (const p of a.procs) if (b.procs.includes(p)) return true;
  for (const mine of a.touches) {
    for (const theirs of b.touches) if (mine.object === theirs.object && dependent(mine, theirs)) return true;
  }
  return false;
}
