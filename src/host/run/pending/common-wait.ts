import type { OpKind } from "../../../model/run/operation.js";
import type { Pending } from "../../../model/run/program.js";
import type { CommonWait, GuestGoroutine, LockOp } from "../../guest/guest-goroutine.js";
import type { GuestObjects } from "../../guest/guest-objects.js";
import { isFree } from "../../guest/guest-operations.js";

export const isLockOp = (op: OpKind): op is LockOp => op === "lock" || op === "rlock" || op === "wlock" || op === "wgwait";

/** True: what they can do has changed. */
export function lookAtCommon(common: CommonWait, objects: GuestObjects): boolean {
  const able = isFree(common.op, common.object, objects);
  const changes = able !== common.able;
  common.able = able;
  return changes;
}

/** What it is told now: where it waits with others, one of two things. Undefined: that one was not made yet. */
export function toldNow({ told, toldBefore, common }: GuestGoroutine): Pending | undefined {
  if (common === undefined || told === undefined) return told;
  return told.alternatives.length > 0 === common.able ? told : toldBefore;
}
