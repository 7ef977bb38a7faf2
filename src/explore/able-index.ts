import { RankSet } from "../base/rank-set.js";
import { actorsOf, type Choice } from "../model/run/choice.js";
import type { GoroutineName } from "../model/ids.js";
import type { Pending, Run } from "../model/run/program.js";

/** From so many that are shown, a look at each is most of a step. */
const MANY = 64;
/** Where all may have changed, one step after the other (a thousand that wait for one lock), each is looked at for so many steps. */
const LONGEST_PAUSE = 64;

/** Of those who can go on: some do not yield; some of these are no answer from outside; some yield; some of these may be straight code. The clock's entry. */
export interface AbleCounts {
  readonly plain: boolean;
  readonly busy: boolean;
  readonly yielding: boolean;
  readonly straight: boolean;
  readonly clock: Pending | undefined;
}

/**
 * Who can go on, kept from step to step: what a step costs does not grow with those that could have gone on and were not chosen.
 *
 * I1. It holds what a list of `Run.pending` would show: `at(n)` is the n-th of those who can go on and are let through, in that order, the clock last.
 * I2. Only hosts whose entries have an `order`, and that tell what has changed (Run.takeChanged). Who is not told of has not changed; whoever goes on was chosen.
 * I3. A strategy that chooses by it answers what it would answer to the list: the same seed, the same schedules.
 */
export class AbleIndex {
  /** By `order`: who can go on. */
  readonly #entries: (Pending | undefined)[] = [];
  readonly #orders = new Map<GoroutineName, number>();
  readonly #all = new RankSet();
  readonly #yielding = new RankSet();
  /** Those of `#all` that do not yield. */
  readonly #plain = new RankSet();
  readonly #draws = new RankSet();
  #straight = 0;
  #answers = 0;
  #clock: Pending | undefined;
  #isKnown = false;
  /** Steps since all may have changed. */
  #steps = 0;
  #pause = 0;
  #nextPause = 1;
  #showsClock = true;
  #showsYielding = true;
  /** What is new in this step, in order; all that are stopped where `isAfresh`. */
  news: readonly Pending[] = [];
  isAfresh = false;

  /** Brings it up to date. False: each is to be looked at in this step. */
  follow(run: Run): boolean {
    if (this.#isKnown) return this.#goOn(run);
    if (this.#pause === 0) return this.#begin(run);
    this.#pause--;
    return false;
  }

  /** Are so many shown, by a host that tells what changes, that it is worth while? */
  static helps(run: Run, shown: readonly Pending[]): boolean {
    return shown.length >= MANY && run.takeChanged !== undefined && shown[0]!.order !== undefined;
  }

  /** Its actors go on. */
  chose(choice: Choice): void {
    if (!this.#isKnown) return;
    for (const actor of actorsOf(choice)) {
      const order = this.#orders.get(actor);
      if (order !== undefined) this.#remove(order);
    }
  }

  get counts(): AbleCounts {
    const plain = this.#plain.size;
    return { plain: plain > 0, busy: plain > this.#answers, yielding: this.#yielding.size > 0, straight: this.#straight > 0, clock: this.#clock };
  }

  /** What is let through. */
  show(clock: boolean, yielding: boolean): void {
    this.#showsClock = clock;
    this.#showsYielding = yielding;
  }

  get showsYielding(): boolean {
    return this.#showsYielding;
  }

  /** The clock's entry, if it may move now. */
  get clock(): Pending | undefined {
    return this.#showsClock && this.#clock !== undefined && this.#clock.alternatives.length > 0 ? this.#clock : undefined;
  }

  /** How many can go on, with the clock. */
  get size(): number {
    return this.#shown.size + (this.clock === undefined ? 0 : 1);
  }

  /** I1 */
  at(n: number): Pending {
    return n < this.#shown.size ? this.#entries[this.#shown.at(n)]! : this.clock!;
  }

  /** The first that is before a draw. */
  get draw(): Pending | undefined {
    for (let n = 0; n < this.#draws.size; n++) {
      const one = this.#entries[this.#draws.at(n)]!;
      if (this.#showsYielding || one.yielding !== true) return one;
    }
    return undefined;
  }

  /** It can go on as this says. */
  holds(one: Pending): boolean {
    return this.#entries[one.order!] === one;
  }

  /** What a goroutine can do, if it can go on. */
  of(goroutine: GoroutineName): Pending | undefined {
    const order = this.#orders.get(goroutine);
    return order === undefined ? undefined : this.#entries[order];
  }

  /** All that can go on and are let through, without the clock. */
  goroutines(): readonly Pending[] {
    return Array.from({ length: this.#shown.size }, (_, n) => this.at(n));
  }

  get #shown(): RankSet {
    return this.#showsYielding ? this.#all : this.#plain;
  }

  #begin(run: Run): boolean {
    run.takeChanged!();
    for (const set of [this.#all, this.#plain, this.#yielding, this.#draws]) set.clear();
    this.#entries.length = 0;
    this.#orders.clear();
    this.#straight = this.#answers = 0;
    this.#isKnown = this.isAfresh = true;
    this.#learn(run.pending().slice());
    return true;
  }

  #goOn(run: Run): boolean {
    const changed = run.takeChanged!();
    this.#isKnown = changed !== undefined;
    this.isAfresh = false;
    if (changed !== undefined) {
      this.#learn(changed);
      if (++this.#steps === LONGEST_PAUSE) this.#nextPause = 1;
      return true;
    }
    this.#steps = 0;
    this.#pause = this.#nextPause;
    this.#nextPause = Math.min(2 * this.#nextPause, LONGEST_PAUSE);
    return false;
  }

  #learn(news: readonly Pending[]): void {
    this.news = news;
    this.#clock = undefined;
    for (const one of news) {
      if (one.goroutine === undefined) {
        this.#clock = one;
        continue;
      }
      this.#orders.set(one.goroutine, one.order!);
      this.#remove(one.order!);
      if (one.alternatives.length > 0) this.#add(one);
    }
  }

  #add(one: Pending): void {
    const order = one.order!;
    this.#entries[order] = one;
    this.#all.add(order);
    (one.yielding === true ? this.#yielding : this.#plain).add(order);
    if (one.op === "random") this.#draws.add(order);
    this.#count(one, 1);
  }

  #remove(order: number): void {
    const one = this.#entries[order];
    if (one === undefined) return;
    this.#entries[order] = undefined;
    for (const set of [this.#all, this.#plain, this.#yielding, this.#draws]) set.delete(order);
    this.#count(one, -1);
  }

  #count({ yielding, mayBeStraight, op }: Pending, by: 1 | -1): void {
    if (yielding === true) this.#straight += mayBeStraight === true ? by : 0;
    else if (op === "answer") this.#answers += by;
  }
}
