import { timerHeap, type Clock, type TimerEntry } from "./timer-clock.js";
import type { Platform } from "./platform.js";

/**
 * Real time. What is due is done in the order of its time, and who is woken goes on before the next, as with setTimeout,
 * however late it is. One timer of the platform for the earliest entry of the heap, however many sleep. The process stays alive for
 * it only while one that acts is set, or somebody waits at the channel of another: a `time.after(hour)` whose select was
 * won by another case holds nothing up, as in Go, where it is garbage (time.go, Go 1.23).
 */
export class RealClock implements Clock {
  readonly #platform: Platform;
  readonly #heap = timerHeap();
  readonly #origin: number;
  #sequence = 0;
  #stopped = false;
  /** Entries that act, and channels that are waited at. */
  #holders = 0;
  #armed: unknown;
  #armedFor = Infinity;
  #turn: number | undefined;

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

  /**
   * What a timer that is set now counts from: the event loop's turn, as for setTimeout (libuv's uv_now). Two that are set in
   * one turn are due in the order of their durations, however long the turn takes.
   */
  base(): number {
    if (this.#turn === undefined) {
      this.#turn = this.now();
      this.#platform.macrotask(() => (this.#turn = undefined));
    }
    return this.#turn;
  }

  wallOf(reading: number): bigint {
    const elapsed = (reading - this.now()) / 1e6;
    return BigInt(Math.round((this.#platform.wall() + elapsed) * 1e3)) * 1000n;
  }

  set(entry: TimerEntry, when: number): void {
    if (this.#stopped) return;
    this.#remove(entry);
    entry.when = when;
    if (when === Infinity) return; // never
    entry.sequence = this.#sequence++;
    this.#heap.push(entry);
    if (entry.acts) this.holds(1);
    this.#arm();
  }

  clear(entry: TimerEntry): boolean {
    const was = this.#remove(entry);
    if (this.#heap.size === 0) this.#disarm();
    return was;
  }

  /** One more, or one less, for which the process stays alive. */
  holds(change: 1 | -1): void {
    this.#holders += change;
    if (this.#armedFor !== Infinity && this.#holders === (change > 0 ? 1 : 0)) this.#platform.holdTimer(this.#armed, change > 0);
  }

  #remove(entry: TimerEntry): boolean {
    const was = this.#heap.remove(entry);
    if (was && entry.acts) this.holds(-1);
    return was;
  }

  /** Nothing fires any more, neither what is set nor what will be: main has returned. */
  stop(): void {
    this.#stopped = true;
    for (const entry of [...this.#heap.values()]) this.#remove(entry);
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
    if (this.#holders === 0) this.#platform.holdTimer(this.#armed, false);
  }

  #fire(): void {
    this.#armedFor = Infinity;
    const now = this.now();
    const first = this.#heap.peek();
    if (first === undefined || first.when > now) return this.#arm();
    this.#remove(first);
    first.fire(now);
    const next = this.#heap.peek();
    if (next === undefined || next.when > now) return this.#arm();
    this.#armedFor = next.when;
    (this.#platform.afterMicrotasks ?? this.#platform.macrotask)(() => this.#fire());
  }
}
