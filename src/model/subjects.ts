import type { Finding } from "./finding.js";
import { place } from "./frames.js";
import type { Goroutine } from "./snapshot.js";

/** Is it blocked at a finding's place, and started where the finding's goroutines were? */
export function isBlockedAt(goroutine: Goroutine, { blocked, createdBy }: Pick<Finding, "blocked" | "createdBy">): boolean {
  if (goroutine.state === "runnable") return false;
  const frame = place(goroutine.stack);
  return frame.file === blocked.file && frame.line === blocked.line && goroutine.createdBy?.line === createdBy?.line;
}
