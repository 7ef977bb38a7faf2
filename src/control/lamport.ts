import { LayeredMap } from "../base/layered-map.js";
import { readsOnly, type Access } from "../model/run/operation.js";

/** A step's length in nanoseconds of virtual time. */
export const STEP = 1_000;

/** A goroutine in the order of causes. */
export interface LamportTime {
  /** Nanoseconds since the run began: what it read from the clock last, or what another one had read before a step that it comes after, and the steps since. */
  lamport: number;
}

export interface LamportState {
  readonly times: ReadonlyMap<number, number>;
  readonly step: number;
}

/**
 * Lamport's rule (1978) over goroutines and objects: what a goroutine reads from the clock in a step is later than what
 * was read in every step that this one depends on. Steps that only read an object do not order each other (P3 of
 * model/run/program.ts), so the latest read and the latest change of each object are kept apart.
 */
export class LamportClocks {
  /** Of the latest read (2 * object) and of the latest change (2 * object + 1). */
  readonly #times = new LayeredMap<number, number>();
  #step = 0;

  /** Before a step, by what is known that it touches: gives its time to those who act in it. `moved`: of the clock's step, to where it moves. */
  begin(actors: readonly LamportTime[], accesses: readonly Access[], moved = 0): number {
    let time = moved;
    for (const { lamport } of actors) time = Math.max(time, lamport);
    for (const { object, op } of accesses) {
      time = Math.max(time, this.#times.get(2 * object + 1) ?? 0);
      if (!readsOnly(op)) time = Math.max(time, this.#times.get(2 * object) ?? 0);
    }
    this.#step = time + STEP;
    for (const actor of actors) actor.lamport = this.#step;
    return this.#step;
  }

  /** The objects were touched at `time`. */
  note(accesses: readonly Access[], time: number): void {
    for (const { object, op } of accesses) {
      if (!readsOnly(op)) this.#times.set(2 * object + 1, time);
      else if (time > (this.#times.get(2 * object) ?? 0)) this.#times.set(2 * object, time);
    }
  }

  /** A goroutine that moves in a step comes after it. */
  within(one: LamportTime): void {
    one.lamport = Math.max(one.lamport, this.#step);
  }

  save(): LamportState {
    return { times: this.#times.save(), step: this.#step };
  }

  restore({ times, step }: LamportState): void {
    this.#times.restore(times);
    this.#step = step;
  }
}
