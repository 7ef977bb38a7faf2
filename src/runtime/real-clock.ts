import { timerHeap, type Clock, type TimerEntry } from "./clock.js";
import type { Platform } from "./platform.js";

/** Real time: one timer of the platform for the earliest entry of the heap, however many sleep. */
export class RealClock implements Clock {
  readonly #platform: Platform;
  readonly #heap = timerHeap();
  readonly #origin: number;
  #sequence = 0;
  #stopped = false;
  #armed: unknown;
  #armedFor = Infinity;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#origin = platform.now();
  }

  /** How many are set. */
  get size(): number {
    return this.#heap.size;
  }

  now(): number {
    return Math.round((this.#platform.now() - this.#origin) * 1e6);
  }

  read(): number {
    return this.now();
  }

  wallOf(reading: number): bigint {
    const elapsed = (reading - this.now()) / 1e6;
    return BigInt(Math.round((this.#platform.wall() + elapsed) * 1e3)) * 1000n;
  }

  set(entry: TimerEntry, when: number): void {
    if (this.#stopped) return;
    this.#heap.remove(entry);
    entry.when = when;
    entry.sequence = this.#sequence++;
    this.#heap.push(entry);
    this.#arm();
  }

  clear(entry: TimerEntry): boolean {
    const was = this.#heap.remove(entry);
    if (this.#heap.size === 0) this.#disarm();
    return was;
  }

  /** Nothing fires any more, neither what is set nor what will be: main has returned. */
  stop(): void {
    this.#stopped = true;
    for (const entry of [...this.#heap.values()]) this.#heap.remove(entry);
    this.#disarm();
  }

  /** For another main. */
  resume(): void {
    this.#stopped = false;
  }

  #disarm(): void {
    if (this.#armedFor === Infinity) return;
    this.#platform.clearTimer(this.#armed);
    this.#armedFor = Infinity;
  }

  #arm(): void {
    const first = this.#heap.peek();
    if (first === undefined || this.#armedFor <= first.when) return;
    this.#disarm();
    this.#armedFor = first.when;
    // setTimeout takes at most 2^31-1 ms; a longer wait is armed again on the way.
    const milliseconds = Math.min(Math.max(0, Math.ceil((first.when - this.now()) / 1e6)), 0x7fff_ffff);
    this.#armed = this.#platform.setTimer(() => this.#fire(), milliseconds);
  }

  #fire(): void {
    this.#armedFor = Infinity;
    const now = this.now();
    for (let first = this.#heap.peek(); first !== undefined && first.when <= now; first = this.#heap.peek()) {
      this.#heap.remove(first);
      first.fire(now);
    }
    this.#arm();
  }
}
