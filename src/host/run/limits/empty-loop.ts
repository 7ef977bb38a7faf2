import type { GoroutineName } from "../../../model/ids.js";

/** States that are kept of one goroutine; a round that is longer is not seen. */
const WATCHED = 512;

interface Watched {
  /** Receives in a row that brought nothing, when it was last asked. */
  readonly empty: number;
  readonly states: ReadonlySet<number>;
}

export type EmptyLoopState = ReadonlyMap<GoroutineName, Watched>;

const NOBODY: EmptyLoopState = new Map();

/**
 * Receives in a row that bring nothing: do they go round for ever, or does a loop count them (`for range 10_000 { <-done }`)?
 *
 * E1. Up to `from` nothing is asked.
 * E2. Then the goroutine's state is looked at after each (GuestObjects.stateOf). Who comes to the same again does what it did before.
 * E3. One whose states all differ counts, or makes something new in each round: it goes on until `most`. Where as many
 *     goroutines live as it may go rounds, it starts one in each, and has no end.
 */
export class EmptyLoop {
  readonly #from: number;
  readonly #most: number;
  /** Never changed: what was saved shares it. */
  #of: EmptyLoopState;
  #watching = false;

  constructor(from: number, most: number, saved: EmptyLoopState = NOBODY) {
    this.#from = from;
    this.#most = most;
    this.#of = saved;
  }

  /** Its goroutine has to stop after each step, for only then its state can be read. */
  get isWatching(): boolean {
    return this.#watching;
  }

  /** A receive of nothing is over, the actor's `empty`th in a row. True: it goes round. */
  received(actor: GoroutineName, empty: number, state: () => number, living: number): boolean {
    this.#watching = false;
    if (empty < this.#from) return false;
    if (empty >= this.#most || living >= this.#from) return true;
    const before = this.#of.get(actor);
    const states = before === undefined || before.empty >= empty ? undefined : before.states;
    if (states !== undefined && states.size >= WATCHED) return false;
    this.#watching = true;
    const now = states === undefined ? undefined : state();
    this.#of = new Map(this.#of).set(actor, { empty, states: new Set([...(states ?? []), ...(now === undefined ? [] : [now])]) });
    return now !== undefined && states!.has(now);
  }

  save(): EmptyLoopState {
    return this.#of;
  }
}
