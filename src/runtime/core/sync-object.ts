import type { ObjectLabel } from "../../model/run/object-kind.js";
import { objectId, type ObjectId } from "../../model/ids.js";
import type { OperationControl } from "./pending-operation.js";
import { world, scheduler } from "./current-runtime.js";
import { leavesAtAbort } from "./abort.js";
import { SHAPE_VALUE, Waiter, type WaitQueue } from "./waiter.js";
import type { WaitReason } from "./wait-reason.js";

/** What every synchronization object has: the world it was made in, and its number there. */
export class SyncObject {
  readonly owningRun: OperationControl | undefined = world.control;
  /** What the program calls it, where it is a part of something else. */
  readonly label: ObjectLabel | undefined;
  readonly object: ObjectId = world.control === undefined ? objectId(-1) : world.control.newObject();

  constructor(label?: ObjectLabel) {
    this.label = label;
  }
}

/** Where this happens, for the error that may come of it later; only while stacks are captured, for each costs 2 µs. */
export const placeNow = (): Error | undefined => ((world.control === undefined ? scheduler.traceback !== 0 : world.control.captures) ? new Error("here") : undefined);

/** Parks the current goroutine at the end of `queue` (production only), until `signal` aborts; `left`: what becomes of the others then. */
export function waitIn(queue: WaitQueue, reason: WaitReason, value?: unknown, signal?: AbortSignal, left?: () => void): Promise<unknown> {
  const waiter = new Waiter(scheduler.current, SHAPE_VALUE, value);
  queue.push(waiter);
  const parked = scheduler.park(waiter, reason);
  if (signal !== undefined) {
    leavesAtAbort(waiter, signal, () => {
      if (!queue.holds(waiter)) return false;
      queue.remove(waiter);
      left?.();
      return true;
    });
  }
  return parked;
}
