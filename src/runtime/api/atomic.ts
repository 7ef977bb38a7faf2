import type { OpKind } from "../../model/run/operation.js";
import { SyncObject } from "../core/sync-object.js";
import { ObjectOperation } from "../core/object-operations.js";
import { world, scheduler } from "../core/current-runtime.js";

/**
 * Package sync/atomic. In production a plain variable would do, for nothing runs between two awaits; these are for
 * programs whose goroutines talk through a variable and that are to be explored: each access is an event.
 *
 * @example
 * const state = new atomic.Atomic("new");
 * assert.equal(await state.compareAndSwap("new", "running"), true);
 * assert.equal(await state.swap("done"), "running");
 * await state.store("new");
 * assert.equal(await state.load(), "new");
 */
export class Atomic<T> {
  readonly #part = new SyncObject();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** What it holds. */
  load(): Promise<T> {
    return this.access("load", (value) => value);
  }

  /** It holds `value` from now on. */
  store(value: T): Promise<void> {
    return this.access("store", () => undefined, () => value);
  }

  /** Stores `value`; gives what was there. */
  swap(value: T): Promise<T> {
    return this.access("rmw", (old) => old, () => value);
  }

  /** Stores `value` if it holds `expected` (compared by Object.is), and says whether it did. */
  compareAndSwap(expected: T, value: T): Promise<boolean> {
    return this.access("rmw", (old) => Object.is(old, expected), (old) => (Object.is(old, expected) ? value : old));
  }

  /** `result` is of the value before `next` replaces it. */
  protected access<R>(op: OpKind, result: (old: T) => R, next?: (old: T) => T): Promise<R> {
    const act = (): R => {
      const old = this.#value;
      if (next !== undefined) this.#value = next(old);
      return result(old);
    };
    if (world.control !== undefined) return world.control.stop<R>(new ObjectOperation(this.#part, op, act));
    return scheduler.give(act()) as Promise<R>;
  }
}

/**
 * atomic.Int64, on TypeScript's numbers.
 *
 * @example
 * const count = new atomic.Int();
 * assert.equal(await count.add(2), 2);
 */
export class Int extends Atomic<number> {
  constructor(value = 0) {
    super(value);
  }

  /**
   * @param delta is added: a number without a unit.
   * @returns the new value.
   */
  add(delta: number): Promise<number> {
    return this.access("rmw", (old) => old + delta, (old) => old + delta);
  }
}

/**
 * atomic.Bool.
 *
 * @example
 * const closed = new atomic.Bool();
 * assert.equal(await closed.swap(true), false);
 */
export class Bool extends Atomic<boolean> {
  constructor(value = false) {
    super(value);
  }
}
