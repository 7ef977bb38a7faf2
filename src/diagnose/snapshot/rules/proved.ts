import { causeOfWait } from "../cause-of-wait.js";
import { type SnapshotRule, userFrame, weigh } from "../suspect-rule.js";

/** The runtime's own leak collection (Go 1.26, goroutineleak profile; `(leaked)` in a dump): nothing can wake them. */
export const proved: SnapshotRule = {
  code: "proved",
  doc: "Goroutines that the runtime proved unreachable, and those of a program that it stopped as deadlocked.",
  look(group, view) {
    const { ending } = view.snapshot;
    if (ending?.kind === "all-asleep" && group.kind !== "running") {
      const evidence = ["the runtime stopped the program: all its goroutines were asleep, so that none could wake another", ...weigh(group, view).evidence];
      return { cause: causeOfWait(group), confidence: "proved", evidence };
    }
    if (ending?.kind === "bubble" && userFrame(group, view) && group.goroutines.every((g) => g.bubble !== undefined)) {
      const evidence = ["the runtime ended the synctest bubble: all that was left in it was blocked, and nothing outside can wake it", ...weigh(group, view).evidence];
      return { cause: causeOfWait(group), confidence: "proved", evidence };
    }
    if (!group.leaked) return undefined;
    const evidence = [`the runtime's leak collection proves that nothing can wake ${group.count === 1 ? "it" : "them"}`, ...weigh(group, view).evidence];
    return { cause: causeOfWait(group), confidence: "proved", evidence };
  },
};
