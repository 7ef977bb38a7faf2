import { cycleFrom, type LockHold } from "../lock-ownership.js";
import type { Rule } from "../rule.js";
import { placeOf, nameOf } from "../run-index.js";

export const recursiveLock: Rule = {
  code: "recursive-lock",
  doc: "It waits for a lock that it holds itself; directly, or by a writer that waits for its read lock.",
  run(goroutine, index) {
    const cycle = goroutine.name === undefined ? undefined : cycleFrom(index, goroutine.name);
    const first = cycle?.[0];
    if (!cycle || !first || cycle.some(({ lock }) => lock !== first.lock)) return undefined;
    if (first.hold.mode === "inside") {
      const { goroutine: name, act, step } = first.hold;
      return cycle.length > 1 ? undefined : [`${nameOf(index, name)} itself entered this Once at ${placeOf(act)} (step ${step}) and is still inside: its function waits for its own end`];
    }
    if (first.hold.mode === "places") {
      return cycle.map(({ waits, hold }) => `${nameOf(index, waits)} waits for the semaphore, of which ${hold.goroutine === waits ? "it itself" : nameOf(index, hold.goroutine)} acquired ${hold.places} at ${placeOf(hold.act)} (step ${hold.step}) and has not released ${hold.places === 1 ? "it" : "them"}`);
    }
    return cycle.map(({ waits, hold }) =>
      hold.goroutine === waits
        ? `${nameOf(index, waits)} itself ${taken(hold.mode)} this lock at ${placeOf(hold.act)} (step ${hold.step}) and has not released it; Go's locks are not re-entrant`
        : `${nameOf(index, waits)} waits for ${nameOf(index, hold.goroutine)}, which ${taken(hold.mode)} the same lock at ${placeOf(hold.act)} (step ${hold.step})`,
    );
  },
};

const taken = (mode: LockHold["mode"]): string =>
  mode === "exclusive" ? "took" : mode === "shared" ? "took a read lock on" : "waits to write-lock";
