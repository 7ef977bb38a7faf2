import type { OpKind } from "../../model/run/operation.js";
import type { Held, Locker } from "./mutex.js";
import { FatalError, ForeignObject, placeOf } from "./panic.js";
import { SyncObject, placeNow, waitIn } from "../core/sync-object.js";
import { abortable } from "../core/abortable-operation.js";
import { hasAborted, reasonOf, type Abortable } from "../core/abort.js";
import { ObjectOperation } from "../core/object-operations.js";
import { WaitQueue } from "../core/waiter.js";
import { checkOwner, world, scheduler, currentName, rejected } from "../core/current-runtime.js";

/**
 * sync.RWMutex (sync/rwmutex.go): many readers or one writer. A writer first shuts out new readers, then
 * waits for those inside to leave; a blocked Lock therefore blocks new RLocks, as Go's documentation promises.
 *
 * @example
 * const mu = new sync.RWMutex();
 * await mu.rlock();
 * assert.deepEqual([await mu.tryRLock(), await mu.tryLock()], [true, false]);
 * await mu.runlock();
 * await mu.runlock();
 */
export class RWMutex implements Locker {
  readonly #part = new SyncObject();
  readonly #writers = new WaitQueue();
  readonly #readersWaiting = new WaitQueue();
  readonly #held: Held = { [Symbol.asyncDispose]: () => this.unlock() };
  readonly #readHeld: Held = { [Symbol.asyncDispose]: () => this.runlock() };
  #readers = 0;
  /** Where it was last unlocked, by a reader or a writer. */
  #releasedAt: Error | undefined;
  /** none; announced and waiting for readers; inside. */
  #writer: "none" | "announced" | "inside" = "none";

  /**
   * Waits until nobody has it, and locks it for writing.
   *
   * @throws the reason of the signal in `options`, when that aborts first.
   */
  async lock(options?: Abortable): Promise<Held> {
    const signal = options?.signal;
     
    if (hasAborted(signal)) throw reasonOf(signal);
    if (world.control !== undefined) {
      await this.#stop("wlock", () => void (this.#writer = "announced"), () => this.#writer === "none", signal);
      return this.#stop("wacquire", () => this.#enter(), () => this.#readers === 0, signal, () => (this.#writer = "none"));
    }
    checkOwner(this.#part.owningRun, "RWMutex");
    if (this.#writer === "none") {
      this.#writer = "announced";
      if (this.#readers === 0) return this.#enter();
    }
    return waitIn(this.#writers, "sync.RWMutex.Lock", this.#held, signal, () => this.#writerLeft()) as Promise<Held>;
  }

  /**
   * Unlocks it for writing.
   *
   * @throws FatalError when no writer has it.
   */
  unlock(): Promise<void> {
    if (world.control !== undefined) return this.#stop("wunlock", () => this.#releaseWriter());
    try {
      this.#releaseWriter();
    } catch (error) {
      return rejected(error);
    }
    return scheduler.done();
  }

  /**
   * Waits until no writer has it or waits for it, and locks it for reading.
   *
   * @throws the reason of the signal in `options`, when that aborts first.
   */
  rlock(options?: Abortable): Promise<Held> {
    const signal = options?.signal;
    if (hasAborted(signal)) return rejected(reasonOf(signal));
    const free = (): boolean => this.#writer === "none";
    if (world.control !== undefined) return this.#stop("rlock", () => this.#enterReader(), free, signal);
    if (free()) return scheduler.give(this.#enterReader()) as Promise<Held>;
    if (this.#part.owningRun !== world.control) return rejected(new ForeignObject(currentName(), "RWMutex"));
    return waitIn(this.#readersWaiting, "sync.RWMutex.RLock", this.#readHeld, signal) as Promise<Held>;
  }

  /**
   * Ends one reader's lock.
   *
   * @throws FatalError when no reader has it.
   */
  runlock(): Promise<void> {
    if (world.control !== undefined) return this.#stop("runlock", () => this.#releaseReader());
    try {
      this.#releaseReader();
    } catch (error) {
      return rejected(error);
    }
    return scheduler.done();
  }

  /** Locks it for writing if nobody has it; never waits. */
  tryLock(): Promise<boolean> {
    return this.#attempt("trywlock", () => {
      if (this.#writer !== "none" || this.#readers > 0) return false;
      this.#enter();
      return true;
    });
  }

  /** Locks it for reading if no writer has it or waits; never waits. */
  tryRLock(): Promise<boolean> {
    return this.#attempt("tryrlock", () => {
      if (this.#writer !== "none") return false;
      this.#enterReader();
      return true;
    });
  }

  /** A Locker that locks for reading. */
  rlocker(): Locker {
    return { lock: (options) => this.rlock(options), unlock: () => this.runlock() };
  }

  #stop<T>(op: OpKind, perform: () => unknown, ready?: () => boolean, signal?: AbortSignal, leave?: () => void): Promise<T> {
    return world.control!.stop<T>(abortable(new ObjectOperation(this.#part, op, perform, ready), signal, leave));
  }

  #attempt(op: OpKind, act: () => boolean): Promise<boolean> {
    return world.control !== undefined ? this.#stop(op, act) : (scheduler.give(act()) as Promise<boolean>);
  }

  /** One that waited does not any more: the last that had announced itself keeps nobody out. */
  #writerLeft(): void {
    if (this.#writer !== "announced" || this.#writers.first !== undefined) return;
    this.#writer = "none";
    this.#letReadersIn();
  }

  #letReadersIn(): void {
    for (let w = this.#readersWaiting.shift(); w !== undefined; w = this.#readersWaiting.shift()) {
      this.#readers++;
      scheduler.ready(w);
    }
  }

  #enter(): Held {
    this.#writer = "inside";
    return this.#held;
  }

  #enterReader(): Held {
    this.#readers++;
    return this.#readHeld;
  }

  #releaseReader(): void {
    if (this.#readers === 0) throw new FatalError("sync: RUnlock of unlocked RWMutex", currentName(), placeOf(this.#releasedAt));
    this.#releasedAt = placeNow();
    if (--this.#readers > 0 || this.#writer !== "announced" || world.control !== undefined) return;
    this.#enter();
    scheduler.ready(this.#writers.shift()!);
  }

  /** rwmutex.go, Unlock: the readers that waited go first, then the next writer announces itself. */
  #releaseWriter(): void {
    if (this.#writer !== "inside") throw new FatalError("sync: Unlock of unlocked RWMutex", currentName(), placeOf(this.#releasedAt));
    this.#releasedAt = placeNow();
    this.#writer = "none";
    if (world.control !== undefined) return;
    this.#letReadersIn();
    if (this.#writers.first === undefined) return;
    this.#writer = "announced";
    if (this.#readers > 0) return;
    this.#enter();
    scheduler.ready(this.#writers.shift()!);
  }
}
