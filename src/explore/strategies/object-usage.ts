import type { GoroutineName, ObjectId } from "../../model/ids.js";
import { CLOCK_OBJECT, readsOnly } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";

/** What one goroutine did to one object in a run: in how many of its steps, and where the object stood in the first. */
interface UseEstimate {
  /** The how manieth step of the goroutine it was, and which of the objects that the operation lists. */
  readonly step: number;
  readonly position: number;
  readonly count: number;
}

/** By goroutine. */
export type ObjectUses = ReadonlyMap<GoroutineName, UseEstimate>;

interface UsedObject {
  readonly uses: Map<GoroutineName, UseEstimate>;
  changes: boolean;
}

/** Which goroutine did how many steps to which object, in one run. */
export class ObjectUsage {
  readonly #objects = new Map<ObjectId, UsedObject>();
  readonly #stepsOf = new Map<GoroutineName, number>();
  steps = 0;

  stepsOf(goroutine: GoroutineName): number {
    return this.#stepsOf.get(goroutine) ?? 0;
  }

  /** A step that the goroutine of `pending` does, or its part of one that two do. */
  add({ goroutine, accesses }: Pending): void {
    if (goroutine === undefined) return;
    const step = this.stepsOf(goroutine);
    this.#stepsOf.set(goroutine, step + 1);
    this.steps++;
    for (const [position, { object, op }] of accesses.entries()) {
      if (object === CLOCK_OBJECT || accesses.findIndex((one) => one.object === object) < position) continue;
      const used = this.#used(object);
      const use = used.uses.get(goroutine);
      used.uses.set(goroutine, use ? { ...use, count: use.count + 1 } : { step, position, count: 1 });
      if (!readsOnly(op)) used.changes = true;
    }
  }

  /** The objects that several goroutines used, and not only by looking at them. */
  contended(): readonly ObjectUses[] {
    return [...this.#objects.values()].filter(({ uses, changes }) => changes && uses.size > 1).map(({ uses }) => uses);
  }

  #used(object: ObjectId): UsedObject {
    let used = this.#objects.get(object);
    if (used === undefined) this.#objects.set(object, (used = { uses: new Map(), changes: false }));
    return used;
  }
}
