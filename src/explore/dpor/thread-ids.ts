import type { GoroutineName } from "../../model/ids.js";
import { CLOCK_THREAD, type ThreadId } from "./happens-before.js";

/** Goroutines as small numbers, for vector clocks; the same for a whole exploration, for names do not depend on the run. */
export class ThreadIds {
  readonly #procs = new Map<GoroutineName, ThreadId>();
  readonly #names: (GoroutineName | undefined)[] = [undefined];

  /** Undefined: the clock. */
  procOf(name: GoroutineName | undefined): ThreadId {
    if (name === undefined) return CLOCK_THREAD;
    let p = this.#procs.get(name);
    if (p === undefined) {
      p = this.#names.push(name) - 1;
      this.#procs.set(name, p);
    }
    return p;
  }

  nameOf(p: ThreadId): GoroutineName | undefined {
    return this.#names[p];
  }
}
