import { hashString } from "../../base/hash.js";
import { Prng } from "../../base/prng.js";
import { goroutineName, type GoroutineName, type ObjectId } from "../../model/ids.js";
import type { NamedGoroutine, PendingOperation } from "../core/pending-operation.js";
import type { Body } from "../core/goroutine.js";
import type { BlockedReferences } from "./reachability.js";

/**
 * What is the same for one goroutine name in all runs of a program: its children's names and its objects' numbers.
 * So names and numbers depend on who made what as which one (P4), and cost one array look-up.
 */
export class StableIds {
  readonly name: GoroutineName;
  readonly #children: StableIds[] = [];
  readonly #timers: StableIds[] = [];
  readonly #objects: ObjectId[] = [];

  constructor(name: string) {
    this.name = goroutineName(name);
  }

  child(k: number): StableIds {
    return (this.#children[k] ??= new StableIds(`${this.name}.${k}`));
  }

  timer(k: number): StableIds {
    return (this.#timers[k] ??= new StableIds(`${this.name}.t${k}`));
  }

  object(k: number, fresh: () => ObjectId): ObjectId {
    return (this.#objects[k] ??= fresh());
  }
}

/** Emptied once read: else they would keep the last goroutine that stopped reachable (reachability.ts). */
let resolveNext: ((value: unknown) => void) | undefined;
let rejectNext: ((error: unknown) => void) | undefined;
const capture = (resolve: (value: unknown) => void, reject: (error: unknown) => void): void => {
  resolveNext = resolve;
  rejectNext = reject;
};

/** A goroutine under control. */
export class ControlledGoroutine implements NamedGoroutine {
  readonly ids: StableIds;
  readonly entry: string;
  readonly creator: ControlledGoroutine | undefined;
  readonly createdAt: Error | undefined;
  body: Body | undefined;
  /** What it is stopped before; undefined while it goes on. */
  stop: PendingOperation | undefined = undefined;
  resolve: ((value: unknown) => void) | undefined = undefined;
  reject: ((error: unknown) => void) | undefined = undefined;
  /** What its promise is settled with once it is its turn in the step. */
  failed = false;
  result: unknown = undefined;
  stoppedAt: Error | undefined = undefined;
  /** When it stopped, on the virtual clock. */
  since = 0;
  begun = false;
  /** Lets its body begin; undefined once it has. */
  start: (() => void) | undefined = undefined;
  /** It waits for its turn in the step that lasts. */
  queued = false;
  /** Its body is over; it is ended once what it began without an await is over, too. */
  bodyOver = false;
  ended = false;
  /** An operation on the same channel that the same code began earlier, without awaiting it: that one comes first. */
  behind: PendingOperation | undefined = undefined;
  /** It has certainly reached its channel: it was blocked when the clock moved with nobody able to go on. */
  arrived = false;
  /** Its yield waits for another's step. */
  yielded = false;
  /** Steps in a row that only looked. */
  spins = 0;
  /** Lamport clock of its causal past (DESIGN, "Clock readings"). */
  lamport = 0;
  children = 0;
  timers = 0;
  objects = 0;
  #prng: Prng | undefined;

  /**
   * Whose code it may really run: for what a timer starts, or an operation that was begun beside another one, the goroutine
   * that did it. Once that one idles, what goes on in this one's turn is taken for it.
   */
  readonly origin: ControlledGoroutine;

  constructor(lineage: StableIds, entry: string, creator: ControlledGoroutine | undefined, body: Body | undefined, createdAt: Error | undefined, side = false) {
    this.origin = side && creator !== undefined ? creator.origin : this;
    this.ids = lineage;
    this.entry = entry;
    this.creator = creator;
    this.body = body;
    this.createdAt = createdAt;
    if (creator !== undefined) this.lamport = creator.lamport;
  }

  get name(): GoroutineName {
    return this.ids.name;
  }

  /** It waits for a plain promise: no operation of its own is before it, and it has not ended. */
  get idle(): boolean {
    return this.begun && !this.bodyOver && !this.queued && this.stop === undefined;
  }

  /** The promise is settled by `goOn`. `now`: on the virtual clock. `at`: where, if stacks are wanted. */
  stopBefore(stop: PendingOperation, now: number, at: Error | undefined): Promise<unknown> {
    const promise = new Promise(capture);
    this.stop = stop;
    this.since = now;
    this.resolve = resolveNext;
    this.reject = rejectNext;
    resolveNext = rejectNext = undefined;
    this.stoppedAt = at;
    this.arrived = false;
    this.yielded = stop.op === "yield";
    return promise;
  }

  /** What it is stopped before is another's from now on. */
  handTo(other: ControlledGoroutine): void {
    const { stop, resolve, reject, since, stoppedAt, behind } = this;
    Object.assign(other, { stop, resolve, reject, since, stoppedAt, behind });
    this.stop = this.resolve = this.reject = this.stoppedAt = this.behind = undefined;
  }

  resume(): void {
    const { result } = this;
    this.result = undefined;
    if (this.failed) this.reject!(result);
    else this.resolve!(result);
  }

  /** Gives away everything that keeps its stack alive: errors hold the functions that they were made in. */
  releaseReferences(): object {
    const { stop, resolve, reject, body, stoppedAt } = this;
    this.stop = this.resolve = this.reject = this.body = this.stoppedAt = undefined;
    return { stop, resolve, reject, body, stoppedAt };
  }

  /** The same, with what it waits for. */
  releaseBlocked(): BlockedReferences {
    const { channels, subject } = this.stop!;
    const waitsFor = channels?.offers.flatMap(({ channel }, i) => (channel === undefined ? [] : [channels.core(i)])) ?? [subject!];
    return { waitsFor, holds: this.releaseReferences() };
  }

  /** Its own stream, by its name and how often it drew: what others draw in between changes nothing. */
  random(): number {
    this.#prng ??= new Prng(hashString(this.name));
    return this.#prng.next() / 0x1_0000_0000;
  }
}
