import type { OpKind, OpOf } from "../../model/run/operation.js";
import type { GuestObjects } from "../guest/guest-objects.js";

interface HeldLock {
  readonly op: OpKind;
  /** Of the instruction that took it. */
  readonly pc: number;
}

export type IgnoredLocksState = ReadonlyMap<number, HeldLock>;

/**
 * Locks that were taken without a point, for they are noise (ignored-operations.ts): a claim that holds only if they are given back
 * within the step. Also notes the end of a Once, whose caller cannot be seen where it ends.
 *
 * Q1. Between steps it holds exactly the locks (by address) that were taken as noise and are held.
 */
export class IgnoredLocks {
  #held = new Map<number, HeldLock>();

  took(op: OpKind, object: number, pc: number): void {
    const effect = EFFECT[op as OpOf<"mutex" | "rwmutex" | "once">];
    if (effect === "takes") this.#held.set(object, { op, pc });
    else if (effect === "gives") this.#held.delete(object);
  }

  /** A Once's function is done: was it entered as noise? */
  onceDone(object: number): boolean {
    return this.#held.delete(object);
  }

  /** At the end of a step: who took the locks that are still held. */
  left(objects: GuestObjects): readonly number[] {
    if (this.#held.size === 0) return NONE;
    for (const [object, { op }] of this.#held) if (!isHeld(op, object, objects)) this.#held.delete(object);
    return [...this.#held.values()].map(({ pc }) => pc);
  }

  save(): IgnoredLocksState {
    return new Map(this.#held);
  }

  restore(state: IgnoredLocksState): void {
    if (this.#held.size > 0 || state.size > 0) this.#held = new Map(state);
  }
}

const NONE: readonly number[] = [];

const EFFECT: Readonly<Record<OpOf<"mutex" | "rwmutex" | "once">, "takes" | "gives" | undefined>> = {
  lock: "takes",
  trylock: "takes",
  unlock: "gives",
  rlock: "takes",
  tryrlock: "takes",
  runlock: "gives",
  wlock: "takes",
  trywlock: "takes",
  wacquire: undefined, // its `wlock` took it
  wunlock: "gives",
  once: "takes",
  oncedone: undefined, // see `onceDone`
};

/** Read from the lock itself: an Unlock with the processor pinned (sync.Pool) comes to no point. */
function isHeld(op: OpKind, object: number, objects: GuestObjects): boolean {
  if (op === "once") return !objects.onceReady(object);
  if (op === "rlock" || op === "tryrlock") return objects.readerCount(object) !== 0;
  return objects.locked(object);
}
