import type { Blocked, Creator, Goroutine, GoroutineState, Snapshot } from "../../model/goroutine/snapshot.js";
import { nanos, type GoroutineName } from "../../model/ids.js";
import type { PendingOperation } from "../core/pending-operation.js";
import { symbol } from "../observe/stack-text.js";
import { framesOf } from "../observe/stack-trace.js";
import { waitReasonOf } from "./wait-words.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";

/** The goroutines of a run, as a dump of a live service would have them. */
export function controlledSnapshot(source: string, members: readonly ControlledGoroutine[], blocked: ReadonlySet<GoroutineName>, closed: boolean): Snapshot {
  const goroutines = members.map((member) => goroutineOf(member, blocked.has(member.name), closed));
  return { provenance: { source, how: "run" }, goroutines, losses: [] };
}

function goroutineOf(member: ControlledGoroutine, stuck: boolean, closed: boolean): Goroutine {
  const { stop } = member;
  const sleep = stop?.length ?? (stuck ? timerWait(stop!, member.since) : undefined);
  return {
    name: member.name,
    count: 1,
    state: stateOf(stop, stuck),
    ...(sleep === undefined ? {} : { sleep: nanos(BigInt(Math.round(Math.min(sleep, Number.MAX_SAFE_INTEGER)))) }),
    waitReason: stop === undefined ? "" : waitReasonOf(stop),
    stack: framesOf(member.stoppedAt),
    ...(member.creator === undefined ? {} : { createdBy: creatorOf(member) }),
    ...(stuck && closed ? { unreachable: true } : {}),
    ...(stop !== undefined && stuck ? { blockedOn: blockedOf(stop) } : {}),
  };
}

/** Until the timer fires at whose channel it waits; undefined where none is set. */
function timerWait({ channels }: PendingOperation, since: number): number | undefined {
  const times = (channels?.offers ?? []).flatMap(({ channel }, i) => {
    const next = channel === undefined ? undefined : channels!.core(i).timer?.next();
    return next === undefined ? [] : [next];
  });
  return times.length === 0 ? undefined : Math.min(...times) - since;
}

function stateOf(stop: PendingOperation | undefined, stuck: boolean): GoroutineState {
  if (stop === undefined) return "running";
  if (stop.op === "sleep") return "sleeping";
  return stuck ? "waiting" : "runnable";
}

export function creatorOf(member: ControlledGoroutine): Creator {
  const frame = framesOf(member.createdAt)[0] ?? { function: symbol(member.creator!.entry), file: "", line: 0 };
  return { ...frame, name: member.creator!.name };
}

function blockedOf(stop: PendingOperation): Blocked {
  const channels = stop.channels;
  if (channels === undefined) return { op: stop.op, objects: stop.accesses, nil: false, ...(stop.counter === undefined ? {} : { counter: stop.counter() }) };
  const nil = channels.offers.every((offer) => offer.channel === undefined);
  const only = stop.op === "select" || nil ? undefined : channels.core(0);
  const sizes = only === undefined ? {} : { length: only.length, capacity: only.capacity };
  return { op: stop.op, objects: stop.accesses, nil, ...sizes };
}
