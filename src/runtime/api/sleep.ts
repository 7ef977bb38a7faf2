import type { OpKind } from "../../model/run/operation.js";
import { CLOCK_OBJECT } from "../../model/run/standing-objects.js";
import { hasAborted, leavesAtAbort, reasonOf, type Abortable } from "../core/abort.js";
import { abortable } from "../core/abortable-operation.js";
import { realClock } from "../core/current-clock.js";
import { rejected, scheduler, world } from "../core/current-runtime.js";
import type { OperationControl, PendingOperation } from "../core/pending-operation.js";
import type { TimerEntry } from "../core/timer-clock.js";
import { SHAPE_VALUE, Waiter } from "../core/waiter.js";
import { durationOf, type DurationLike, type DurationArgument } from "./duration.js";

/**
 * Pauses the goroutine (time.Sleep).
 *
 * @param duration at least so long: "500ms", time.ms(500), or a number of nanoseconds; zero or less: not at all; Infinity: for ever.
 * @throws RangeError for what is no duration; the reason of the signal in `options`, when that aborts first.
 * @example
 * await time.sleep("1ms");
 */
export function sleep<D extends DurationLike>(duration: DurationArgument<D>, options?: Abortable): Promise<void> {
  try {
    return sleepFor(durationOf(duration, "time.sleep"), options?.signal);
  } catch (error) {
    return rejected(error);
  }
}

function sleepFor(duration: number, signal: AbortSignal | undefined): Promise<void> {
  if (hasAborted(signal)) return rejected(reasonOf(signal));
  if (duration <= 0) return world.control === undefined ? scheduler.done() : Promise.resolve();
  if (world.control !== undefined) {
    world.control.touch(CLOCK_OBJECT, "load");
    return world.control.stop(abortable(new SleepStop(world.control, duration), signal));
  }
  const sleeper = new Sleeper();
  realClock.set(sleeper, realClock.base() + duration);
  const parked = scheduler.park(sleeper, "sleep") as Promise<void>;
  if (signal !== undefined) leavesAtAbort(sleeper, signal, () => duration === Infinity || realClock.clear(sleeper));
  return parked;
}

class Sleeper extends Waiter implements TimerEntry {
  when = 0;
  sequence = 0;
  heapIndex = -1;
  readonly acts = true;
  readonly object = CLOCK_OBJECT;

  constructor() {
    super(scheduler.current, SHAPE_VALUE, undefined);
  }

  fire(): void {
    scheduler.ready(this);
  }
}

/** Under control: goes on by a step of its own once the clock has moved far enough. */
class SleepStop implements PendingOperation {
  readonly op = "sleep";
  readonly accesses = [{ object: CLOCK_OBJECT, op: "load" as OpKind }];
  readonly owningRun: OperationControl;
  readonly until: number;
  readonly length: number;

  constructor(home: OperationControl, length: number) {
    this.owningRun = home;
    this.until = Math.ceil(home.clock.now() + length); // as virtual-clock.ts
    this.length = length;
  }

  ready(): boolean {
    return this.until <= this.owningRun.clock.now();
  }

  perform(): undefined {
    return undefined;
  }
}
