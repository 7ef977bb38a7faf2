import { sameChoice, type Choice } from "../../model/run/choice.js";
import { dependent } from "./dependence.js";
import type { StepEvent, ThreadId } from "./happens-before.js";
import type { DependencyAccess } from "./object-access.js";

/** A choice whose runs were all explored, and what its step does: known from the sibling where it was taken. */
export interface SleepSetEntry {
  readonly choice: Choice;
  readonly procs: readonly ThreadId[];
  readonly touches: readonly DependencyAccess[];
}

/** Who goes on sleeping after `event`: the sleepers whose step it does not depend on. */
export function asleepAfter(sleep: readonly SleepSetEntry[], explored: readonly SleepSetEntry[], event: StepEvent): readonly SleepSetEntry[] {
  if (sleep.length === 0 && explored.length === 0) return sleep;
  const still: SleepSetEntry[] = [];
  for (const s of sleep) if (!dependentSteps(s, event)) still.push(s);
  for (const s of explored) if (!dependentSteps(s, event)) still.push(s);
  return still;
}

export const isAsleep = (choice: Choice, sleep: readonly SleepSetEntry[]): boolean =>
  sleep.some((s) => sameChoice(s.choice, choice));

/** Do two steps that are possible in one state depend on each other? They do if a goroutine moves in both. */
function dependentSteps(a: Omit<SleepSetEntry, "choice">, b: Omit<SleepSetEntry, "choice">): boolean {
  for (const p of a.procs) if (b.procs.includes(p)) return true;
  for (const mine of a.touches) {
    for (const theirs of b.touches) if (mine.object === theirs.object && dependent(mine, theirs)) return true;
  }
  return false;
}
