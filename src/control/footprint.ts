import type { GoroutineName } from "../model/ids.js";
import type { Access } from "../model/operation.js";
import type { Footprint } from "../model/program.js";

/** What a step touches and which goroutines it moves, noted while it is done. Each object and operation once, in order of first touch. */
export class StepFootprint implements Footprint {
  readonly accesses: Access[] = [];
  readonly moved: GoroutineName[] = [];
  readonly started: GoroutineName[] = [];

  touch(access: Access): void {
    for (const known of this.accesses) if (known.object === access.object && known.op === access.op) return;
    this.accesses.push(access);
  }

  /** An object that the operation did not name, and changed all the same. */
  affects(access: Access): void {
    if (!this.accesses.some((known) => known.object === access.object)) this.accesses.push(access);
  }

  moves(name: GoroutineName): void {
    if (!this.moved.includes(name)) this.moved.push(name);
  }

  starts(name: GoroutineName): void {
    this.started.push(name);
    this.moves(name);
  }
}
