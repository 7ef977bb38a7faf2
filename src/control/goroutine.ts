import { unreachable } from "../base/unreachable.js";
import type { GoroutineName } from "../model/ids.js";
import type { Spinner } from "./spinning.js";
import type { ClockReader } from "./virtual-time.js";

/** Where a goroutine is, as its host controls it. */
export type GoroutinePhase =
  | "created" // has not begun
  | "queued" // was let go on: its turn in the step comes
  | "running" // goes on; or waits inside the host's own runtime, before no visible operation
  | "stopped" // before a visible operation
  | "entering" // let into the queues of the host's runtime, to wait there (testing/synctest)
  | "over" // the scope's own goroutine, its scope over: it stays where it is
  | "ended";

/** Asked twice for each step: a look into a table of them takes a hundredth of all time. */
function mayFollow(before: GoroutinePhase, next: GoroutinePhase): boolean {
  switch (before) {
    case "created":
      return next === "running" || next === "over";
    case "queued":
      return next === "running";
    case "running":
    case "entering":
      return next === "stopped" || next === "over" || next === "ended";
    case "stopped":
      return next === "queued" || next === "running" || next === "entering" || next === "over";
    case "over":
      return next === "ended";
    case "ended":
      return false;
    default:
      return unreachable(before);
  }
}

/** What every host keeps of a goroutine. */
export interface Controlled extends Spinner, ClockReader {
  readonly name: GoroutineName;
  phase: GoroutinePhase;
  /** When it stopped, on the host's clock. */
  since: number;
  /** It has certainly reached its operation: it was blocked when the clock moved and no goroutine could go on. */
  arrived: boolean;
  /** How many goroutines it has started, how many timers it has made: the next one's name (P4). */
  children: number;
  timers: number;
}

export function moveTo(goroutine: { readonly name: GoroutineName; phase: GoroutinePhase }, phase: GoroutinePhase): void {
  if (!mayFollow(goroutine.phase, phase)) {
    throw new Error(`unpark: goroutine ${goroutine.name} was ${goroutine.phase} and cannot be ${phase}; this is a bug in unpark`);
  }
  goroutine.phase = phase;
}

/** It has come to a visible operation at `now`. The scope's own goroutine stays over. */
export function stopsAt(goroutine: Controlled, now: number, yields: boolean): void {
  if (goroutine.phase !== "over") moveTo(goroutine, "stopped");
  goroutine.since = now;
  goroutine.yielded = yields;
  goroutine.arrived = false;
  goroutine.readings = 0;
}
