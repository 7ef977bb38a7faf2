import type { GoroutineName, ObjectId } from "../../model/ids.js";
import { readsOnly, type Access, type OpKind } from "../../model/operation.js";
import type { Footprint } from "../../model/program.js";

/** What one step touches, and whom it moves; filled while it lasts. */
export class StepFootprint implements Footprint {
  readonly accesses: Access[] = [];
  readonly moved: GoroutineName[] = [];
  readonly started: GoroutineName[] = [];

  touch(object: ObjectId, op: OpKind): void {
    this.note({ object, op });
  }

  note(access: Access): void {
    for (const known of this.accesses) if (known.object === access.object && known.op === access.op) return;
    this.accesses.push(access);
  }

  moves(name: GoroutineName): void {
    if (!this.moved.includes(name)) this.moved.push(name);
  }
}

interface Times {
  read: number;
  write: number;
}

/** Lamport's clocks over goroutines and objects (1978). Steps that only read an object do not order each other (P3). */
export class LamportClocks {
  readonly #objects = new Map<ObjectId, Times>();

  /** The time of a step with this footprint, of goroutines with these times. */
  after(actors: readonly number[], accesses: readonly Access[]): number {
    let time = 0;
    for (const one of actors) time = Math.max(time, one);
    for (const { object, op } of accesses) {
      const known = this.#objects.get(object);
      if (known !== undefined) time = Math.max(time, known.write, readsOnly(op) ? 0 : known.read);
    }
    return time + 1;
  }

  note(accesses: readonly Access[], time: number): void {
    for (const { object, op } of accesses) {
      let known = this.#objects.get(object);
      if (known === undefined) this.#objects.set(object, (known = { read: 0, write: 0 }));
      if (readsOnly(op)) known.read = Math.max(known.read, time);
      else known.write = time;
    }
  }
}
