import { virtualDate } from "../../runtime/control/virtual-date.js";
import type { HandleWatch } from "./handles.js";

/** Rounds of timers that are waited for: one that sets the next each time is no timer that ends. */
const ROUNDS = 8;

/**
 * What timers would still do if nothing else happened: those that fire once fire now, in order of time, with the clock moved
 * to when they are due. What a cache lets go after a minute is gone then. Undo with what it gives.
 */
export async function fastForward(handles: HandleWatch, rest: () => Promise<void>): Promise<() => void> {
  let ahead = 0;
  const { Date: realDate, performance: clock } = globalThis;
  const realNow: () => number = Reflect.get(clock, "now");
  const realDateNow: () => number = Reflect.get(realDate, "now");
  realDate.now = () => realDateNow() + ahead;
  globalThis.Date = virtualDate(realDate, () => realDate.now());
  clock.now = () => realNow.call(clock) + ahead;
  for (let round = 0; round < ROUNDS; round++) {
    const timers = handles.once();
    if (timers.length === 0) break;
    const last = timers.at(-1)!;
    ahead += Math.max(0, last._idleTimeout);
    for (const timer of timers) {
      timer._idleTimeout = 1; // Node's own list fires it, in this order: lib/internal/timers.js, refresh()
      timer.refresh();
    }
    await rest();
  }
  return () => {
    globalThis.Date = realDate;
    realDate.now = realDateNow;
    Reflect.deleteProperty(clock, "now");
  };
}
