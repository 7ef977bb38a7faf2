import type { GuestGoroutine } from "../guest/guest-goroutine.js";

/**
 * So many moves of the clock in a row that find every goroutine at the same operation on the same object, and the run
 * is taken to repeat itself for ever (a ticker loop, a main that prints once a second). A loop that counts further than
 * this before it does something new is cut off: the outcome says `horizon`, never `quiescent`. Within the scope a test
 * may well poll every 10 ms for five seconds; after it nobody is waiting for anything.
 */
const MAX_ROUNDS = { inScope: 600, afterScope: 64 } as const;

export interface LivelockState {
  readonly round: string;
  readonly count: number;
}

/** Counts how often in a row the clock has found everybody where they were when it moved before. */
export class LivelockDetector {
  #state: LivelockState = { round: "", count: 0 };
  readonly #inScope: number;

  /** `inScope`: instead of MAX_ROUNDS within the scope. */
  constructor(inScope: number | undefined) {
    this.#inScope = inScope ?? MAX_ROUNDS.inScope;
  }

  /** The clock has moved. */
  note(goroutines: readonly GuestGoroutine[]): void {
    const round = goroutines.map((one) => (one.phase === "stopped" ? `${one.name}:${one.op}:${one.object}` : one.name)).join(" ");
    this.#state = { round, count: round === this.#state.round ? this.#state.count + 1 : 0 };
  }

  repeats(scopeOver: boolean): boolean {
    return this.#state.count >= (scopeOver ? MAX_ROUNDS.afterScope : this.#inScope);
  }

  save(): LivelockState {
    return this.#state;
  }

  restore(state: LivelockState): void {
    this.#state = state;
  }
}
