import type { GoroutineGroup } from "../goroutine/goroutine-group.js";

/** What must hold for a service's goroutines. */
export type Expectation =
  /** No goroutine has a frame (or a creator) whose function matches. */
  | { readonly kind: "absent"; readonly pattern: string }
  /** At most this many goroutines; with `only`, of those with a matching frame; with `byLabel`, for each value of that pprof label. */
  | { readonly kind: "max"; readonly limit: number; readonly only?: string; readonly byLabel?: string }
  /** No group is new or larger than in the snapshot of that file; with `byLabel`, of none of its values. */
  | { readonly kind: "baseline"; readonly file: string; readonly slack: number; readonly byLabel?: string };

export interface Violation {
  readonly demand: Expectation;
  /** One sentence. */
  readonly text: string;
  /** The goroutines at fault, grouped. */
  readonly groups: readonly GoroutineGroup[];
  readonly count: number;
}

export interface Verification {
  readonly source: string;
  readonly demands: readonly Expectation[];
  /** Empty: all demands hold. */
  readonly violations: readonly Violation[];
  readonly total: number;
  /** How many dumps the source held, where it held several: the last one was checked. */
  readonly dumps?: number;
  /** Snapshots that were taken, and how long it took until they held or the time was over. */
  readonly attempts: number;
  readonly milliseconds: number;
}
