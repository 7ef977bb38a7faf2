import { actorsOf, type Choice } from "../model/run/choice.js";
import type { Schedule } from "../model/run/schedule.js";

/** How often it changes from one goroutine to another. Two that meet may both go on afterwards; the clock is a change. */
export function switchesOf(schedule: Schedule): number {
  let switches = 0;
  for (let i = 1; i < schedule.length; i++) if (!sameActors(schedule[i - 1]!, schedule[i]!)) switches++;
  return switches;
}

export function sameActors(a: Choice, b: Choice): boolean {
  if (a.kind === "clock" || b.kind === "clock") return a.kind === b.kind;
  const actors = actorsOf(a);
  return actorsOf(b).some((name) => actors.includes(name));
}
