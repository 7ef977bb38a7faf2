import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Discovered } from "../../discover/discovered.js";
import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";
import type { GrowingGroup, TargetView, WatchEvent } from "../../model/results/watching.js";
import type { GrowthParameters } from "../../watch/growth.js";
import type { Store } from "../../watch/store.js";
import type { InspectOptions } from "./inspect.js";

export interface WatchOptions extends InspectOptions {
  readonly intervalMs: number;
  /** Undefined: until interrupted. */
  readonly untilMs?: number;
  readonly growth: GrowthParameters;
  /** What is an alarm: a rise that a day's load cannot be (watch/days.ts), or any through the window (watch/growth.ts), as where the load is the user's own. */
  readonly alarm: "day" | "rise";
  readonly store: Store;
  /** Scrapes older than this are forgotten. */
  readonly keepMs: number;
  readonly onEvent: (event: WatchEvent) => void;
  /** After each look at any target; what there is to see is made when it is asked for. */
  onView(view: () => readonly TargetView[]): void;
  /** All targets, again whenever they change. */
  readonly onTargets?: (targets: readonly Discovered[]) => void;
  /** After each look that brought something: all of it. */
  readonly onLook?: (look: TargetLook) => void;
}

/** What one look at one target brought, and what grows there by now. */
export interface TargetLook {
  readonly target: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly snapshot: Snapshot;
  readonly total: number;
  /** Without those that are there because somebody looks. */
  readonly groups: readonly GoroutineGroup[];
  /** By fingerprint. */
  readonly growing: ReadonlyMap<string, GrowingGroup>;
}
