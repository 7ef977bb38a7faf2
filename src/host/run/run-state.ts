import type { Fault } from "../../model/run/fault.js";
import type { ScopeState } from "../../control/scope.js";
import type { LamportState } from "../../control/lamport.js";
import type { GoroutinesState } from "../guest/guest-goroutines.js";
import type { HostClock } from "./host-clock.js";
import type { OwnersState } from "../ignored/local-sites.js";
import type { IgnoredLocksState } from "../ignored/ignored-locks.js";
import type { LimitsState } from "./limits/run-limits.js";

/** What of a run is copied when its world is forked. */
export interface RunState {
  readonly goroutines: GoroutinesState;
  readonly clock: HostClock;
  readonly scope: ScopeState;
  readonly wentWrong: readonly Fault[];
  readonly lamports: LamportState;
  readonly limits: LimitsState;
  readonly ignoredLocks: IgnoredLocksState;
  readonly owners: OwnersState;
}
