import { actorsOf, formatChoice, sameChoice, type Choice } from "../model/run/choice.js";
import type { Outcome } from "../model/run/outcome.js";
import { Divergence, type Pending } from "../model/run/program.js";

/**
 * The alternative that a choice names: it is listed by each goroutine that acts in it, and the clock's is the last of all.
 * `entry`: of the first who acts, where the host knows it without looking for it.
 */
export function alternativeFor(choice: Choice, pending: () => readonly Pending[], step: number, entry = entryOf(choice, pending())): Choice {
  for (const one of entry?.alternatives ?? []) if (sameChoice(one, choice)) return one;
  const possible = pending().flatMap(({ alternatives }) => alternatives.map(formatChoice));
  throw new Divergence(step, formatChoice(choice), `possible are ${[...new Set(possible)].slice(0, 8).join(" ") || "none"}`);
}

/** A schedule that goes on where its run has ended. */
export function refuseAfterEnd(choice: Choice, outcome: Outcome | undefined, step: number): void {
  if (outcome !== undefined) throw new Divergence(step, formatChoice(choice), `the run is over (${outcome.kind})`);
}

function entryOf(choice: Choice, pending: readonly Pending[]): Pending | undefined {
  const actor = actorsOf(choice)[0];
  for (let i = pending.length - 1; i >= 0; i--) if (pending[i]!.goroutine === actor) return pending[i];
  return undefined;
}
