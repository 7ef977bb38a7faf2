import type { Prng } from "../../base/prng.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Pending } from "../../model/run/program.js";

/** The clock, as one more thread. */
const CLOCK = "@";
type ThreadName = GoroutineName | typeof CLOCK;

/** A priority for each goroutine, and for the clock, drawn where one is first needed. Drawn ones are above zero. */
export class Priorities {
  readonly #priorities = new Map<ThreadName, number>();
  readonly #draw: () => number;
  #lowest = 0;

  constructor(prng: Prng) {
    this.#draw = () => 1 + prng.next();
  }

  /** That of the highest priority among those that can go on; undefined: none can. */
  highest(pending: readonly Pending[], held?: ReadonlySet<GoroutineName>): Pending | undefined {
    let best: Pending | undefined;
    let highest = 0;
    for (const p of pending) {
      if (p.alternatives.length === 0 || (held !== undefined && p.goroutine !== undefined && held.has(p.goroutine))) continue;
      const priority = this.#of(p.goroutine ?? CLOCK);
      if (best === undefined || priority > highest) {
        best = p;
        highest = priority;
      }
    }
    return best;
  }

  /** Below all others, until it is lowered again or renewed. */
  lower({ goroutine }: Pending): void {
    this.#priorities.set(goroutine ?? CLOCK, --this.#lowest);
  }

  /** Another one is drawn when it is next needed. */
  renew(goroutine: GoroutineName | undefined): void {
    this.#priorities.delete(goroutine ?? CLOCK);
  }

  #of(name: ThreadName): number {
    let priority = this.#priorities.get(name);
    if (priority === undefined) this.#priorities.set(name, (priority = this.#draw()));
    return priority;
  }
}
