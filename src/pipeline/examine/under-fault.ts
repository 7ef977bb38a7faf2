import type { Fault } from "../../model/run/fault.js";
import type { Finding } from "../../model/finding/finding.js";
import type { Outcome } from "../../model/run/outcome.js";

/**
 * Of what a run shows in which something went wrong that need not (--faults): what the program answers for. That a test
 * fails then is expected, and so is what its own code does where it gives up: it asserts that all goes well, it
 * dereferences what an error left nil, it leaves behind what it would have ended. And that a test waits for ever for a
 * peer that never answers is as expected, whoever waits for its sake: what counts is who still waits when it is over.
 */
export function underFault(found: readonly Finding[], { kind }: Outcome, faults: readonly Fault[]): readonly Finding[] {
  if (faults.length === 0) return found;
  if (kind === "deadlock" && faults.includes("silent")) return [];
  return found.filter(({ verdict, testCode }) => verdict !== "flaky" && !(verdict === "deadlock" && faults.includes("silent")) && !(testCode === true && (verdict === "panics" || kind === "failed")));
}
