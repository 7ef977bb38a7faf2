import { LayeredMap } from "../../base/layered-map.js";
import { goroutineName, type GoroutineName } from "../../model/ids.js";
import { copyOf, newGoroutine, type GuestGoroutine } from "./guest-goroutine.js";
import { SCOPE } from "./guest-protocol.js";

export interface GoroutinesState {
  readonly all: readonly GuestGoroutine[];
  readonly timers: ReadonlyMap<number, string>;
  readonly timerStarts: ReadonlyMap<string, number>;
  readonly preexisting: number;
  readonly count: number;
}

/**
 * The guest's goroutines in order of creation, found by address and by name; and how they get their names (P4).
 *
 * G1. `#all` holds every one that lives, in order of creation. If `#hasEnded`, it may hold some that have ended, besides: they
 *     are taken out when `all` is next asked for, all at once, for ten thousand may end in one step.
 */
export class GuestGoroutines {
  #all: GuestGoroutine[] = [];
  #hasEnded = false;
  readonly #byAddress = new Map<number, GuestGoroutine>();
  readonly #byName = new Map<GoroutineName, GuestGoroutine>();
  /** The ones that were asked for last: in a step the same ones are asked for again and again. */
  #lastAt: GuestGoroutine | undefined;
  #lastNamed: GuestGoroutine | undefined;
  /** Addresses of all timers that were made. */
  get timers(): Iterable<number> {
    return this.#timers.keys();
  }

  /** Names of timers, by address: what they start is named after their maker. */
  readonly #timers = new LayeredMap<number, string>();
  readonly #timerStarts = new LayeredMap<string, number>();
  #preexisting = 0;
  /** How many have been started, those that have ended included. */
  #count = 0;

  get all(): readonly GuestGoroutine[] {
    if (this.#hasEnded) this.#all = this.#all.filter(({ phase }) => phase !== "ended");
    this.#hasEnded = false;
    return this.#all;
  }

  /** How many live. */
  get living(): number {
    return this.#byAddress.size;
  }

  at(address: number): GuestGoroutine | undefined {
    if (this.#lastAt?.address !== address) this.#lastAt = this.#byAddress.get(address);
    return this.#lastAt;
  }

  named(name: GoroutineName): GuestGoroutine | undefined {
    if (this.#lastNamed?.name !== name) this.#lastNamed = this.#byName.get(name);
    return this.#lastNamed;
  }

  /** The scope's own: main, or the one that runs the tests. */
  get main(): GuestGoroutine | undefined {
    return this.#byName.get(goroutineName("1"));
  }

  /** `parent`: address of the goroutine that started it; 0: a timer did, or it was there before. */
  start(parent: number, child: number, timer: number): GuestGoroutine {
    const creator = this.at(parent);
    const goroutine = newGoroutine(this.#nameFor(parent, timer), child, this.#count++, creator?.name, creator?.lamport ?? 0);
    this.#all.push(goroutine);
    this.#index(goroutine);
    return goroutine;
  }

  /** It has ended: its phase says so already. */
  end(goroutine: GuestGoroutine): void {
    this.#byAddress.delete(goroutine.address);
    this.#lastAt = undefined;
    this.#hasEnded = true;
  }

  nameTimer(address: number, maker: GuestGoroutine): void {
    this.#timers.set(address, `${maker.name}.t${++maker.timers}`);
  }

  /** One that was made before anything was noted, as a package was initialized, is named after who sets it first. */
  setsTimer(address: number, setter: GuestGoroutine): void {
    if (this.#timers.get(address) === undefined) this.nameTimer(address, setter);
  }

  save(): GoroutinesState {
    return {
      all: this.all.map(copyOf),
      timers: this.#timers.save(),
      timerStarts: this.#timerStarts.save(),
      preexisting: this.#preexisting,
      count: this.#count,
    };
  }

  restore(state: GoroutinesState): void {
    this.#all = state.all.map(copyOf);
    this.#hasEnded = false;
    if (this.#byAddress.size > 0) this.#byAddress.clear();
    this.#lastAt = this.#lastNamed = undefined;
    if (this.#byName.size > 0) this.#byName.clear();
    for (const goroutine of this.#all) this.#index(goroutine);
    this.#timers.restore(state.timers);
    this.#timerStarts.restore(state.timerStarts);
    this.#preexisting = state.preexisting;
    this.#count = state.count;
  }

  #nameFor(parent: number, timer: number): GoroutineName {
    if (parent === SCOPE) return goroutineName("1");
    const creator = this.at(parent);
    if (creator) return goroutineName(`${creator.name}.${++creator.children}`);
    const maker = this.#timers.get(timer);
    return maker !== undefined && this.main ? this.#startedBy(maker) : goroutineName(`0.${++this.#preexisting}`);
  }

  /** A timer may start several: `1.t1.1`, then `1.t1.2`, … */
  #startedBy(timer: string): GoroutineName {
    const count = (this.#timerStarts.get(timer) ?? 0) + 1;
    this.#timerStarts.set(timer, count);
    return goroutineName(`${timer}.${count}`);
  }

  #index(goroutine: GuestGoroutine): void {
    this.#byAddress.set(goroutine.address, goroutine);
    this.#lastAt = this.#lastNamed = undefined;
    this.#byName.set(goroutine.name, goroutine);
  }
}
