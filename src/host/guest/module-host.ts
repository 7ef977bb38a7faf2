import type { ScopeState } from "../../control/scope.js";
import type { LamportState } from "../../control/lamport.js";
import type { Outcome } from "../../model/outcome.js";
import type { Checkpoint } from "../../model/program.js";
import type { Snapshot } from "../../model/snapshot.js";
import type { Trace } from "../../model/trace.js";
import type { GoroutinesState } from "./guest-goroutines.js";
import type { GuestObjects } from "./guest-objects.js";
import type { HostClock } from "../run/causal-clock.js";
import type { IgnoredOperations } from "../ignored/ignored-operations.js";
import type { OwnersState } from "../ignored/local-sites.js";
import type { IgnoredLocksState } from "../ignored/ignored-locks.js";
import type { LivelockState } from "../run/livelock.js";
import type { GoTraceRecorder } from "../run/go-trace-recorder.js";

/** What of a run is copied when its world is forked. */
export interface RunState {
  readonly goroutines: GoroutinesState;
  readonly clock: HostClock;
  readonly scope: ScopeState;
  readonly steps: number;
  readonly lamports: LamportState;
  readonly rounds: LivelockState;
  /** Steps in a row that only looked. */
  readonly fruitless: number;
  readonly quiet: IgnoredLocksState;
  readonly owners: OwnersState;
}

/** What a run (`R`) needs of the program that it is a run of. */
export interface ModuleHost<R> {
  readonly objects: GuestObjects;
  /** Lets the world go on until it pauses; how it ended if it did not come back. */
  resume(): Outcome | undefined;
  currentG(): number;
  readonly gCase: number;
  readonly gSeed: number;
  /** Address of unparkBox. */
  readonly box: number;
  readonly horizon: number;
  readonly maxSteps: number;
  /** Instead of MAX_ROUNDS within the scope. */
  readonly maxRounds: number | undefined;
  /** Receives in a row that bring nothing (empty-receives.ts). */
  readonly maxEmpty: number;
  /** Steps in a row that only look. */
  readonly maxFruitless: number;
  readonly noises: IgnoredOperations;
  collect(run: R): Snapshot;
  fork(run: R): Checkpoint;
  traced(recorder: GoTraceRecorder): Trace;
}
