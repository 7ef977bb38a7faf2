import { waits } from "../lock-ownership.js";
import type { Rule } from "../rule.js";
import { placeOf, stateWords, nameOf } from "../run-index.js";

export const mutexNeverUnlocked: Rule = {
  code: "mutex-never-unlocked",
  doc: "The goroutine that holds the lock ended, or is blocked itself, without unlocking.",
  run(goroutine, scene) {
    if (goroutine.name === undefined) return undefined;
    const found = waits(scene, goroutine.name).filter(({ hold }) => hold.mode !== "inside");
    if (found.length === 0) return undefined;
    return found.map(({ hold }) => {
      const did = hold.mode === "shared" ? "took a read lock" : hold.mode === "announced" ? "waits to write-lock it" : "took the lock";
      const what = hold.mode === "announced" ? "which keeps new readers out" : "never unlocked it";
      return `${nameOf(scene, hold.goroutine)} ${did} at ${placeOf(hold.act)} (step ${hold.step}), ${what}, and ${stateWords(scene, hold.goroutine)}`;
    });
  },
};
