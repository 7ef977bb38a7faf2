import type { Choice } from "../../model/run/choice.js";
import { commutes, isPlain } from "./dependence.js";
import { isOffer, isSent, isTaken, type DependencyAccess } from "./object-access.js";

/** A goroutine as a small number; the clock is 0. */
export type ThreadId = number;
export const CLOCK_THREAD: ThreadId = 0;

/** One step that was done. */
export interface StepEvent {
  /** Its place in the run. */
  readonly index: number;
  readonly choice: Choice;
  /** Everyone who moved; first one who acted. */
  readonly procs: readonly ThreadId[];
  /** Exactly what it did, and then what its select offered (by which nothing is ordered). */
  readonly touches: readonly DependencyAccess[];
  readonly offers: readonly DependencyAccess[];
  /** clock[p] = 1 + index of the last event of p that happened before or is this one (events carry their index as time). */
  readonly clock: Int32Array;
  /** For taking it back: the last event of each of `procs` before this one. */
  readonly before: readonly number[];
}

/** What was done to one object, by which thread. */
interface AccessEntry {
  readonly index: number;
  readonly touch: DependencyAccess;
  /** Where in the list the latest entry of another kind stands; -1: there is none. Lets long polling be skipped. */
  readonly otherKind: number;
}
interface ObjectHistory {
  readonly byProc: Map<ThreadId, AccessEntry[]>;
  /** How many values were taken from its buffer. */
  taken: number;
}

const NO_CLOCK = new Int32Array(0);

/**
 * The current run's events with their happens-before order, as vector clocks over goroutines.
 *
 * H1. e happened before f (e before f in the run) iff e.index < f.clock[p] for any p in e.procs.
 * H2. Every per-object list is in the order of the run; an event stands in the list of its first proc only.
 * H3. Popping the last event restores exactly the state before it.
 */
export class HappensBefore {
  readonly events: StepEvent[] = [];
  readonly #objects = new Map<number, ObjectHistory>();
  readonly #last: number[] = [];
  /** Steps before and after a barrier are all ordered by it (the clock, where it may not move early). */
  readonly #barriers: number[] = [];

  /** Index of the last event of `p`, or -1. */
  lastOf(p: ThreadId): number {
    return this.#last[p] ?? -1;
  }

  /**
   * The clock of the last event of `p`: what `p` knows while it is stopped. Barriers since then do not count: what it is
   * stopped before might have been done before them.
   */
  clockOf(p: ThreadId): Int32Array {
    const last = this.lastOf(p);
    return last < 0 ? NO_CLOCK : this.events[last]!.clock;
  }

  objectHistory(object: number): ReadonlyMap<ThreadId, readonly AccessEntry[]> | undefined {
    return this.#objects.get(object)?.byProc;
  }

  /** Did the event with index `e` happen before the last step of the thread whose clock is `clock`? */
  happenedBefore(e: number, clock: Int32Array): boolean {
    return e < (clock[this.events[e]!.procs[0]!] ?? 0);
  }

  /** Numbers the values that it sends and takes; to be called once, before `push`. */
  number(touches: readonly DependencyAccess[]): void {
    for (const t of touches) {
      if (!isSent(t) && !isTaken(t)) continue;
      const o = this.#object(t.object);
      // What the host says is in the buffer is what counts: it may have held values before the run, or timers fill it.
      t.seq = isSent(t) ? o.taken + t.before : o.taken;
    }
  }

  push(choice: Choice, procs: readonly ThreadId[], touches: readonly DependencyAccess[], offers: readonly DependencyAccess[], barrier: boolean): StepEvent {
    const index = this.events.length;
    const clock = this.#join(procs, touches, barrier);
    const before = procs.map((p) => this.lastOf(p));
    for (const p of procs) {
      clock[p] = index + 1;
      this.#last[p] = index;
    }
    const event: StepEvent = { index, choice, procs, touches, offers, clock, before };
    for (const list of [touches, offers]) for (const touch of list) this.#enter(procs[0]!, index, touch);
    if (barrier) this.#barriers.push(index);
    this.events.push(event);
    return event;
  }

  pop(): StepEvent {
    const event = this.events.pop()!;
    for (const list of [event.offers, event.touches]) {
      for (let i = list.length - 1; i >= 0; i--) this.#leave(event.procs[0]!, list[i]!);
    }
    event.procs.forEach((p, i) => (this.#last[p] = event.before[i]!));
    if (this.#barriers.at(-1) === event.index) this.#barriers.pop();
    return event;
  }

  #object(id: number): ObjectHistory {
    let o = this.#objects.get(id);
    if (!o) this.#objects.set(id, (o = { byProc: new Map(), taken: 0 }));
    return o;
  }

  #enter(proc: ThreadId, index: number, touch: DependencyAccess): void {
    const o = this.#object(touch.object);
    let entries = o.byProc.get(proc);
    if (!entries) o.byProc.set(proc, (entries = []));
    const last = entries.at(-1);
    entries.push({ index, touch, otherKind: last?.touch.kind === touch.kind ? last.otherKind : entries.length - 1 });
    if (isTaken(touch)) o.taken++;
  }

  #leave(proc: ThreadId, touch: DependencyAccess): void {
    const o = this.#object(touch.object);
    o.byProc.get(proc)!.pop();
    if (isTaken(touch)) o.taken--;
  }

  #barrierClock(): Int32Array {
    const barrier = this.#barriers.at(-1);
    return barrier === undefined ? NO_CLOCK : this.events[barrier]!.clock;
  }

  #join(procs: readonly ThreadId[], touches: readonly DependencyAccess[], barrier: boolean): Int32Array {
    let size = this.#last.length;
    for (const p of procs) if (p >= size) size = p + 1;
    const clock = new Int32Array(size);
    if (barrier) {
      for (let p = 0; p < this.#last.length; p++) clock[p] = this.lastOf(p) + 1;
      return clock;
    }
    join(clock, this.#barrierClock());
    for (const p of procs) join(clock, this.clockOf(p));
    for (const touch of touches) {
      const o = this.#objects.get(touch.object);
      if (!o) continue;
      for (const [proc, entries] of o.byProc) this.#joinEntries(clock, proc, entries, touch);
    }
    return clock;
  }

  /** The latest of one goroutine's steps on the object that does not commute brings all before it. */
  #joinEntries(clock: Int32Array, proc: ThreadId, entries: readonly AccessEntry[], touch: DependencyAccess): void {
    for (let i = entries.length - 1; i >= 0; ) {
      const entry = entries[i]!;
      if (entry.index < clock[proc]!) return;
      if (!isOffer(entry.touch) && !commutes(entry.touch, touch)) {
        join(clock, this.events[entry.index]!.clock);
        return;
      }
      i = isOffer(entry.touch) || isPlain(entry.touch, touch) ? entry.otherKind : i - 1;
    }
  }
}

function join(into: Int32Array, other: Int32Array): void {
  for (let i = 0; i < other.length; i++) if (other[i]! > into[i]!) into[i] = other[i]!;
}
