import { DEFAULT_CASE, type Choice } from "../model/choice.js";
import { isLook, type OpKind } from "../model/operation.js";

/** What a host keeps of each goroutine to know which ones only look. */
export interface Spinner {
  /** Steps in a row in which it only looked, while no goroutine did anything. */
  spins: number;
  /** Its Gosched waits for another goroutine's step. */
  yielded: boolean;
}

/** So many looks in a row, while no goroutine does anything, and a goroutine is taken to be spinning. */
export const SPINS = 8;

export const isSpinning = ({ spins }: Spinner): boolean => spins >= SPINS;

/** Goes on only when nothing better can (`Pending.yielding`). */
export const isYielding = (one: Spinner): boolean => one.yielded || isSpinning(one);

/** A step in which one goroutine looks at something and finds no reason to go on: it will do it again. */
export const isLookStep = (choice: Choice, op: OpKind): boolean =>
  choice.kind === "go" && (choice.case === DEFAULT_CASE || isLook(op));

/**
 * Counts looks. A step that does something gives each goroutine a new chance, and so does the clock's; another's look does
 * not: two goroutines that poll in turn spin as one does.
 */
export class Spinning<G extends Spinner> {
  /** Those who yielded, or have looked in vain at least once: only their chances can change. */
  #restless: Set<G> | undefined;

  /** The last step only looked. */
  looked = false;

  notes(one: G): void {
    (this.#restless ??= new Set()).add(one);
  }

  /** Before a step. `op`: of the first actor. Calls `changed` for others whose chances it changes. */
  step(choice: Choice, actors: readonly G[], op: OpKind | undefined, changed?: (one: G) => void): void {
    const looks = op !== undefined && isLookStep(choice, op);
    this.looked = looks;
    if (this.#restless !== undefined) this.#others(actors, looks, changed);
    for (const one of actors) {
      one.spins = looks ? one.spins + 1 : 0;
      if (looks) this.notes(one);
    }
  }

  #others(actors: readonly G[], looks: boolean, changed: ((one: G) => void) | undefined): void {
    for (const one of this.#restless!) {
      if (actors.includes(one)) continue;
      if (one.yielded || (!looks && one.spins > 0)) changed?.(one);
      one.yielded = false;
      if (!looks) one.spins = 0;
      if (one.spins === 0) this.#restless!.delete(one);
    }
  }

  restore(all: readonly G[]): void {
    this.#restless = new Set(all.filter(({ spins, yielded }) => spins > 0 || yielded));
  }
}
