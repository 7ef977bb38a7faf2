import type { OpKind } from "../../model/operation.js";
import type { Held, Locker } from "./mutex.js";
import { FatalError, ForeignObject, placeOf } from "./panic.js";
import { SyncObject, placeNow, waitIn } from "../core/sync-object.js";
import { ObjectOperation } from "../core/object-operations.js";
import { WaitQueue } from "../core/waiter.js";
import { checkOwner, control, scheduler, currentName, rejected } from "../core/current-runtime.js";

/**
 * sync.RWMutex (sync/rwmutex.go): many readers or one writer. A writer first shuts out new readers (`#writer`), then
 * waits for those inside to leave; a blocked Lock therefore blocks new RLocks, as Go's documentation promises.
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

  async lock(): Promise<Held> {
    if (control !== undefined) {
      await this.#stop("wlock", () => void (this.#writer = "announced"), () => this.#writer === "none");
      return this.#stop("wacquire", () => this.#enter(), () => this.#readers === 0);
    }
    checkOwner(this.#part.owningRun, "RWMutex");
    if (this.#writer === "none") {
      this.#writer = "announced";
      if (this.#readers === 0) return this.#enter();
    }
    return waitIn(this.#writers, "sync.RWMutex.Lock", this.#held) as Promise<Held>;
  }

  unlock(): Promise<void> {
    if (control !== undefined) return this.#stop("wunlock", () => this.#releaseWriter());
    try {
      this.#releaseWriter();
    } catch (error) {
      return rejected(error);
    }
    return scheduler.done();
  }

  rlock(): Promise<Held> {
    const free = (): boolean => this.#writer === "none";
    if (control !== undefined) return this.#stop("rlock", () => this.#enterReader(), free);
    if (free()) return scheduler.give(this.#enterReader()) as Promise<Held>;
    if (this.#part.owningRun !== control) return rejected(new ForeignObject(currentName(), "RWMutex"));
    return waitIn(this.#readersWaiting, "sync.RWMutex.RLock", this.#readHeld) as Promise<Held>;
  }

  runlock(): Promise<void> {
    if (control !== undefined) return this.#stop("runlock", () => this.#releaseReader());
    try {
      this.#releaseReader();
    } catch (error) {
      return rejected(error);
    }
    return scheduler.done();
  }

  tryLock(): Promise<boolean> {
    return this.#attempt("trywlock", () => {
      if (this.#writer !== "none" || this.#readers > 0) return false;
      this.#enter();
      return true;
    });
  }

  tryRLock(): Promise<boolean> {
    return this.#attempt("tryrlock", () => {
      if (this.#writer !== "none") return false;
      this.#enterReader();
      return true;
    });
  }

  /** A Locker that locks for reading. */
  rlocker(): Locker {
    return { lock: () => this.rlock(), unlock: () => this.runlock() };
  }

  #stop<T>(op: OpKind, perform: () => unknown, ready?: () => boolean): Promise<T> {
    return control!.stop<T>(new ObjectOperation(this.#part, op, perform, ready));
  }

  #attempt(op: OpKind, act: () => boolean): Promise<boolean> {
    return control !== undefined ? this.#stop(op, act) : (scheduler.give(act()) as Promise<boolean>);
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
    if (--this.#readers > 0 || this.#writer !== "announced" || control !== undefined) return;
    this.#enter();
    scheduler.ready(this.#writers.shift()!);
  }

  /** rwmutex.go, Unlock: the readers that waited go first, then the next writer announces itself. */
  #releaseWriter(): void {
    if (this.#writer !== "inside") throw new FatalError("sync: Unlock of unlocked RWMutex", currentName(), placeOf(this.#releasedAt));
    this.#releasedAt = placeNow();
    this.#writer = "none";
    if (control !== undefined) return;
    for (let w = this.#readersWaiting.shift(); w !== undefined; w = this.#readersWaiting.shift()) {
      this.#readers++;
      scheduler.ready(w);
    }
    if (this.#writers.first === undefined) return;
    this.#writer = "announced";
    if (this.#readers > 0) return;
    this.#enter();
    scheduler.ready(this.#writers.shift()!);
  }
}
