import { formatChoice } from "../model/run/choice.js";
import type { Schedule } from "../model/run/schedule.js";

/** Shorter first, then by the printed choices: which of several schedules is kept does not depend on who found it. */
export function compareSchedules(a: Schedule, b: Schedule): number {
  if (a.length !== b.length) return a.length - b.length;
  for (let i = 0; i < a.length; i++) {
    const mine = formatChoice(a[i]!);
    const theirs = formatChoice(b[i]!);
    if (mine !== theirs) return mine < theirs ? -1 : 1;
  }
  return 0;
}
