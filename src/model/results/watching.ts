import type { Cause } from "../finding/cause.js";
import type { Frame } from "../goroutine/stack.js";

/** What a watch reports, as it happens. Times are milliseconds since 1970. */
export type WatchEvent =
  | { readonly kind: "scraped"; readonly target: string; readonly at: number; readonly goroutines: number; readonly groups: number }
  | { readonly kind: "failed"; readonly target: string; readonly at: number; readonly error: string; readonly inARow: number }
  /** Looks could not be kept, so far: they wait, and come as `scraped` when they are. */
  | { readonly kind: "unsaved"; readonly at: number; readonly error: string; readonly waiting: number; readonly dropped: number; readonly inARow: number }
  | { readonly kind: "saved-again"; readonly at: number; readonly afterFailures: number }
  /** The clock was set back. */
  | { readonly kind: "clock"; readonly target: string; readonly at: number; readonly backMs: number }
  | { readonly kind: "recovered"; readonly target: string; readonly at: number; readonly afterFailures: number }
  /** A discovery knows of it now; or no longer, and then it is not looked at any more. */
  | { readonly kind: "added"; readonly target: string; readonly at: number; readonly discovery: string; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: "removed"; readonly target: string; readonly at: number; readonly discovery: string }
  /** How the targets are shared out among the watches of one store has changed: `mine` of `all` are looked at here. */
  | { readonly kind: "shared"; readonly at: number; readonly mine: number; readonly all: number; readonly watchers: number }
  /** Another watch of the same store may look at it now. */
  | { readonly kind: "handed-over"; readonly target: string; readonly at: number }
  /** A discovery does not answer: what it said before holds. */
  | { readonly kind: "undiscovered"; readonly discovery: string; readonly at: number; readonly error: string; readonly inARow: number }
  | { readonly kind: "rediscovered"; readonly discovery: string; readonly at: number; readonly afterFailures: number }
  /** It rises as a leak would, and as a morning's load does: not known yet, and no alarm. */
  | { readonly kind: "rising"; readonly target: string; readonly at: number; readonly group: GrowingGroup }
  | { readonly kind: "growing"; readonly target: string; readonly at: number; readonly group: GrowingGroup }
  | { readonly kind: "settled"; readonly target: string; readonly at: number; readonly group: GrowingGroup };

export interface GrowingGroup {
  readonly fingerprint: string;
  readonly count: number;
  readonly waitReason: string;
  /** The line to look at first. */
  readonly frame: Frame;
  /** `tenant=a`, where groups are split by a pprof label. */
  readonly label?: string;
  readonly cause: Cause;
  readonly evidence: readonly string[];
  readonly growth: { readonly how: "steady" | "floors" | "stays"; readonly perMinute: number; readonly from: number; readonly to: number; readonly minutes: number };
}

/** Everything that a live view shows of one target. */
export interface TargetView {
  readonly target: string;
  readonly state: "waiting" | "up" | "down";
  readonly error?: string;
  readonly failures: number;
  readonly total: number;
  readonly totals: readonly number[];
  /** Growing ones first, then the largest. */
  /** Groups beside those in `rows`. */
  readonly moreRows: number;
  readonly rows: readonly GroupRow[];
}

export interface GroupRow {
  readonly fingerprint: string;
  readonly count: number;
  readonly waitReason: string;
  readonly frame: Frame;
  readonly label?: string;
  readonly counts: readonly number[];
  readonly growing?: GrowingGroup;
  /** What grows is not known to be a leak. */
  readonly rising?: true;
}

export interface WatchSummary {
  readonly targets: readonly { readonly target: string; readonly scrapes: number; readonly failures: number; readonly lastError?: string }[];
  /** Everything that was ever found growing, the last word on each. */
  readonly growing: readonly { readonly target: string; readonly group: GrowingGroup }[];
  /** Looks that never got into the store. */
  readonly unsaved: number;
}
