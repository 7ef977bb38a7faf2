import { FewSet } from "../../../base/few-set.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";

interface Entry {
  readonly when: number;
  readonly goroutine: GuestGoroutine;
  readonly stamp: number;
}

/**
 * When the goroutines that wait for time are due, on the guest's clock: a binary heap, for a hundred thousand may sleep.
 *
 * K1. An entry counts while its stamp is its goroutine's: who is asked again gets a new one, and who has left has none.
 * K2. Times that have passed are dropped: who was due by then was given by `takeDue`, or could go on when it was asked.
 */
export class WakeTimes {
  readonly #heap: Entry[] = [];
  readonly #stamps = new Map<GuestGoroutine, number>();
  /** Who has not been asked since it came, or something marked it. */
  readonly #unasked = new FewSet<GuestGoroutine>();
  #stamp = 0;

  get size(): number {
    return this.#stamps.size;
  }

  clear(): void {
    if (this.#heap.length > 0) this.#heap.length = 0;
    if (this.#stamps.size > 0) this.#stamps.clear();
    this.#unasked.clear();
  }

  add(goroutine: GuestGoroutine): void {
    this.#stamps.set(goroutine, ++this.#stamp);
    this.#unasked.add(goroutine);
  }

  leave(goroutine: GuestGoroutine): void {
    if (this.#stamps.delete(goroutine)) this.#unasked.delete(goroutine);
  }

  /** Its times may have changed. */
  askAgain(goroutine: GuestGoroutine): void {
    if (this.#stamps.has(goroutine)) this.add(goroutine);
  }

  /** The next time behind `now`, or Infinity. */
  next(now: number, wakesOf: (goroutine: GuestGoroutine) => readonly number[]): number {
    this.#unasked.forEach((goroutine) => {
      const stamp = this.#stamps.get(goroutine)!;
      for (const when of wakesOf(goroutine)) if (when > now) this.#push({ when, goroutine, stamp });
    });
    this.#unasked.clear();
    while (this.#heap.length > 0 && (this.#heap[0]!.when <= now || !this.#counts(this.#heap[0]!))) this.#pop();
    return this.#heap[0]?.when ?? Infinity;
  }

  /** Those that are due, now that the clock stands at `now`. */
  takeDue(now: number, due: (goroutine: GuestGoroutine, when: number) => void): void {
    while (this.#heap.length > 0 && this.#heap[0]!.when <= now) {
      const entry = this.#pop();
      if (this.#counts(entry)) due(entry.goroutine, entry.when);
    }
  }

  #counts({ goroutine, stamp }: Entry): boolean {
    return this.#stamps.get(goroutine) === stamp;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    for (let up = (at - 1) >> 1; at > 0 && heap[up]!.when > entry.when; up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = entry;
  }

  #pop(): Entry {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && heap[down + 1]!.when < heap[down]!.when) down++;
      if (heap[down]!.when >= last.when) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}
