import type { GoroutineGroup } from "./goroutine-group.js";
import type { RaceReport } from "./race.js";
import type { Snapshot } from "./snapshot.js";
import type { Suspect } from "./suspect.js";

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
}
