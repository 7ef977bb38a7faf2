import { has, type SnapshotRule, startedAtOnce, userFrame, weigh } from "../suspect-rule.js";

/** Sleep loops: one is a heartbeat, many at one place are loops that nothing ends. */
export const sleepLoop: SnapshotRule = {
  code: "sleep-loop",
  doc: "Many goroutines asleep at one place of the user's: loops without an exit.",
  look(group, view) {
    if (group.kind !== "sleep" || group.count < view.many || !userFrame(group, view)) return undefined;
    // As many as one call started, one after the other, are workers that poll; handlers are as many as clients.
    return { cause: "loop-without-exit", confidence: startedAtOnce(group, view) || has(group, "net/http.(*conn).serve") ? "low" : "medium", evidence: weigh(group, view).evidence };
  },
};
