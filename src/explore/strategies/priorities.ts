import { Heap, type HeapItem } from "../../base/heap.js";
import type { Prng } from "../../base/prng.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Pending } from "../../model/run/program.js";
import type { AbleIndex } from "../able-index.js";

/** The clock, as one more thread. */
const CLOCK = "@";
/** Where more of a heap no longer stand so, these are taken out. */
const STALE = 4;
type ThreadName = GoroutineName | typeof CLOCK;

interface Ranked extends HeapItem {
  readonly one: Pending;
  readonly priority: number;
}

const isHigher = (a: Ranked, b: Ranked): boolean => a.priority > b.priority || (a.priority === b.priority && a.one.order! < b.one.order!);

/** A priority for each goroutine, and for the clock, drawn where one is first needed. Drawn ones are above zero. */
export class Priorities {
  readonly #priorities = new Map<ThreadName, number>();
  readonly #draw: () => number;
  #lowest = 0;
  /** Where many can go on: those that could, as they stood when their priority was noted; one that does not stand so any more is passed over. */
  readonly #plain = new Heap<Ranked>(isHigher);
  readonly #yielding = new Heap<Ranked>(isHigher);
  /** Those of the heaps that are held back. */
  readonly #held: Ranked[] = [];
  /** By order: who can go on, and has no priority yet. */
  readonly #undrawn = new Map<number, Pending>();
  #able: AbleIndex | undefined;

  constructor(prng: Prng) {
    this.#draw = () => 1 + prng.next();
  }

  /** That of the highest priority among those that can go on; undefined: none can. */
  highest(pending: readonly Pending[], held?: ReadonlySet<GoroutineName>): Pending | undefined {
    this.#able = undefined;
    let best: Pending | undefined;
    let highest = 0;
    for (const p of pending) {
      if (p.alternatives.length === 0 || (held !== undefined && p.goroutine !== undefined && held.has(p.goroutine))) continue;
      const priority = this.#of(p.goroutine ?? CLOCK);
      if (best === undefined || priority > highest) {
        best = p;
        highest = priority;
      }
    }
    return best;
  }

  /** The same, among many, where `follow` was called in each step: only what is new is looked at. */
  highestAmong(able: AbleIndex, held?: ReadonlySet<GoroutineName>): Pending | undefined {
    this.#drawFor(able, held);
    const best = higher(this.#top(this.#plain, able, held), able.showsYielding ? this.#top(this.#yielding, able, held) : undefined);
    const { clock } = able;
    return clock !== undefined && this.#of(CLOCK) > (best?.priority ?? -Infinity) ? clock : best?.one;
  }

  /** Those that were held back are no longer. */
  release(): void {
    for (const item of this.#held) this.#push(item.one);
    this.#held.length = 0;
  }

  /** In each step, before anything else is asked. */
  follow(able: AbleIndex): void {
    if (able.isAfresh) {
      for (const heap of [this.#plain, this.#yielding]) heap.clear();
      this.#undrawn.clear();
      this.#held.length = 0;
    }
    this.#able = able;
    for (const one of able.news) if (one.goroutine !== undefined && one.alternatives.length > 0) this.#push(one);
    for (const heap of [this.#plain, this.#yielding]) if (heap.size > STALE * (able.size + STALE)) heap.keep((item) => this.#isAsWas(item, able));
  }

  #drawFor(able: AbleIndex, held: ReadonlySet<GoroutineName> | undefined): void {
    if (this.#undrawn.size === 0) return;
    for (const one of [...this.#undrawn.values()].sort((a, b) => a.order! - b.order!)) {
      if (able.holds(one) && ((one.yielding === true && !able.showsYielding) || held?.has(one.goroutine!) === true)) continue;
      this.#undrawn.delete(one.order!);
      if (!able.holds(one)) continue;
      this.#of(one.goroutine!);
      this.#push(one);
    }
  }

  #top(heap: Heap<Ranked>, able: AbleIndex, held: ReadonlySet<GoroutineName> | undefined): Ranked | undefined {
    for (;;) {
      const item = heap.peek();
      if (item === undefined) return undefined;
      if (!this.#isAsWas(item, able)) heap.pop();
      else if (held?.has(item.one.goroutine!) !== true) return item;
      else this.#held.push(heap.pop()!);
    }
  }

  #isAsWas({ one, priority }: Ranked, able: AbleIndex): boolean {
    return able.holds(one) && this.#priorities.get(one.goroutine!) === priority;
  }

  /** As it stands now; one without a priority draws it when it is let through. */
  #push(one: Pending): void {
    const priority = this.#priorities.get(one.goroutine!);
    if (priority === undefined) this.#undrawn.set(one.order!, one);
    else (one.yielding === true ? this.#yielding : this.#plain).push({ one, priority, heapIndex: -1 });
  }

  /** Its priority is another one, or is to be drawn. */
  #again(goroutine: GoroutineName | undefined): void {
    const one = goroutine === undefined ? undefined : this.#able?.of(goroutine);
    if (one !== undefined) this.#push(one);
  }

  /** Below all others, until it is lowered again or renewed. */
  lower({ goroutine }: Pending): void {
    this.#priorities.set(goroutine ?? CLOCK, --this.#lowest);
    this.#again(goroutine);
  }

  /** Another one is drawn when it is next needed. */
  renew(goroutine: GoroutineName | undefined): void {
    this.#priorities.delete(goroutine ?? CLOCK);
    this.#again(goroutine);
  }

  #of(name: ThreadName): number {
    let priority = this.#priorities.get(name);
    if (priority === undefined) this.#priorities.set(name, (priority = this.#draw()));
    return priority;
  }
}

const higher = (a: Ranked | undefined, b: Ranked | undefined): Ranked | undefined => (a === undefined || (b !== undefined && isHigher(b, a)) ? b : a);
