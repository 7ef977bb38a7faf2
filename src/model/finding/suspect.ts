import type { Cause } from "./cause.js";
import type { GoroutineGroup } from "../goroutine/goroutine-group.js";
import type { Frame } from "../goroutine/stack.js";

/**
 * How sure a snapshot can be. `proved`: the runtime's leak collection, or the operation itself, says that nothing can
 * wake them. `high`, `medium`: evidence. `low`: only how it looks now; worth a note, no finding.
 */
export const CONFIDENCES = ["proved", "high", "medium", "low"] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** A group of goroutines that may well be a leak, and why one should think so. */
export interface Suspect {
  readonly rule: string;
  readonly cause: Cause;
  readonly confidence: Confidence;
  readonly group: GoroutineGroup;
  /** The line to look at first. */
  readonly blamed: Frame;
  /** A phrase that says more than the cause's own words. */
  readonly what?: string;
  /** It only waits for what another suspect holds up. */
  readonly consequence?: true;
  /** Facts, each a sentence. */
  readonly evidence: readonly string[];
}

export const isFinding = (suspect: Suspect): boolean => suspect.confidence !== "low";
