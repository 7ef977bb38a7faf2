import { DEFAULT_CASE, type Choice } from "../../model/choice.js";
import { isLook } from "../../model/operation.js";
import type { GuestGoroutine } from "../guest/guest-goroutine.js";

/** So many looks in a row, with nobody else moving, and a goroutine is taken to be spinning. */
const SPINS = 8;

export const isSpinning = (goroutine: GuestGoroutine): boolean => goroutine.spins >= SPINS;

/** Goes on only when nothing better can. */
export const isYielding = (goroutine: GuestGoroutine): boolean => goroutine.yielded || isSpinning(goroutine);

/** Counts who only looks; a step that does something, and the clock's, gives everybody a new chance. */
export class Spinning {
  /** Those who yielded, or have looked in vain at least once. */
  #restless = new Set<GuestGoroutine>();

  yielded(goroutine: GuestGoroutine): void {
    this.#restless.add(goroutine);
  }

  /** Before a step: calls `changed` for those whose chances it changes. */
  step(choice: Choice, actors: readonly GuestGoroutine[], changed: (goroutine: GuestGoroutine) => void): void {
    const looks = actors.length === 1 && (isLook(actors[0]!.op) || (choice.kind === "go" && choice.case === DEFAULT_CASE));
    for (const goroutine of this.#restless) {
      if (actors.includes(goroutine)) continue;
      goroutine.yielded = false;
      if (!looks) goroutine.spins = 0;
      changed(goroutine);
      if (goroutine.spins === 0) this.#restless.delete(goroutine);
    }
    for (const goroutine of actors) {
      goroutine.spins = looks ? goroutine.spins + 1 : 0;
      if (looks) this.#restless.add(goroutine);
    }
  }

  restore(goroutines: readonly GuestGoroutine[]): void {
    this.#restless = new Set(goroutines.filter(({ spins, yielded }) => spins > 0 || yielded));
  }
}
