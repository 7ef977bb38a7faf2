import type { BlockedAt, Finding } from "./finding.js";
import { packageOf, place } from "../source/blame.js";
import type { Creator, Goroutine } from "../goroutine/snapshot.js";

/** Is it left in that line, wherever it was started? */
export function isLeftIn(goroutine: Goroutine, blocked: BlockedAt): boolean {
  const frame = place(goroutine.stack);
  return frame.file === blocked.file && frame.line === blocked.line;
}

/** And does it wait there? */
export const isBlockedIn = (goroutine: Goroutine, blocked: BlockedAt): boolean => goroutine.state !== "runnable" && isLeftIn(goroutine, blocked);

/** Is it blocked at a finding's place, and started where the finding's goroutines were? */
export const isBlockedAt = (goroutine: Goroutine, { blocked, createdBy }: Pick<Finding, "blocked" | "createdBy">): boolean =>
  isBlockedIn(goroutine, blocked) && shownCreator(goroutine)?.line === createdBy?.line;

/** Main's own goroutine was started by the runtime (`runtime.rt0_go`), a test's by package testing: that says nothing. */
export const shownCreator = ({ createdBy }: Goroutine): Creator | undefined =>
  createdBy === undefined || /^(runtime|testing)$/.test(packageOf(createdBy.function)) ? undefined : createdBy;
