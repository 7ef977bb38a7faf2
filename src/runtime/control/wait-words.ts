import type { OpKind } from "../../model/operation.js";
import type { PendingOperation } from "../core/pending-operation.js";
import type { WaitReason } from "../core/wait-reason.js";

/** What Go's dump says of a goroutine that is blocked in such an operation (runtime2.go, waitReasonStrings). */
export function waitReasonOf(stop: PendingOperation): WaitReason {
  if (stop.channels !== undefined) return channelReason(stop);
  return REASONS[stop.op] ?? "runnable";
}

const REASONS: Partial<Record<OpKind, WaitReason>> = {
  lock: "sync.Mutex.Lock",
  rlock: "sync.RWMutex.RLock",
  wlock: "sync.Mutex.Lock", // RWMutex.Lock first locks the writers' mutex
  wacquire: "sync.RWMutex.Lock",
  wgwait: "sync.WaitGroup.Wait",
  condwait: "sync.Cond.Wait",
  sleep: "sleep",
  once: "sync.Mutex.Lock", // Once.Do locks its mutex
  semacquire: "semacquire",
};

function channelReason(stop: PendingOperation): WaitReason {
  const { offers, select } = stop.channels!;
  if (select) return offers.length === 0 ? "select (no cases)" : "select";
  const nil = offers[0]!.channel === undefined;
  if (stop.op === "send") return nil ? "chan send (nil chan)" : "chan send";
  return nil ? "chan receive (nil chan)" : "chan receive";
}
