import type { Finding } from "./finding.js";
import { place } from "./blame.js";
import type { Goroutine } from "./snapshot.js";

/** Is it blocked in that line, wherever it was started? */
export function isBlockedIn(goroutine: Goroutine, blocked: Finding["blocked"]): boolean {
  if (goroutine.state === "runnable") return false;
  const frame = place(goroutine.stack);
  return frame.file === blocked.file && frame.line === blocked.line;
}

/** Is it blocked at a finding's place, and started where the finding's goroutines were? */
export const isBlockedAt = (goroutine: Goroutine, { blocked, createdBy }: Pick<Finding, "blocked" | "createdBy">): boolean =>
  isBlockedIn(goroutine, blocked) && goroutine.createdBy?.line === createdBy?.line;
