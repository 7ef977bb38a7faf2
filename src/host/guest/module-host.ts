import type { Outcome } from "../../model/run/outcome.js";
import type { Checkpoint } from "../../model/run/program.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Trace } from "../../model/run/trace.js";
import type { GuestObjects } from "./guest-objects.js";
import type { IgnoredOperations } from "../ignored/ignored-operations.js";
import type { GoTraceRecorder } from "../run/go-trace-recorder.js";

/** How far a run goes that does not end by itself. */
export interface RunBounds {
  /** Nanoseconds of virtual time after which the clock no longer moves. */
  readonly horizon: number;
  /** So many things may go wrong in one run. */
  readonly faults: number;
  readonly maxSteps: number;
  /** Instead of MAX_ROUNDS within the scope; the run is then followed further after it, too (control/livelock.ts). */
  readonly maxRounds: number | undefined;
  /** Receives in a row that bring nothing (empty-receives.ts): from when on they are watched, and how many there may be. */
  readonly maxEmpty: number;
  readonly mostEmpty: number;
  /** Steps in a row that only look. */
  readonly maxFruitless: number;
  /** Steps once a test is over. */
  readonly maxAfterTest: number;
  /** Nanoseconds of virtual time that the scope may last (RunOptions.timeout). */
  readonly timeout: number;
}

/** What the parts of a run need of the program that it is a run of. */
export interface RunHost {
  readonly objects: GuestObjects;
  /** Lets the world go on until it pauses; how it ended if it did not come back. */
  resume(): Outcome | undefined;
  currentG(): number;
  readonly gCase: number;
  readonly gSeed: number;
  /** Address of unparkBox. */
  readonly box: number;
  readonly bounds: RunBounds;
  readonly ignored: IgnoredOperations;
  /** The user's uses of memory are reported (guest/watched-memory.ts). */
  readonly isWatched: boolean;
}

/** What a whole run (`R`) needs besides: its end, and its copies. */
export interface ModuleHost<R> extends RunHost {
  collect(run: R): Snapshot;
  fork(run: R): Checkpoint;
  traced(recorder: GoTraceRecorder): Trace;
}
