import type { GoroutineName, ObjectId } from "../../../model/ids.js";
import type { OpKind } from "../../../model/run/operation.js";
import type { Pending } from "../../../model/run/program.js";

/** Nanoseconds after which one that waits for a lock is starving (internal/sync/mutex.go, starvationThresholdNs). */
const THRESHOLD = 1_000_000;
/** What takes a sync.Mutex: `wlock` takes the one that writers share. */
const takesMutex = (op: OpKind): boolean => op === "lock" || op === "wlock";
const mutexOf = (one: Pending): ObjectId | undefined => one.accesses[0]?.object;

/**
 * Those that wait for a mutex, and since when. Whoever unlocks one may lock it again before those that wait for it; but a mutex for which
 * one has waited for over a millisecond is handed over to it (internal/sync/mutex.go, "starvation mode").
 */
export class StarvingLockers {
  readonly #since = new Map<GoroutineName, number>();

  /** It has to wait; `now` in nanoseconds. */
  waits({ goroutine, op }: Pending, now: number): void {
    if (takesMutex(op) && !this.#since.has(goroutine!)) this.#since.set(goroutine!, now);
  }

  /** It goes on. */
  goesOn(goroutine: GoroutineName): void {
    this.#since.delete(goroutine);
  }

  /** Need anybody be asked before a goroutine that runs does `op`? */
  matter(op: OpKind): boolean {
    return this.#since.size > 0 && takesMutex(op);
  }

  /** To whom `one` has to leave the mutex that it is about to take: the one of `ready` that has starved longest. */
  before(one: Pending, ready: (goroutine: GoroutineName) => Pending | undefined, now: number): Pending | undefined {
    if (!this.matter(one.op) || this.#since.has(one.goroutine!)) return undefined;
    for (const [goroutine, since] of this.#since) { // in the order in which they began to wait
      if (!(now - since >= THRESHOLD)) return undefined;
      const other = ready(goroutine);
      if (other !== undefined && mutexOf(other) === mutexOf(one)) return other;
    }
    return undefined;
  }
}
