import type { LamportState } from "../../control/lamport.js";
import type { ScopeState } from "../../control/scope.js";
import type { Fault } from "../../model/run/fault.js";
import type { GoroutinesState } from "../guest/guest-goroutines.js";
import type { IgnoredLocksState } from "../ignored/ignored-locks.js";
import type { OwnersState } from "../ignored/local-sites.js";
import type { HostClock } from "./host-clock.js";
import type { LimitsState, RunLimits } from "./limits/run-limits.js";
import type { RunParts } from "./run-parts.js";

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

export function saveRun({ goroutines, clock, scope, wentWrong, lamports, points }: RunParts, limits: RunLimits): RunState {
  return {
    goroutines: goroutines.save(),
    clock: { ...clock },
    scope: scope.save(),
    wentWrong,
    lamports: lamports.save(),
    limits: limits.save(),
    ignoredLocks: points.ignoredLocks.save(),
    owners: points.owners.save(),
  };
}

/** What is not in the state follows from it. */
export function restoreRun(parts: RunParts, limits: RunLimits, state: RunState): void {
  const { goroutines, table, spinning, clock, scope, lamports, points, turns } = parts;
  goroutines.restore(state.goroutines);
  table.restore(goroutines.all);
  spinning.restore(goroutines.all);
  parts.bubbles = goroutines.all.some(({ bubble }) => bubble !== 0);
  Object.assign(clock, state.clock);
  scope.restore(state.scope);
  parts.wentWrong = state.wentWrong;
  lamports.restore(state.lamports);
  limits.restore(state.limits);
  points.ignoredLocks.restore(state.ignoredLocks);
  points.owners.restore(state.owners);
  parts.forgetPending();
  turns.set([]);
  parts.settling = false;
}
