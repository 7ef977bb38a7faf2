import type { Creator, Goroutine as Described, GoroutineState, Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import type { RuntimeGoroutine } from "../core/goroutine.js";
import { symbol } from "./stack-text.js";
import { framesOf } from "./stack-trace.js";
import { scheduler } from "../core/current-runtime.js";

/**
 * All goroutines of this process as a snapshot: what a dump, a profile and `unpark inspect` are made of. Without
 * `runtime.setTraceback(true)` only the function that each was started with is known, and no place.
 *
 * @example
 * assert.equal(runtime.census().goroutines.length, runtime.numGoroutine());
 */
export function runtimeSnapshot(): Snapshot {
  const here = new Error("here");
  const now = scheduler.platform.now();
  const goroutines = [...scheduler.all].map((goroutine) => describe(goroutine, here, now));
  return { provenance: { source: "unpark runtime", how: "run" }, goroutines, losses: [] };
}

function describe(goroutine: RuntimeGoroutine, here: Error, now: number): Described {
  const running = goroutine === scheduler.current && goroutine.waitReason === "";
  const minutes = Math.floor((now - goroutine.waitSince) / 60_000);
  const waits = !running && goroutine.waitReason !== "" && goroutine.waitReason !== "runnable";
  const createdBy = creatorOf(goroutine);
  return {
    id: goroutine.id,
    count: 1,
    state: running ? "running" : stateOf(goroutine),
    waitReason: running ? "" : goroutine.waitReason,
    stack: stackOf(goroutine, running ? here : goroutine.stoppedAt),
    ...(waits && minutes >= 1 ? { waitMinutes: minutes } : {}),
    ...(createdBy === undefined ? {} : { createdBy }),
    ...(goroutine.labels === undefined ? {} : { labels: goroutine.labels }),
  };
}

function stateOf({ waitReason }: RuntimeGoroutine): GoroutineState {
  switch (waitReason) {
    case "":
    case "runnable":
      return "runnable";
    case "sleep":
      return "sleeping";
    case "IO wait":
    case "foreign await":
      return "io";
    default:
      return "waiting";
  }
}

const unknown = (name: string): Frame => ({ function: symbol(name), file: "unknown", line: 0 });

/** Always ends with the function that the goroutine was started with, as a Go stack does. */
function stackOf(goroutine: RuntimeGoroutine, at: Error | undefined): Stack {
  const frames = framesOf(at);
  return frames.length > 0 ? frames : [unknown(goroutine.entry)];
}

function creatorOf(goroutine: RuntimeGoroutine): Creator | undefined {
  if (goroutine.parent === 0) return undefined;
  const frame = framesOf(goroutine.createdAt)[0] ?? unknown(goroutine.parent === 1 ? "main" : "func");
  return { ...frame, id: goroutine.parent };
}
