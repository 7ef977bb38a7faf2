import type { GoroutineName, ObjectId } from "../../model/ids.js";
import type { Access } from "../../model/operation.js";
import type { Footprint } from "../../model/program.js";

/** What a step does, noted while it is done. */
export class StepFootprint implements Footprint {
  readonly accesses: Access[] = [];
  readonly moved: GoroutineName[] = [];
  readonly started: GoroutineName[] = [];

  touch(access: Access): void {
    if (!this.accesses.some((one) => one.object === access.object && one.op === access.op)) this.accesses.push(access);
  }

  /** An object that the operation did not name, and changed. */
  affects(object: ObjectId): void {
    if (!this.accesses.some((one) => one.object === object)) this.accesses.push({ object, op: "netset" });
  }

  moves(name: GoroutineName): void {
    if (!this.moved.includes(name)) this.moved.push(name);
  }

  starts(name: GoroutineName): void {
    this.started.push(name);
    this.moved.push(name);
  }
}
