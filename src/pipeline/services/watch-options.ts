import type { Snapshot } from "../../model/snapshot.js";
import type { TargetView, WatchEvent } from "../../model/watching.js";
import type { GrowthParameters } from "../../watch/growth.js";
import type { Store } from "../../watch/store.js";
import type { InspectOptions } from "./inspect.js";

export interface WatchOptions extends InspectOptions {
  readonly intervalMs: number;
  /** Undefined: until interrupted. */
  readonly untilMs?: number;
  readonly growth: GrowthParameters;
  readonly store: Store;
  /** Scrapes older than this are forgotten. */
  readonly keepMs: number;
  readonly onEvent: (event: WatchEvent) => void;
  /** After each look at any target; what there is to see is made when it is asked for. */
  onView(view: () => readonly TargetView[]): void;
  /** After each look that brought something: all of it. */
  readonly onSnapshot?: (target: string, snapshot: Snapshot, at: number) => void;
}
