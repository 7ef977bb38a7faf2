import { DEFAULT_CASE, type Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import type { GoRun } from "../run/go-run.js";

/** So far a scout goes: a program that runs for longer repeats itself by then. */
const STEPS = 2_000;

/**
 * One run, the first who can go on each time, or the last; polling and the clock last: to see what a program does, not
 * what may happen.
 */
export function calibrate(run: GoRun, who: "first" | "last"): void {
  for (let steps = 0; steps < STEPS && run.outcome() === undefined; steps++) {
    const pending = run.pending();
    const choice = firstOf(who === "first" ? pending : pending.toReversed());
    if (choice === undefined) return;
    run.take(choice);
  }
}

function firstOf(pending: readonly Pending[]): Choice | undefined {
  let poll: Choice | undefined;
  let clock: Choice | undefined;
  for (const { goroutine, alternatives, yielding } of pending) {
    const first = alternatives[0];
    if (first === undefined) continue;
    if (goroutine === undefined) clock = first;
    else if (yielding === true || (first.kind === "go" && first.case === DEFAULT_CASE)) poll ??= first;
    else return first;
  }
  return clock ?? poll;
}
