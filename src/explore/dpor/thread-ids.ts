import type { GoroutineName } from "../../model/ids.js";
import { CLOCK_PROC, type Proc } from "./happens-before.js";

/** Goroutines as small numbers, for vector clocks; the same for a whole exploration, for names do not depend on the run. */
export class Names {
  readonly #procs = new Map<GoroutineName, Proc>();
  readonly #names: (GoroutineName | undefined)[] = [undefined];

  /** Undefined: the clock. */
  procOf(name: GoroutineName | undefined): Proc {
    if (name === undefined) return CLOCK_PROC;
    let p = this.#procs.get(name);
    if (p === undefined) {
      p = this.#names.push(name) - 1;
      this.#procs.set(name, p);
    }
    return p;
  }

  nameOf(p: Proc): GoroutineName | undefined {
    return this.#names[p];
  }
}
