import { objectId, type ObjectId } from "../../../model/ids.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import type { GuestObjects } from "../../guest/guest-objects.js";
import { isChannelOp, partyOfGoroutine } from "../../guest/guest-operations.js";

/**
 * Timers as modules have them whose go.mod names a Go before 1.23 (GODEBUG asynctimerchan=1; gone in Go 1.27): the clock's
 * move puts a value into their channels' buffers, and the channels do not know of them. Since then, a timer's channel is
 * filled when it is looked at (guest-pending.ts).
 *
 * `timers`: addresses of all that were made. What an AfterFunc is given is no channel, but is not used as one, either.
 */
interface OldTimer {
  readonly channel: number;
  readonly when: number;
}

function* set(timers: Iterable<number>, objects: GuestObjects): Iterable<OldTimer> {
  for (const timer of timers) {
    const when = objects.when(timer);
    const channel = when === 0 ? 0 : objects.fedBy(timer);
    if (channel !== 0 && objects.timerOf(channel) === 0) yield { channel, when };
  }
}

/** The channels that get a value, unless they are full, when the clock moves to `now`. */
export function channelsFed(timers: Iterable<number>, objects: GuestObjects, now: number): readonly ObjectId[] {
  return [...set(timers, objects)].filter(({ when }) => when <= now).map(({ channel }) => objectId(channel));
}

/** When those are due that would wake it. */
export function oldTimersOf(goroutine: GuestGoroutine, timers: Iterable<number>, objects: GuestObjects): readonly number[] {
  if (!isChannelOp(goroutine.op)) return [];
  const { offers } = partyOfGoroutine(goroutine, objects);
  return [...set(timers, objects)].filter((timer) => offers.some(({ channel }) => channel === timer.channel)).map(({ when }) => when);
}
