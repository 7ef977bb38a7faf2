import type { GoroutineName } from "../model/ids.js";
import type { Access } from "../model/run/operation.js";
import type { Footprint } from "../model/run/program.js";

/** So many are looked through one by one: most steps move one goroutine or two. */
const FEW = 16;

/**
 * What a step touches and which goroutines it moves, noted while it is done. Each object and operation once, in order of first touch.
 *
 * An array that is made with its first element has room for that one alone, an empty one that grows for seventeen: most steps need one.
 *
 * F1. `#movedSet` holds `moved` once that is longer than FEW: a step may start a million goroutines.
 */
export class StepFootprint implements Footprint {
  accesses: Access[] = [];
  moved: GoroutineName[] = [];
  #movedSet: Set<GoroutineName> | undefined;
  started: GoroutineName[] = [];

  touch(access: Access): void {
    for (const known of this.accesses) if (known.object === access.object && known.op === access.op) return;
    if (this.accesses.length === 0) this.accesses = [access];
    else this.accesses.push(access);
  }

  /** An object that the operation did not name, and changed all the same. */
  affects(access: Access): void {
    if (!this.accesses.some((known) => known.object === access.object)) this.accesses.push(access);
  }

  moves(name: GoroutineName): void {
    if (this.#movedSet === undefined ? this.moved.includes(name) : this.#movedSet.has(name)) return;
    if (this.moved.length === 0) this.moved = [name];
    else this.moved.push(name);
    if (this.#movedSet !== undefined) this.#movedSet.add(name);
    else if (this.moved.length > FEW) this.#movedSet = new Set(this.moved);
  }

  starts(name: GoroutineName): void {
    this.started.push(name);
    this.moves(name);
  }
}
