import type { GoroutineName } from "../model/ids.js";
import type { GoroutinePhase } from "./goroutine.js";

/** Where a goroutine is when the clock has moved. */
interface RoundGoroutine {
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
 * alike) is given `after` moves in all. Beside a fast ticker a slower timer is waited for until it has gone round as well:
 * otherwise whether it ends something when it fires is not known. After the scope the clock is told to move straight to it
 * (ClockView.skipTo), up to `slower` rounds; within the scope, where that might fail an assertion, as many rounds are waited as `patience` times the usual.
 * A run that is followed further (the natural one, and what a search found) goes `further` after the scope: what looks like a loop without an end may count
 * (bufio.Reader asks a hundred times a reader that gives nothing; a retry gives up after so many).
 */
const MAX_ROUNDS = { inScope: 600, afterScope: 64, slower: 256, after: 400, alike: 128, patience: 20, further: 192 } as const;
/** So often it is asked whether all have been seen. */
const EVERY = 16;

export interface LivelockState {
  readonly round: string;
  readonly count: number;
  /** Moves of the clock since `count` rose. */
  readonly moves: number;
  /** Moves of the clock since the scope was over. */
  readonly after: number;
}

/** Where all of them are. Names and objects do not count: each round may have a goroutine and a timer of its own. */
export const roundOf = (goroutines: readonly RoundGoroutine[]): string => goroutines.map((one) => `${one.parent}:${one.phase === "stopped" ? one.op : ""}`).join(" ");

/** Counts how often in a row the clock has found all goroutines where they were when it moved before. */
export class LivelockDetector {
  #state: LivelockState = { round: "", count: 0, moves: 0, after: 0 };
  readonly #inScope: number;
  readonly #further: number;

  /** `inScope`: instead of MAX_ROUNDS within the scope. */
  constructor(inScope: number | undefined, isFollowed = false) {
    this.#inScope = inScope ?? MAX_ROUNDS.inScope;
    this.#further = isFollowed ? MAX_ROUNDS.further : 0;
  }

  /** Moves of the clock in a row after the scope, and all of them, from which on it is asked. */
  get #afterScope(): number {
    return MAX_ROUNDS.afterScope + this.#further;
  }

  get #alike(): number {
    return MAX_ROUNDS.alike + this.#further;
  }

  /**
   * The clock has moved. `round`: equal where all goroutines are as they were (`roundOf`). `waiting`: so many wait for time; where each has a time
   * of its own, it takes as many moves until all have gone round (ants: a thousand workers sleep a hundred times each).
   */
  note(round: string, scopeOver: boolean, waiting = 1): void {
    const { count, moves, after } = this.#state;
    const isFull = moves + 1 >= waiting;
    const next = round !== this.#state.round ? { count: 0, moves: 0 } : isFull ? { count: count + 1, moves: 0 } : { count, moves: moves + 1 };
    this.#state = { round, ...next, after: scopeOver ? after + 1 : 0 };
  }

  /** The timers that are set now are the ones to be seen: a while before it is asked about them. */
  begins(scopeOver: boolean): boolean {
    const { count, moves, after } = this.#state;
    if (!scopeOver) return moves === 0 && count === Math.max(0, this.#inScope - EVERY);
    return count === this.#afterScope - EVERY || after === this.#alike - EVERY;
  }

  /** It is time to ask whether all timers have been seen; where they have not, the clock may go straight to them after the scope. */
  asks(scopeOver: boolean): boolean {
    const { count, moves, after } = this.#state;
    if (!scopeOver) return moves === 0 && count >= this.#inScope && (count - this.#inScope) % EVERY === 0;
    return (count >= this.#afterScope && count % EVERY === 0) || (after >= this.#alike && after % EVERY === 0);
  }

  /** `allSeen`: each goroutine that waits for time, and each timer, has been seen to go round. */
  repeats(scopeOver: boolean, allSeen: boolean): boolean {
    const { count, after } = this.#state;
    if (!scopeOver) return (allSeen && this.asks(false)) || count >= this.#inScope * MAX_ROUNDS.patience;
    return after >= MAX_ROUNDS.after + this.#further || count >= MAX_ROUNDS.slower + this.#further || (allSeen && count >= this.#afterScope && count % EVERY === 0);
  }

  save(): LivelockState {
    return this.#state;
  }

  restore(state: LivelockState): void {
    this.#state = state;
  }
}
