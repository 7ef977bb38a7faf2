import { FatalError, ForeignObject, placeOf } from "./panic.js";
import { SyncObject, placeNow, waitIn } from "../core/sync-object.js";
import { abortable } from "../core/abortable-operation.js";
import { hasAborted, reasonOf, type Abortable } from "../core/abort.js";
import { ObjectOperation } from "../core/object-operations.js";
import { WaitQueue } from "../core/waiter.js";
import { world, scheduler, currentName, rejected } from "../core/current-runtime.js";

/** sync.Locker. */
export interface Locker {
  /** Waits until it is free, and locks it. */
  lock(options?: Abortable): Promise<unknown>;
  /** Unlocks it. */
  unlock(): Promise<void>;
}

/** What `lock` gives: `await using held = await mu.lock()` unlocks where the block ends. */
export interface Held {
  /** Unlocks. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * sync.Mutex (internal/sync/mutex.go). Not tied to a goroutine: one may lock it and another unlock it. Who waits
 * longest gets it next: Go's starvation mode from the start, which the specification of Lock allows.
 *
 * @example
 * const mu = new sync.Mutex();
 * await mu.lock();
 * assert.equal(await mu.tryLock(), false);
 * await mu.unlock();
 */
export class Mutex implements Locker {
  readonly #part = new SyncObject();
  readonly #waiting = new WaitQueue();
  readonly #held: Held = { [Symbol.asyncDispose]: () => this.unlock() };
  readonly #heldAtOnce = Promise.resolve(this.#held);
  #locked = false;
  /** Where it was last unlocked: the other place of an unlock too many. */
  #releasedAt: Error | undefined;

  /**
   * Waits until it is free, and locks it.
   *
   * @returns for `await using`: unlocks where the block ends.
   * @throws the reason of the signal in `options`, when that aborts first.
   */
  lock(options?: Abortable): Promise<Held> {
    const signal = options?.signal;
    if (hasAborted(signal)) return rejected(reasonOf(signal));
    if (world.control !== undefined) {
      return world.control.stop(abortable(new ObjectOperation(this.#part, "lock", () => this.#take(), () => !this.#locked), signal));
    }
    if (!this.#locked) {
      this.#locked = true;
      return --scheduler.budget > 0 ? this.#heldAtOnce : (scheduler.yield(this.#held) as Promise<Held>);
    }
    if (this.#part.owningRun !== world.control) return rejected(new ForeignObject(currentName(), "mutex"));
    return waitIn(this.#waiting, "sync.Mutex.Lock", this.#held, signal) as Promise<Held>;
  }

  /** Locks it if it is free; never waits. */
  tryLock(): Promise<boolean> {
    const attempt = (): boolean => !this.#locked && (this.#locked = true);
    if (world.control !== undefined) return world.control.stop(new ObjectOperation(this.#part, "trylock", attempt));
    return scheduler.give(attempt()) as Promise<boolean>;
  }

  /**
   * Unlocks it: who waits longest has it next.
   *
   * @throws FatalError when it is not locked.
   */
  unlock(): Promise<void> {
    if (world.control !== undefined) return world.control.stop(new ObjectOperation(this.#part, "unlock", () => this.#release()));
    try {
      this.#release();
    } catch (error) {
      return rejected(error);
    }
    return scheduler.done();
  }

  #take(): Held {
    this.#locked = true;
    return this.#held;
  }

  #release(): void {
    if (!this.#locked) throw new FatalError("sync: unlock of unlocked mutex", currentName(), placeOf(this.#releasedAt));
    this.#releasedAt = placeNow();
    const next = this.#waiting.shift();
    if (next === undefined) this.#locked = false;
    else scheduler.ready(next); // handed over locked
  }
}
