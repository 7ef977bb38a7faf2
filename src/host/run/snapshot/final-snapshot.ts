import type { Goroutine, Snapshot } from "../../../model/goroutine/snapshot.js";
import type { Stack } from "../../../model/goroutine/stack.js";
import type { CollectedGoroutine, CollectedWorld } from "../../guest/leak-collector.js";
import { isNetOp } from "../../net/net-objects.js";
import type { GoRun } from "../go-run.js";
import { userFrames } from "../go-trace-recorder.js";
import { runSnapshot } from "./run-snapshot.js";

/** What the collector of go/runtime/unpark_collect.go does before it reports all goroutines: unparkBox.leakGC. */
export const COLLECT = { lines: 0, leaks: 1, finalizers: 2 } as const;

/** What the end of a run needs of its module. */
interface Collecting {
  readonly name: string;
  readonly goVersion: string | undefined;
  /** Unpark's own goroutine reports all others, after what `what` says. The world is of no use afterwards. */
  collect(what: keyof typeof COLLECT): CollectedWorld & { readonly failed: boolean };
  /** After `collect`: has this Go version a leak collection? */
  proves(): boolean;
  /** Puts the world back as it was when the run ended; what it writes from then on is dropped. */
  again(): void;
}

/** All goroutines that are left when a run is over. Ends the run's world. */
export function finalSnapshot(run: GoRun, module: Collecting): Snapshot {
  const { name, goVersion } = module;
  const outcome = run.outcome();
  const ended = outcome?.kind === "panic" || (outcome?.kind === "runaway" && outcome.stack.length > 0) || outcome?.kind === "exit" || outcome?.kind === "unsupported";
  if (ended) return runSnapshot(run, [], false, name, goVersion);
  const { goroutines } = module.collect("leaks");
  const snapshot = runSnapshot(run, goroutines, module.proves(), name, goVersion);
  // The collector closes connections that nothing refers to, and a goroutine that waits at the other end goes on.
  const forGood = snapshot.goroutines.every(({ unreachable, blockedOn }) => unreachable === true && !(blockedOn && isNetOp(blockedOn.op)));
  return forGood ? snapshot : withoutFinalized(snapshot, module);
}

/**
 * Without those that end once what is no longer referred to has been finalized: collection is off during a run, so
 * a worker that its owner's finalizer stops (go-cache's janitor) would look as if it never ended. Who waits where it
 * waited, and is unreachable now that no finalizer can come any more, is proved after all.
 */
function withoutFinalized(snapshot: Snapshot, module: Collecting): Snapshot {
  module.again();
  const { goroutines, failed } = module.collect("finalizers");
  if (failed) return { ...snapshot, wokenByFinalizers: true };
  const after = new Map(goroutines.map((one) => [one.id, one]));
  const woken = snapshot.goroutines.some((one) => one.state === "waiting" && one.id !== undefined && after.has(one.id) && placeOf(one.stack) !== placeOf(after.get(one.id)!.stack));
  const kept = snapshot.goroutines.filter(({ id }) => id === undefined || after.has(id));
  return { ...snapshot, ...(woken ? { wokenByFinalizers: true as const } : {}), goroutines: kept.map((one) => (one.unreachable === false && waitsAsBefore(one, after.get(one.id!)) ? { ...one, unreachable: true } : one)) };
}

/** It did not move while finalizers ran, and the collection after them found it unreachable. */
function waitsAsBefore(before: Goroutine, after: CollectedGoroutine | undefined): boolean {
  return after?.leaked === true && after.reason === before.waitReason && placeOf(after.stack) === placeOf(before.stack);
}

const placeOf = (stack: Stack): string => userFrames(stack).map(({ file, line }) => `${file}:${line}`).join(" ");
