import { Heap, type HeapItem } from "../../base/heap.js";
import { actorsOf, goChoice, type Choice } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { OpKind } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import { isDefault, type FairnessState } from "../fairness.js";
import { OneRun } from "./one-run.js";

/** After so many polls and yields in a row with nothing else happening, time moves. */
const IDLE_STEPS = 64;

/** A goroutine that can go on. */
interface Able extends HeapItem {
  one: Pending;
  readonly goroutine: GoroutineName;
  /** Its name, `1.2.3`, as numbers. */
  readonly path: readonly number[];
}

/**
 * One family after the other: the goroutine that went last goes on while it can; then the first in the order of names, in which who starts others
 * comes before these, and all that these start before who was started after them. A program of a thousand copies of one thing (a test that
 * calls a handler a thousand times) comes to the end of a copy so, where the natural schedule and random priorities begin all of
 * them first (GoKer's Kubernetes58107: 200,000 signals in each of 1,000 copies).
 *
 * Who yields goes on only where no other can, each in turn; the clock moves when nothing else can, or when there was only polling for a while.
 */
export class Families extends OneRun {
  readonly name = "families";
  readonly keepsOwnFairness = true;
  readonly looksAtChanges = true;
  readonly #items = new Map<GoroutineName, Able>();
  readonly #first = new Heap<Able>((a, b) => isBefore(a.path, b.path));
  /** Those that yield, or would take a default: not in the heap. */
  readonly #polling = new Set<Able>();
  #clock: Choice | undefined;
  #last: Able | undefined;
  #again: Choice | undefined;
  #idle = 0;

  next(pending: readonly Pending[], _history: Schedule, _fairness: FairnessState, changed?: readonly Pending[]): Choice | "stop-run" {
    if (changed === undefined) for (const item of this.#items.values()) this.#leaves(item);
    this.#learn(changed ?? pending);
    const last = this.#last;
    const first = last !== undefined && last.heapIndex >= 0 ? last : this.#first.peek();
    if (first !== undefined) return this.#takes(first);
    const [poll] = this.#polling;
    if (this.#clock === undefined || (poll !== undefined && this.#idle < IDLE_STEPS)) return poll === undefined ? "stop-run" : this.#polls(poll);
    this.#idle = 0;
    this.#last = undefined;
    return this.#clock;
  }

  goesOn(_op: OpKind, yielding: boolean): Choice | undefined {
    if (this.#last === undefined || yielding) return undefined;
    const { goroutine } = this.#last;
    if (this.#again === undefined || actorsOf(this.#again)[0] !== goroutine) this.#again = goChoice(goroutine);
    return this.#again;
  }

  #learn(changed: readonly Pending[]): void {
    this.#clock = undefined;
    for (const one of changed) {
      if (one.goroutine === undefined) this.#clock = one.alternatives[0];
      else this.#tell(this.#itemOf(one.goroutine, one));
    }
  }

  #tell(item: Able): void {
    this.#leaves(item);
    const [way] = item.one.alternatives;
    if (way === undefined) return;
    if (item.one.op === "yield" || item.one.yielding === true || isDefault(way)) this.#polling.add(item);
    else this.#first.push(item);
  }

  #itemOf(goroutine: GoroutineName, one: Pending): Able {
    let item = this.#items.get(goroutine);
    if (item === undefined) this.#items.set(goroutine, (item = { one, goroutine, path: goroutine.split(".").map(numberOf), heapIndex: -1 }));
    item.one = one;
    return item;
  }

  #takes(item: Able): Choice {
    this.#idle = 0;
    return this.#goOn(item);
  }

  #polls(item: Able): Choice {
    this.#idle++;
    return this.#goOn(item);
  }

  #goOn(item: Able): Choice {
    const choice = item.one.alternatives[0]!;
    for (const actor of actorsOf(choice)) this.#leaves(this.#items.get(actor)!);
    this.#last = item;
    return choice;
  }

  #leaves(item: Able): void {
    this.#first.remove(item);
    this.#polling.delete(item);
  }
}

/** Timers, `t1`, stand behind what their goroutine started itself. */
const numberOf = (part: string): number => (part.startsWith("t") ? 1e9 + Number(part.slice(1)) : Number(part));

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]!;
  return a.length < b.length;
}
