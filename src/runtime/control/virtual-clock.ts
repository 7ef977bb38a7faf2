import { EPOCH, readClock, type ClockReader } from "../../control/virtual-time.js";
import { timerHeap, type Clock, type TimerEntry } from "../core/timer-clock.js";

/** What the clock reports to the run: that it is read, so that the step depends on the clock's. */
export interface ClockObserver {
  onClockRead(): ClockReader;
}

/** Time that only the explorer moves. Sleeps and timers with a channel are not in its heap: who waits for them is asked. */
export class VirtualClock implements Clock {
  readonly #heap = timerHeap();
  readonly #observer: ClockObserver;
  #now = 0;
  #sequence = 0;

  constructor(observer: ClockObserver) {
    this.#observer = observer;
  }

  now(): number {
    return this.#now;
  }

  base(): number {
    return this.#now;
  }

  read(): number {
    return readClock(this.#now, this.#observer.onClockRead());
  }

  wallOf(reading: number): bigint {
    return EPOCH + BigInt(Math.round(reading));
  }

  set(entry: TimerEntry, when: number): void {
    this.read();
    this.#heap.remove(entry);
    entry.when = Math.ceil(when); // the clock moves to whole nanoseconds: if to the one before it, it would move for ever
    if (when === Infinity) return; // never
    entry.sequence = this.#sequence++;
    this.#heap.push(entry);
  }

  clear(entry: TimerEntry): boolean {
    return this.#heap.remove(entry);
  }

  /** When the next timer of the heap is due. */
  next(): number | undefined {
    return this.#heap.peek()?.when;
  }

  /**
   * Moves to `time`; gives what is due, in order, up to the first callback: what else is due then has a step of its own at the
   * same time, for in JavaScript all that a callback sets going is done before the next timer fires.
   */
  moveTo(time: number): readonly TimerEntry[] {
    this.#now = Math.max(this.#now, time);
    const due: TimerEntry[] = [];
    for (let first = this.#heap.peek(); first !== undefined && first.when <= this.#now; first = this.#heap.peek()) {
      due.push(this.#heap.pop()!);
      if (first.isCallback === true) break;
    }
    return due;
  }
}
