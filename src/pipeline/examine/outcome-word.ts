import { TIMED_OUT } from "../../model/results/examination.js";
import type { Outcome } from "../../model/run/outcome.js";

/** Of what goes on natively, once the collector has found what nobody refers to. */
export const WAITS_FOR_COLLECTOR = "waits for a finalizer";

/** Of a test; a main may have no end. */
export const NEVER_ENDS = "never ends";

/** The natural schedule's outcome in a word (model/results/examination.ts). */
export function outcomeWord(outcome: Outcome, test?: string): string {
  if ((outcome.kind === "panic" || outcome.kind === "exit") && outcome.late === true) return "passed";
  // A main that exits with 0 has done its work; a test that does keeps those behind it from running.
  if (outcome.kind === "exit" && test !== undefined) return `exit ${outcome.exitCode}`;
  switch (outcome.kind) {
    case "quiescent":
    case "exit":
      return outcome.exitCode === 0 ? "passed" : `exit ${outcome.exitCode}`;
    case "horizon":
      return horizonWord(outcome, test !== undefined);
    case "computes":
      return test !== undefined && outcome.scopeOver ? "passed" : "no verdict";
    case "runaway":
      return outcome.scopeOver ? "passed" : "runaway";
    case "panic":
    case "deadlock":
    case "failed":
    case "skipped":
    case "unsupported":
      return outcome.kind;
  }
}

function horizonWord({ limit, scopeOver }: Extract<Outcome, { readonly kind: "horizon" }>, isTest: boolean): string {
  if (limit === "budget") return isTest && scopeOver ? "passed" : "no verdict";
  if (scopeOver) return "passed";
  if (limit === "timeout") return TIMED_OUT;
  if (limit === "outside") return "waits for the outside";
  return limit === "collector" ? WAITS_FOR_COLLECTOR : NEVER_ENDS;
}
