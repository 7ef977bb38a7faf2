import { readsOnly, type Access } from "../../model/operation.js";
import type { GuestGoroutine } from "../guest/guest-goroutine.js";

/** The latest step's Lamport time that read, and that changed, an object. */
interface Times {
  readonly read: number;
  readonly write: number;
}

export type LamportState = ReadonlyMap<number, Times>;

/** Lamport's rule (1978) over goroutines and objects: what is read in a step is later than all that the step depends on. */
export class LamportClocks {
  #objects = new Map<number, Times>();
  #stepTime = 0;

  /** Before the step is done. Steps that only load an object do not order each other. */
  join(actors: readonly GuestGoroutine[], accesses: readonly Access[]): void {
    let time = 0;
    for (const goroutine of actors) time = Math.max(time, goroutine.lamport);
    for (const { object, op } of accesses) {
      const known = this.#objects.get(object);
      if (known) time = Math.max(time, known.write, readsOnly(op) ? 0 : known.read);
    }
    time++;
    for (const goroutine of actors) goroutine.lamport = time;
    for (const { object, op } of accesses) {
      const known = this.#objects.get(object) ?? { read: 0, write: 0 };
      this.#objects.set(object, readsOnly(op) ? { read: Math.max(known.read, time), write: known.write } : { read: known.read, write: time });
    }
    this.#stepTime = time;
  }

  /** Whoever moves in a step comes after it. */
  within(reader: GuestGoroutine): void {
    reader.lamport = Math.max(reader.lamport, this.#stepTime);
  }

  save(): LamportState {
    return new Map(this.#objects);
  }

  restore(state: LamportState): void {
    this.#objects = new Map(state);
  }
}
