import { heirs, waits } from "../lock-ownership.js";
import type { Rule } from "../rule.js";
import { placeOf, stateWords, nameOf } from "../run-index.js";

export const mutexNeverUnlocked: Rule = {
  code: "mutex-never-unlocked",
  doc: "The goroutine that holds the lock ended, or is blocked itself, without unlocking.",
  run(goroutine, index) {
    if (goroutine.name === undefined) return undefined;
    const found = waits(index, goroutine.name).filter(({ hold }) => hold.mode !== "inside" && !(hold.mode === "places" && hold.goroutine === goroutine.name && heirs(index, hold).length > 0));
    if (found.length === 0) return undefined;
    return found.map(({ hold }) => {
      if (hold.mode === "places") return `${nameOf(index, hold.goroutine)} acquired ${hold.places} of the semaphore at ${placeOf(hold.act)} (step ${hold.step}), has not released ${hold.places === 1 ? "it" : "them"}, and ${stateWords(index, hold.goroutine)}`;
      const did = hold.mode === "shared" ? "took a read lock" : hold.mode === "announced" ? "waits to write-lock it" : "took the lock";
      const what = hold.mode === "announced" ? "which keeps new readers out" : "never unlocked it";
      return `${nameOf(index, hold.goroutine)} ${did} at ${placeOf(hold.act)} (step ${hold.step}), ${what}, and ${stateWords(index, hold.goroutine)}`;
    });
  },
};
