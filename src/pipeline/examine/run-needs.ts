import { testGaveUp } from "../../diagnose/run/test-gave-up.js";
import type { Finding } from "../../model/finding/finding.js";
import { isLong } from "./finding-classifier.js";
import type { TracedRun } from "./traced-replayer.js";

/** What had to come about for a finding to show in a run. */
type RunNeeds = Pick<Finding, "needsStall" | "needsLongStall" | "afterFailure" | "needsFault">;

/** As the run alone tells it: another may show the same with less. */
export function runNeeds({ verdict, cause }: Finding, traced: TracedRun): RunNeeds {
  const { stalls, faults, trace, outcome } = traced;
  // A test that fails leaves out what stands behind: its context is cancelled by nobody (suture's TestStopAfterRemoveAndWait).
  const leavesOut = verdict !== "flaky" && outcome.kind === "failed" && (cause === "missing-cancel" || testGaveUp(trace, outcome));
  const stall: RunNeeds = {
    needsStall: true,
    ...(isLong(traced) ? { needsLongStall: true } : {}),
    ...(leavesOut ? { afterFailure: true } : {}),
  };
  return { ...(stalls > 0 ? stall : {}), ...(faults.length > 0 ? { needsFault: true } : {}) };
}
