import type { Cause } from "../../model/finding/cause.js";
import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";
import type { WaitKind } from "../../model/goroutine/wait.js";

const CAUSE: Readonly<Partial<Record<WaitKind, Cause>>> = {
  send: "send-without-receiver",
  receive: "receive-without-sender",
  select: "select-without-ready-case",
  lock: "mutex-never-unlocked",
  waitgroup: "waitgroup-mismatch",
  cond: "cond-never-signalled",
  io: "no-timeout",
};

/** What a goroutine that is known to hang hangs for, by how it waits alone. */
export function causeOfWait(group: GoroutineGroup): Cause {
  if (group.waitReason.endsWith("(nil chan)")) return "nil-channel";
  if (group.waitReason === "select (no cases)") return "select-without-cases";
  return CAUSE[group.kind] ?? "unknown";
}
