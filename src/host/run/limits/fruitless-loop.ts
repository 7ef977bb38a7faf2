import type { GoroutineName } from "../../../model/ids.js";

/** Steps that are watched first; each time that they show nothing, twice as many. */
const FIRST_WATCH = 1024;

export interface FruitlessLoopState {
  readonly looks: number;
  readonly from: number;
  readonly length: number;
  readonly round: boolean;
  readonly seen: ReadonlyMap<GoroutineName, ReadonlyMap<number, number>>;
}

/**
 * Looks in a row while nothing else happens: do they go round for ever, or does a loop count its rounds?
 *
 * L1. Up to `limit` looks nothing is asked: most loops find what they wait for.
 * L2. Then each step's goroutine is looked at: its stack, and what that points at (GuestObjects.stateOf). Who comes to the same
 *     operation with the same state again will do what it did before. When that is so of all who took steps, nobody gets
 *     any further: nothing else happens meanwhile, and the clock has been given its turn.
 *     Who could go on and took no step meanwhile may be the one that they wait for: then nothing is said.
 * L3. A goroutine whose states all differ counts (`for range 3_000_000 { flag.Load() }`) or works on something: it is given
 *     twice as many steps, and so on. The run's own limits end it, not a verdict.
 */
export class FruitlessLoop {
  #looks = 0;
  #from: number;
  #length = FIRST_WATCH;
  #seen = new Map<GoroutineName, Map<number, number>>();
  #round = false;

  constructor(limit: number) {
    this.#from = limit;
  }

  /** Its goroutines have to stop after each step, for only then their state can be read. */
  get isWatching(): boolean {
    return this.#looks >= this.#from;
  }

  /** A step that only looked is over. True: all go round. `state`: of who acted, as it stands now; `able`: who could go on. */
  looked(actor: GoroutineName, state: () => number, able: () => readonly GoroutineName[]): boolean {
    if (++this.#looks <= this.#from || this.#round) return this.#round;
    const states = this.#seen.get(actor) ?? new Map<number, number>();
    const now = state();
    states.set(now, (states.get(now) ?? 0) + 1);
    this.#seen.set(actor, states);
    if (this.#looks < this.#from + this.#length) return false;
    this.#round = [...this.#seen.values()].every((one) => [...one.values()].some((times) => times > 1)) && able().every((one) => this.#seen.has(one));
    if (this.#round) return true;
    this.#from = this.#looks * 2;
    this.#length *= 2;
    this.#seen = new Map();
    return false;
  }

  save(): FruitlessLoopState {
    return { looks: this.#looks, from: this.#from, length: this.#length, round: this.#round, seen: copied(this.#seen) };
  }

  static restored({ looks, from, length, round, seen }: FruitlessLoopState): FruitlessLoop {
    const loop = new FruitlessLoop(from);
    loop.#looks = looks;
    loop.#length = length;
    loop.#round = round;
    loop.#seen = copied(seen);
    return loop;
  }
}

const copied = (seen: FruitlessLoopState["seen"]): Map<GoroutineName, Map<number, number>> => new Map([...seen].map(([name, states]) => [name, new Map(states)]));
