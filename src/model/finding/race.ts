import type { Stack } from "../goroutine/stack.js";

/**
 * One report of Go's race detector, found in a log: two accesses to one address that nothing orders. It says nothing
 * about leaks, but a reader of the log's dumps should know of it.
 */
export interface RaceReport {
  /** The text's line that it begins on, 1-based. */
  readonly line: number;
  /** In the report's order: the access that was caught, then the one before it. */
  readonly accesses: readonly RaceAccess[];
  /** Where the goroutines among them were started; not the main one. */
  readonly goroutines: readonly RacingGoroutine[];
}

export interface RaceAccess {
  /** The detector's words: `Write`, `Previous read`. */
  readonly what: string;
  readonly address: string;
  /** Undefined: the main goroutine. The detector's own numbers, not those of a dump. */
  readonly goroutine?: number;
  /** Empty where the detector could not restore it. */
  readonly stack: Stack;
}

export interface RacingGoroutine {
  readonly goroutine: number;
  /** `running`, `finished`. */
  readonly state: string;
  readonly createdAt: Stack;
}
