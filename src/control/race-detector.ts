import { readsOnly, type Access } from "../model/run/operation.js";
import type { GoroutineName, ObjectId } from "../model/ids.js";

/** Two uses of one plain variable, one of which writes, that no operation puts in order. `S`: where in the program. */
export interface VariableRace<S> {
  /** Of the write; of two writes the later one in the run. */
  readonly write: S;
  readonly other: S;
}

/** How often each goroutine had released something, as far as another one knows. */
type Clock = Map<GoroutineName, number>;

interface Use<S> {
  readonly goroutine: GoroutineName;
  /** The goroutine's own number of releases when it was done. */
  readonly at: number;
  readonly site: S;
}

interface Variable<S> {
  write: Use<S> | undefined;
  readonly reads: Map<GoroutineName, Use<S>>;
}

/**
 * Looks for data races in one run, by vector clocks (Mattern 1989), as the run goes. The order is that of reduction, not
 * Go's memory model: two operations on one object are in order in the run unless both only read. What races here is
 * ordered by no operation in Go, either; and where nothing races, the order of plain uses follows from that of
 * operations, which is what the search tries (explore/dpor).
 *
 * R1. A goroutine knows what its creator knew at the `go` statement.
 * R2. An operation on an object knows of all earlier ones on it, one that only reads of all that did not.
 * R3. A use is compared with the last write of the same address, and a write with all reads since.
 * R4. Who has waited until a bubble is at rest (testing/synctest) knows of all that those in it did until they stopped.
 * R5. Who waits inside of the host's runtime, in no step of its own, goes on after the one that let it: nothing says when. Its
 *     operation counts when it begins to wait, and again before whatever it does next.
 */
export class RaceDetector<S> {
  readonly #clocks = new Map<GoroutineName, Clock>();
  readonly #writers = new Map<ObjectId, Clock>();
  readonly #readers = new Map<ObjectId, Clock>();
  readonly #waits = new Map<GoroutineName, readonly Access[]>();
  readonly #bubbles = new Map<number, Clock>();
  readonly #variables = new Map<number, Variable<S>>();
  readonly #races: VariableRace<S>[] = [];

  get races(): readonly VariableRace<S>[] {
    return this.#races;
  }

  /** R1 */
  started(parent: GoroutineName | undefined, child: GoroutineName): void {
    if (parent !== undefined) this.#goesOn(parent);
    if (parent !== undefined) join(this.#clockOf(child), this.#clockOf(parent));
    if (parent !== undefined) this.#release(parent);
  }

  /** R5 */
  waits(goroutine: GoroutineName, accesses: readonly Access[]): void {
    this.operation([goroutine], accesses);
    this.#waits.set(goroutine, accesses);
  }

  /** R5 */
  #goesOn(goroutine: GoroutineName): void {
    const accesses = this.#waits.get(goroutine);
    if (accesses === undefined) return;
    this.#waits.delete(goroutine);
    this.operation([goroutine], accesses);
  }

  /** R2. What one goroutine does, or several in one step (a send and a receive that meet). */
  operation(goroutines: readonly GoroutineName[], accesses: readonly Access[]): void {
    for (const goroutine of goroutines) this.#goesOn(goroutine);
    const all: Clock = new Map();
    for (const goroutine of goroutines) join(all, this.#clockOf(goroutine));
    for (const { object, op } of accesses) {
      join(all, this.#writers.get(object));
      if (!readsOnly(op)) join(all, this.#readers.get(object));
    }
    for (const goroutine of goroutines) join(this.#clockOf(goroutine), all);
    for (const { object, op } of accesses) join(of(readsOnly(op) ? this.#readers : this.#writers, object), all);
    for (const goroutine of goroutines) this.#release(goroutine);
  }

  /** R4. It stops or ends in a bubble. */
  stopped(goroutine: GoroutineName, bubble: number): void {
    this.#goesOn(goroutine);
    join(of(this.#bubbles, bubble), this.#clockOf(goroutine));
    this.#release(goroutine);
  }

  /** R4. It has waited until all others in its bubble are blocked, or have ended. */
  rested(goroutine: GoroutineName, bubble: number): void {
    this.#goesOn(goroutine);
    join(this.#clockOf(goroutine), this.#bubbles.get(bubble));
  }

  /** R3 */
  use(goroutine: GoroutineName, address: number, isWrite: boolean, site: S): void {
    this.#goesOn(goroutine);
    const clock = this.#clockOf(goroutine);
    const use: Use<S> = { goroutine, at: clock.get(goroutine)!, site };
    let variable = this.#variables.get(address);
    if (variable === undefined) this.#variables.set(address, (variable = { write: undefined, reads: new Map() }));
    const { write, reads } = variable;
    const isAfter = (other: Use<S>): boolean => other.goroutine === goroutine || (clock.get(other.goroutine) ?? -1) >= other.at;
    if (write !== undefined && !isAfter(write)) this.#races.push(isWrite ? { write: site, other: write.site } : { write: write.site, other: site });
    if (!isWrite) return void reads.set(goroutine, use);
    for (const read of reads.values()) if (!isAfter(read)) this.#races.push({ write: site, other: read.site });
    reads.clear();
    variable.write = use;
  }

  #clockOf(goroutine: GoroutineName): Clock {
    let clock = this.#clocks.get(goroutine);
    if (clock === undefined) this.#clocks.set(goroutine, (clock = new Map([[goroutine, 0]])));
    return clock;
  }

  /** What it does from now on nobody knows yet. */
  #release(goroutine: GoroutineName): void {
    const clock = this.#clockOf(goroutine);
    clock.set(goroutine, clock.get(goroutine)! + 1);
  }
}

function of<K>(clocks: Map<K, Clock>, key: K): Clock {
  let clock = clocks.get(key);
  if (clock === undefined) clocks.set(key, (clock = new Map<GoroutineName, number>()));
  return clock;
}

function join(clock: Clock, other: Clock | undefined): void {
  if (other === undefined || other === clock) return;
  for (const [goroutine, at] of other) if ((clock.get(goroutine) ?? -1) < at) clock.set(goroutine, at);
}
