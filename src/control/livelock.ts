import type { GoroutineName } from "../model/ids.js";
import type { GoroutinePhase } from "./goroutine.js";

/** Where a goroutine is when the clock has moved. */
export interface RoundGoroutine {
  readonly parent: GoroutineName | undefined;
  readonly phase: GoroutinePhase;
  readonly op: string;
}

/**
 * So many moves of the clock in a row that find every goroutine at the same kind of operation, and the run is taken to
 * repeat itself for ever (a ticker loop, a main that prints once a second). Virtual time is free: a round may take an
 * hour, and a timer of a month is waited for. A loop that counts further than this before it does something new is cut
 * off: the outcome says `horizon`, never `quiescent`. Within the scope a test may well poll every 10 ms for five seconds;
 * after it nothing is waited for, and a goroutine that starts another goroutine with each tick (so that no two rounds are
 * alike) is given `after` moves in all. Beside a fast ticker a slower timer is waited for, for `slower` rounds, until it has
 * gone round as well: otherwise whether it ends when it wakes up is not known.
 */
const MAX_ROUNDS = { inScope: 600, afterScope: 64, slower: 256, after: 400 } as const;

export interface LivelockState {
  readonly round: string;
  readonly count: number;
  /** Moves of the clock since the scope was over. */
  readonly after: number;
}

/** Counts how often in a row the clock has found all goroutines where they were when it moved before. */
export class LivelockDetector {
  #state: LivelockState = { round: "", count: 0, after: 0 };
  readonly #inScope: number;

  /** `inScope`: instead of MAX_ROUNDS within the scope. */
  constructor(inScope: number | undefined) {
    this.#inScope = inScope ?? MAX_ROUNDS.inScope;
  }

  /** The clock has moved. Names and objects do not count: each round may have a goroutine and a timer of its own. */
  note(goroutines: readonly RoundGoroutine[], scopeOver: boolean): void {
    const round = goroutines.map((one) => `${one.parent}:${one.phase === "stopped" ? one.op : ""}`).join(" ");
    const { count, after } = this.#state;
    this.#state = { round, count: round === this.#state.round ? count + 1 : 0, after: scopeOver ? after + 1 : 0 };
  }

  /** `allSeen`: each goroutine that waits for time has been seen to go round. */
  repeats(scopeOver: boolean, allSeen: () => boolean): boolean {
    const { count, after } = this.#state;
    if (!scopeOver) return count >= this.#inScope;
    return after >= MAX_ROUNDS.after || count >= MAX_ROUNDS.slower || (count === MAX_ROUNDS.afterScope || (count > MAX_ROUNDS.afterScope && count % 16 === 0) ? allSeen() : false);
  }

  save(): LivelockState {
    return this.#state;
  }

  restore(state: LivelockState): void {
    this.#state = state;
  }
}
