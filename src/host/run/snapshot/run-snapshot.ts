import { goroutineName, nanos, objectId } from "../../../model/ids.js";
import type { Blocked, Creator, Goroutine, GoroutineState, Snapshot } from "../../../model/goroutine/snapshot.js";
import type { Stack } from "../../../model/goroutine/stack.js";
import type { CollectedGoroutine } from "../../guest/leak-collector.js";
import type { GoRun } from "../go-run.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { isChannelOp } from "../../guest/guest-operations.js";
import { mayGiveUp } from "../../guest/timed-waits.js";
import { userFrames } from "../go-trace-recorder.js";

/** The goroutines at the end of a run, without the scope's own once the scope is over. `proves`: a leak collection was run. */
export function runSnapshot(run: GoRun, collected: readonly CollectedGoroutine[], proves: boolean, source: string, version: string | undefined): Snapshot {
  const provenance = { source, how: "run", ...(version === undefined ? {} : { version }) } as const;
  if (collected.length === 0) return { provenance, goroutines: [], losses: [] };
  const goroutines = collected.flatMap((one): readonly Goroutine[] => {
    const known = run.goroutineAt(one.address);
    return known === undefined || known.phase === "over" ? [] : [goroutineOf(run, one, known, proves)];
  });
  return { provenance, goroutines, losses: [] };
}

function goroutineOf(run: GoRun, one: CollectedGoroutine, known: GuestGoroutine, proves: boolean): Goroutine {
  const state = stateOf(known, run.end.isAble(known));
  const sleep = state === "sleeping" ? known.sleep : state === "waiting" ? run.end.detail(known).sleep : undefined;
  const blockedOn = state !== "waiting" ? undefined : known.phase === "stopped" || known.phase === "entering" ? blockedOnOf(run, known) : parkedOn(one, known);
  return {
    id: one.id,
    name: known.name,
    count: 1,
    state,
    ...(sleep === undefined ? {} : { sleep: nanos(BigInt(sleep)) }),
    ...(sleep === undefined && state !== "runnable" ? {} : { age: state === "runnable" && run.end.hasJustWoken(known) ? nanos(0n) : run.end.ageOf(known) }),
    waitReason: state === "sleeping" ? "sleep" : state === "runnable" ? "" : one.reason,
    stack: stackOf(one),
    ...(one.creator === undefined ? {} : { createdBy: creatorOf(one, known) }),
    ...(run.isAfterFailure(known) ? { afterFailure: true as const } : {}),
    ...(known.asksWeak ? { asksWeak: true as const } : {}),
    ...(mayGiveUp(known.waits) ? { mayGiveUp: true as const } : {}),
    ...(proves ? { unreachable: one.leaked } : {}),
    ...(blockedOn === undefined ? {} : { blockedOn }),
  };
}

/** Of a coroutine that has not begun (iter.Pull without a next) the stack is empty: it is shown where it was made. */
function stackOf({ stack, creator, reason }: CollectedGoroutine): Stack {
  const frames = userFrames(stack);
  return creator !== undefined && reason === "coroutine" && frames.every((frame) => frame.function === "runtime.goexit") ? [creator] : frames;
}

/** `able`: it could have gone on. */
function stateOf(known: GuestGoroutine, able: boolean): GoroutineState {
  if (known.phase !== "stopped") return "waiting"; // parked in the runtime since before the scope, or on a condition
  if (known.op === "sleep") return "sleeping";
  return able ? "runnable" : "waiting";
}

const creatorOf = (one: CollectedGoroutine, known: GuestGoroutine): Creator => ({
  ...one.creator!,
  ...(one.parentId === 0 ? {} : { id: one.parentId }),
  ...(known.parent === undefined ? {} : { name: goroutineName(known.parent) }),
});

/** Of those that wait inside the runtime a Cond's waiters are known by name: the wait began with an operation of its own. */
const parkedOn = ({ reason }: CollectedGoroutine, { cond }: GuestGoroutine): Blocked | undefined =>
  reason === "sync.Cond.Wait" && cond !== 0 ? { op: "condwait", objects: [{ object: objectId(cond), op: "condwait" }], nil: false } : undefined;

function blockedOnOf(run: GoRun, known: GuestGoroutine): Blocked {
  const objects = run.end.describe(known);
  const { sleep: _, ...detail } = run.end.detail(known);
  return { op: known.op, objects, nil: isChannelOp(known.op) && objects.length === 0, ...detail };
}
