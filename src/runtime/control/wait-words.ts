import { operation } from "../../model/run/operation.js";
import type { PendingOperation } from "../core/pending-operation.js";
import type { WaitReason } from "../core/wait-reason.js";

/** What Go's dump says of a goroutine that is blocked in such an operation (runtime2.go, waitReasonStrings). */
export function waitReasonOf(stop: PendingOperation): WaitReason {
  if (stop.waitReason !== undefined) return stop.waitReason;
  if (stop.channels !== undefined) return channelReason(stop);
  return operation(stop.op).waitReason ?? "runnable";
}

function channelReason(stop: PendingOperation): WaitReason {
  const { offers } = stop.channels!;
  if (stop.op === "select") return offers.length === 0 ? "select (no cases)" : "select";
  const nil = offers[0]!.channel === undefined;
  if (stop.op === "send") return nil ? "chan send (nil chan)" : "chan send";
  return nil ? "chan receive (nil chan)" : "chan receive";
}
