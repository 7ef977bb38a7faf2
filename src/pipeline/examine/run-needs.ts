import { isLeftOut } from "../../diagnose/run/left-out.js";
import { testGaveUp } from "../../diagnose/run/test-gave-up.js";
import type { Finding } from "../../model/finding/finding.js";
import { isBlockedAt } from "../../model/finding/subjects.js";
import { isLong } from "./finding-classifier.js";
import type { TracedRun } from "./traced-replayer.js";

/** What had to come about for a finding to show in a run. */
type RunNeeds = Pick<Finding, "needsStall" | "needsLongStall" | "afterFailure" | "leftOut" | "needsFault">;

/** As the run tells it: another may show the same with less. `passing`: one in which the test passes, where there is one with a trace. */
export function runNeeds(finding: Finding, traced: TracedRun, passing: TracedRun | undefined): RunNeeds {
  const { verdict, cause } = finding;
  const { stalls, faults, trace, snapshot, outcome } = traced;
  const failed = verdict !== "flaky" && outcome.kind === "failed";
  // A test that fails leaves out what stands behind: its context is cancelled by nobody (suture's TestStopAfterRemoveAndWait).
  const givesUp = failed && (cause === "missing-cancel" || testGaveUp(trace, outcome));
  const stall: RunNeeds = { needsStall: true, ...(isLong(traced) ? { needsLongStall: true } : {}), ...(givesUp ? { afterFailure: true } : {}) };
  const subjects = failed && passing !== undefined ? snapshot.goroutines.filter((one) => isBlockedAt(one, finding)) : [];
  const leftOut = subjects.length > 0 && subjects.every((one) => isLeftOut(one, trace, passing!.trace));
  return { ...(stalls > 0 ? stall : {}), ...(faults.length > 0 ? { needsFault: true } : {}), ...(leftOut ? { leftOut } : {}) };
}

/** May a passing run say more of what this one needs? */
export const asksPassing = ({ outcome }: TracedRun): boolean => outcome.kind === "failed";
