import { Panic } from "../api/panic.js";
import type { RuntimeGoroutine } from "./goroutine.js";

/** How a result is handed over: as recv, recvOk, an iterator or a select wants it. */
export const SHAPE_VALUE = 0;
export const SHAPE_PAIR = 1;
export const SHAPE_ITERATION = 2;
export const SHAPE_SELECT = 3;
export type Shape = typeof SHAPE_VALUE | typeof SHAPE_PAIR | typeof SHAPE_ITERATION | typeof SHAPE_SELECT;

/** Something that the scheduler can let go on. */
export interface Runnable {
  readonly goroutine: RuntimeGoroutine;
  run(): void;
}

type Settle = (value: unknown) => void;

/**
 * One parked operation: Go's `sudog` (runtime/runtime2.go) together with the promise that its goroutine awaits.
 * Each operation has its own, so that even code that starts two at once (Promise.all) gets the right answers. Kept
 * small: there is one for every wait.
 */
export class Waiter implements Runnable {
  readonly goroutine: RuntimeGoroutine;
  readonly shape: Shape;
  /** What is sent; then, what the promise is settled with. */
  value: unknown;
  resolve: Settle | undefined = undefined;
  /** Its neighbours in the queue. */
  previous: Waiter | undefined = undefined;
  next: Waiter | undefined = undefined;

  constructor(goroutine: RuntimeGoroutine, shape: Shape, value: unknown) {
    this.goroutine = goroutine;
    this.shape = shape;
    this.value = value;
  }

  run(): void {
    this.resolve!(this.value);
  }

  /** The promise will be rejected. Not before it is its turn: a rejection that nobody awaits yet would be reported. */
  fail(error: unknown): void {
    this.rejectWith(error instanceof Error ? error : new Panic(error));
  }

  /** The same with whatever it is: an AbortSignal's reason. */
  rejectWith(reason: unknown): void {
    const settle = this.resolve!;
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever the signal was aborted with
    this.resolve = () => settle(Promise.reject(reason));
  }
}

/** One case of a parked select; all of them share one promise. */
export class CaseWaiter extends Waiter {
  readonly index: number;
  readonly queue: WaitQueue;
  readonly all: readonly CaseWaiter[];

  constructor(goroutine: RuntimeGoroutine, value: unknown, index: number, queue: WaitQueue, all: readonly CaseWaiter[]) {
    super(goroutine, SHAPE_SELECT, value);
    this.index = index;
    this.queue = queue;
    this.all = all;
  }
}

/** What an operation gives: `ok` is false for a receive from a closed channel. */
export function shaped(shape: Shape, index: number, value: unknown, ok: boolean): unknown {
  switch (shape) {
    case SHAPE_VALUE:
      return value;
    case SHAPE_PAIR:
      return [value, ok];
    case SHAPE_ITERATION:
      return ok ? { value, done: false } : { value: undefined, done: true };
    case SHAPE_SELECT:
      return { index, value, ok };
  }
}

/** First come, first served, with O(1) removal from the middle: Go's `waitq` (runtime/chan.go). */
export class WaitQueue {
  #first: Waiter | undefined = undefined;
  #last: Waiter | undefined = undefined;
  readonly #waited: ((yes: boolean) => void) | undefined;

  /** `waited` hears when the first comes and when the last has gone. */
  constructor(waited?: (yes: boolean) => void) {
    this.#waited = waited;
  }

  get first(): Waiter | undefined {
    return this.#first;
  }

  push(waiter: Waiter): void {
    const last = this.#last;
    if (last === undefined) {
      this.#first = waiter;
      this.#waited?.(true);
    } else {
      last.next = waiter;
      waiter.previous = last;
    }
    this.#last = waiter;
  }

  shift(): Waiter | undefined {
    const waiter = this.#first;
    if (waiter === undefined) return undefined;
    const next = waiter.next;
    this.#first = next;
    if (next === undefined) {
      this.#last = undefined;
      this.#waited?.(false);
    } else next.previous = waiter.next = undefined;
    return waiter;
  }

  remove(waiter: Waiter): void {
    const { previous, next } = waiter;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    waiter.previous = waiter.next = undefined;
    if (this.#first === undefined) this.#waited?.(false);
  }

  /** Does it still wait here? */
  holds(waiter: Waiter): boolean {
    return this.#first === waiter || waiter.previous !== undefined;
  }

  get length(): number {
    let n = 0;
    for (let w = this.#first; w !== undefined; w = w.next) n++;
    return n;
  }
}
