import { causeOfWait } from "../cause-of-wait.js";
import { type SnapshotRule, weigh } from "../suspect-rule.js";

/** All that a leak checker lists has been left over by the test: that is its message. */
export const leftOver: SnapshotRule = {
  code: "left-over",
  doc: "Goroutines that goleak or a checker like it lists.",
  look(group, view) {
    if (view.snapshot.ending?.kind !== "leak-check") return undefined;
    const { confidence, evidence } = weigh(group, view);
    return { cause: causeOfWait(group), confidence, evidence, ...(group.kind === "running" || group.kind === "sleep" || group.kind === "syscall" || group.kind === "unknown" || group.kind === "other" ? { what: "left over when the test ended" } : {}) };
  },
};
