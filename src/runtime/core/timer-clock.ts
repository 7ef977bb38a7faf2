import { Heap, type HeapItem } from "../../base/heap.js";
import type { ObjectId } from "../../model/ids.js";

/** One entry of the timer heap: Go's runtime `timer` (runtime/time.go). */
export interface TimerEntry extends HeapItem {
  /** Nanoseconds on the clock's scale. */
  when: number;
  /** Order of setting: among equal times, first set, first fired. */
  sequence: number;
  readonly object: ObjectId;
  /** Something happens when it fires, whoever waits: a goroutine goes on, or is started. */
  readonly acts: boolean;
  /** The language's own: who is woken by it goes on before the next that is due fires. */
  readonly isCallback?: true;
  /** What to touch besides the timer when it fires: its channel. */
  readonly channel?: ObjectId;
  fire(now: number): void;
}

/** What sleep, timers and deadlines ask. One counts real time, one is moved by the explorer. */
export interface Clock {
  /** Monotonic nanoseconds since the clock began: what timers count on. */
  now(): number;
  /** The same for a reader: under control each reading is a little later than all that happened before it. */
  read(): number;
  /** What a timer that is set now counts from. */
  base(): number;
  /** Nanoseconds since 1970 at a reading. */
  wallOf(reading: number): bigint;
  set(entry: TimerEntry, when: number): void;
  /** False when it was not set. */
  clear(entry: TimerEntry): boolean;
}

export const timerHeap = (): Heap<TimerEntry> =>
  new Heap<TimerEntry>((a, b) => a.when < b.when || (a.when === b.when && a.sequence < b.sequence));
