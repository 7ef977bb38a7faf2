import { cycleFrom } from "../lock-ownership.js";
import { at, place } from "../../../model/source/blame.js";
import type { Rule } from "../rule.js";
import { placeOf, nameOf, type RunIndex } from "../run-index.js";
import type { LockWait } from "../lock-ownership.js";

export const lockOrder: Rule = {
  code: "lock-order",
  doc: "Goroutines took several locks in different orders: each waits for one that the next holds.",
  run(goroutine, index) {
    const cycle = goroutine.name === undefined ? undefined : cycleFrom(index, goroutine.name);
    if (!cycle || new Set(cycle.map(({ lock }) => lock)).size < 2) return undefined;
    return cycle.map((wait) => link(index, wait));
  },
};

function link(index: RunIndex, { waits, hold }: LockWait): string {
  const blocked = index.goroutine(waits);
  const here = blocked ? ` at ${at(place(blocked.stack))}` : "";
  const what = hold.mode === "places" ? "a semaphore" : hold.mode === "inside" ? "the Once" : "a lock";
  return `${nameOf(index, waits)} waits${here} for ${what} that ${nameOf(index, hold.goroutine)} ${hold.mode === "inside" ? "entered" : "took"} at ${placeOf(hold.act)} (step ${hold.step})`;
}
