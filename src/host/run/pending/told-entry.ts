import { pendingEntry } from "../../../control/pending.js";
import { isYielding } from "../../../control/spinning.js";
import { isOf } from "../../../model/run/operation.js";
import type { Pending } from "../../../model/run/program.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { canGoOn } from "../../guest/guest-operations.js";
import { codesWhere } from "../../guest/op-codes.js";
import type { GuestView } from "./guest-pending.js";

/** Operations that can go on in more ways than one: what may go wrong in them is no longer the same after a fault. */
const VARYING = codesWhere((op) => isOf(op, "network", "file"));

/** Of one that is before no channel. True: it is told something else. Nothing new is to be kept for each step, where nothing has changed. */
export function lookAt(goroutine: GuestGoroutine, view: GuestView): boolean {
  const { told, code, common } = goroutine;
  if (told !== undefined && VARYING[code] === 0) {
    const able = common === undefined ? canGoOn(goroutine, view) : common.able === true;
    const yields = isYielding(goroutine);
    const isAs = (one: Pending | undefined): boolean => one === undefined || one.alternatives.length === 0 || (one.yielding === true) === yields;
    if ((told.alternatives.length > 0 === able || common !== undefined) && isAs(told) && isAs(goroutine.toldBefore)) return false;
  }
  goroutine.toldBefore = undefined;
  goroutine.told = pendingEntry(goroutine, undefined, undefined, view);
  return true;
}
