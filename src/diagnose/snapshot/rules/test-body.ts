import { causeOfWait } from "../cause-of-wait.js";
import { type SnapshotRule, weigh } from "../suspect-rule.js";

/** The goroutine with testing.tRunner below it, in a test binary that timed out: whatever it does, it is the answer. */
export const testBody: SnapshotRule = {
  code: "test-timeout",
  doc: "The goroutine of a test that was running when the test binary timed out.",
  look(group, view) {
    const body = view.tests.bodyOf(group);
    if (!body) return undefined;
    const { confidence, evidence } = weigh(group, view);
    if (group.kind !== "running") return { cause: causeOfWait(group), confidence, evidence, ...(group.kind === "syscall" || group.kind === "sleep" || group.kind === "other" ? { what: "the test that timed out is here" } : {}) };
    return { cause: "loop-without-exit", what: "the test that timed out is running here", confidence: "medium", evidence: ["it is running, not blocked: a loop, or work that takes longer than the limit", ...evidence] };
  },
};
