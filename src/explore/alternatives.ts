import type { Choice } from "../model/run/choice.js";
import type { Pending } from "../model/run/program.js";

/** Every alternative of a state once: a `meet`, which both its goroutines list, only where its sender lists it. */
export function allAlternatives(pending: readonly Pending[]): Choice[] {
  const all: Choice[] = [];
  for (const p of pending) {
    for (const choice of p.alternatives) {
      if (choice.kind !== "meet" || choice.sender === p.goroutine) all.push(choice);
    }
  }
  return all;
}
