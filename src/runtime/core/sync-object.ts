import { objectId, type ObjectId } from "../../model/ids.js";
import type { OperationControl } from "./pending-operation.js";
import { control, scheduler } from "./current-runtime.js";
import { SHAPE_VALUE, Waiter, type WaitQueue } from "./waiter.js";
import type { WaitReason } from "./wait-reason.js";

/** What every synchronization object has: the world it was made in, and its number there. */
export class SyncObject {
  readonly owningRun: OperationControl | undefined = control;
  readonly object: ObjectId = control === undefined ? objectId(-1) : control.newObject();
}

/** Where this happens, for the error that may come of it later; only while stacks are captured, for each costs 2 µs. */
export const placeNow = (): Error | undefined => ((control === undefined ? scheduler.traceback !== 0 : control.captures) ? new Error("here") : undefined);

/** Parks the current goroutine at the end of `queue` (production only). */
export function waitIn(queue: WaitQueue, reason: WaitReason, value?: unknown): Promise<unknown> {
  const waiter = new Waiter(scheduler.current, SHAPE_VALUE, value);
  queue.push(waiter);
  return scheduler.park(waiter, reason);
}
