import type { GoroutineGroup } from "../goroutine/goroutine-group.js";
import type { Provenance } from "../goroutine/snapshot.js";

/** What changed between two snapshots of one program: every group of either, once. */
export interface Difference {
  readonly before: SideOfDifference;
  readonly after: SideOfDifference;
  readonly changes: readonly Change[];
  /** Real minutes between the two, where both times are known. */
  readonly minutes?: number;
}

interface SideOfDifference {
  readonly provenance: Provenance;
  readonly total: number;
  /** Which of how many dumps that its source held, where it held several. */
  readonly dump?: { readonly number: number; readonly of: number };
}

/** What it comes to if it goes on like that. */
export interface Rate {
  readonly perMinute: number;
  /** How many there would be, at least 0, an hour and a day after the second snapshot. */
  readonly inAnHour: number;
  readonly inADay: number;
}

export interface Change {
  readonly kind: "new" | "grown" | "shrunk" | "gone" | "same";
  /** As it is after, or was before if it is gone. */
  readonly group: GoroutineGroup;
  readonly before: number;
  readonly after: number;
  /** Of more and less, where both times are known and at least a second apart. */
  readonly rate?: Rate;
  /** How many goroutines are at the same place with the same number: they never moved. Undefined without numbers. */
  readonly stayed?: number;
}
