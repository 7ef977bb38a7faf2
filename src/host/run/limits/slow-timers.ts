import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { netDeadline, waitsAtNet } from "../../net/net-objects.js";
import { isStopped, timersOf } from "../pending/guest-pending.js";
import type { RunParts } from "../run-parts.js";

export interface SlowTimersState {
  readonly from: number;
  readonly asked: number;
  readonly set: ReadonlyMap<number, number>;
}

const NONE: ReadonlyMap<number, number> = new Map();

/**
 * Which timers are still to be seen, where everything else goes round: a ticker's loop, a poll.
 *
 * W1. Whatever is called endless may be ended by a timer that has not fired yet, of a goroutine or of nobody (AfterFunc, a context's
 *     deadline, a channel that is only polled). So one that was set when the rounds began, and is set to the same time still, is unseen.
 * W2. One that was set later goes round if it takes at most half of the time that was looked at (as diagnose's isLongAsleep).
 *     Nor is one seen that came due since it was last asked: on a machine that stalls, who waits for it may not have gone on yet.
 * W3. What is due beyond the horizon never fires.
 */
export class SlowTimers {
  readonly #parts: RunParts;
  #from = 0;
  /** When it was last asked. */
  #asked = 0;
  #set: ReadonlyMap<number, number> = NONE;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** All that are set now have to be seen. */
  begin(): void {
    this.#from = this.#asked = this.#parts.clock.base;
    this.#set = new Map(this.#timers());
  }

  /** When the next one that has not been seen is due, or was: now at the earliest. Undefined: all have been. */
  next(): number | undefined {
    const { scope, goroutines, guest, began, clock } = this.#parts;
    const half = (scope.over === undefined ? clock.base - this.#from : scope.watched(this.#parts.now())) / 2;
    const dueIn = [
      ...goroutines.all.flatMap((one) => (isStopped(one) ? this.#waits(one).filter((when) => when - one.since > half) : [])),
      ...[...this.#timers()].flatMap(([timer, when]) => (this.#set.get(timer) === when || when - clock.base > half ? [when] : [])),
    ].filter((when) => when > this.#asked && when - began <= guest.bounds.horizon);
    this.#asked = clock.base;
    return dueIn.length === 0 ? undefined : Math.max(clock.base, dueIn.reduce((a, b) => Math.min(a, b)));
  }

  save(): SlowTimersState {
    return { from: this.#from, asked: this.#asked, set: this.#set };
  }

  restore({ from, asked, set }: SlowTimersState): void {
    this.#from = from;
    this.#asked = asked;
    this.#set = set;
  }

  #waits(goroutine: GuestGoroutine): readonly number[] {
    const { objects } = this.#parts.guest;
    if (waitsAtNet(goroutine)) return [netDeadline(goroutine, objects)];
    return goroutine.op === "sleep" ? [goroutine.until] : timersOf(goroutine, objects);
  }

  *#timers(): Iterable<[timer: number, when: number]> {
    const { goroutines, guest: { objects } } = this.#parts;
    for (const timer of goroutines.timers) {
      const when = objects.when(timer);
      if (when !== 0) yield [timer, when];
    }
  }
}
