import { objectId } from "../../../model/ids.js";
import { CLOCK_OBJECT, type Access } from "../../../model/run/operation.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import type { GuestObjects } from "../../guest/guest-objects.js";
import { accessesOf, isChannelOp, partyOfGoroutine } from "../../guest/guest-operations.js";
import { oldTimersOf } from "../pending/old-timers.js";
import { timersOf } from "../pending/guest-pending.js";

/** What a blocked goroutine's object looks like: a WaitGroup's counter, a channel's length and capacity. */
export interface BlockedDetail {
  /** Nanoseconds from its stop until the timer fires at whose channel it waits. */
  readonly sleep?: number;
  readonly counter?: number;
  readonly length?: number;
  readonly capacity?: number;
}

/** `timers`: all that were made. */
export function detailOf(goroutine: GuestGoroutine, objects: GuestObjects, timers: Iterable<number>): BlockedDetail {
  const { op, object, since } = goroutine;
  const times = [...timersOf(goroutine, objects), ...oldTimersOf(goroutine, timers, objects)];
  if (times.length > 0) return { sleep: Math.min(...times) - since };
  if (object === 0) return {};
  if (op === "wgwait") return { counter: objects.counter(object) };
  if (op !== "send" && op !== "recv") return {};
  const { length, capacity } = objects.channel(object, () => false);
  return { length, capacity };
}

/** What it waits for: a select's channels as `send` or `recv`, nil ones left out. */
export function objectsOf(goroutine: GuestGoroutine, objects: GuestObjects): readonly Access[] {
  if (!isChannelOp(goroutine.op)) return accessesOf(goroutine, objects).filter(({ object }) => object !== CLOCK_OBJECT);
  return partyOfGoroutine(goroutine, objects).offers.flatMap(({ channel, direction }) =>
    channel === undefined ? [] : [{ object: objectId(channel), op: direction }],
  );
}
