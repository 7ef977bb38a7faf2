import type { GoroutineGroup } from "../goroutine/goroutine-group.js";
import type { RaceReport } from "../finding/race.js";
import type { Snapshot } from "../goroutine/snapshot.js";
import type { Suspect } from "../finding/suspect.js";

/** One snapshot, looked at: what every form of report is made from. */
export interface Inspection {
  readonly snapshot: Snapshot;
  readonly total: number;
  readonly groups: readonly GoroutineGroup[];
  /** The surest first; those of low confidence are notes. */
  readonly suspects: readonly Suspect[];
  /** Text around the dump: how many lines, and the first few. */
  readonly outside: { readonly lines: number; readonly sample: readonly string[] };
  /** Reports of the race detector around the dump. */
  readonly races: readonly RaceReport[];
  /** Where it was asked for by a label: then `groups` are split by its values. */
  readonly byLabel?: LabelShares;
}

/** How many goroutines each value of a pprof label has; those with most suspected ones first. */
export interface LabelShares {
  readonly key: string;
  readonly shares: readonly LabelShare[];
}

interface LabelShare {
  /** Undefined: of those that do not have the label. */
  readonly value?: string;
  readonly goroutines: number;
  /** How many of them belong to suspects that are findings. */
  readonly suspected: number;
  readonly largest: GoroutineGroup;
}
