import type { Outcome } from "../../model/outcome.js";

/** The natural schedule's outcome in a word (model/examination.ts). */
export function outcomeWord(outcome: Outcome, test?: string): string {
  // A main that exits with 0 has done its work; a test that does keeps those behind it from running.
  if (outcome.kind === "exit" && test !== undefined) return `exit ${outcome.exitCode}`;
  switch (outcome.kind) {
    case "quiescent":
    case "exit":
      return outcome.exitCode === 0 ? "passed" : `exit ${outcome.exitCode}`;
    case "horizon":
      if (outcome.limit === "budget") return "no verdict";
      return outcome.scopeOver ? "passed" : outcome.limit === "outside" ? "waits for the outside" : "never ends";
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
