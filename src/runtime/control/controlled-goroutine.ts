import { moveTo, stopsAt, type Controlled, type GoroutinePhase } from "../../control/goroutine.js";
import type { LookedAt } from "../../control/spinning.js";
import { hashString } from "../../base/hash.js";
import { Prng } from "../../base/prng.js";
import { goroutineName, type GoroutineName, type ObjectId } from "../../model/ids.js";
import type { NamedGoroutine, PendingOperation } from "../core/pending-operation.js";
import type { Body, GoroutineEnd } from "../core/goroutine.js";
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
export class ControlledGoroutine implements NamedGoroutine, Controlled {
  readonly ids: StableIds;
  readonly entry: string;
  readonly creator: ControlledGoroutine | undefined;
  readonly createdAt: Error | undefined;
  body: Body | undefined;
  /** Hears of its end; missing for main, and for what a timer starts. */
  handle: GoroutineEnd | undefined = undefined;
  /** What it is stopped before: while it is. */
  stop: PendingOperation | undefined = undefined;
  resolve: ((value: unknown) => void) | undefined = undefined;
  reject: ((error: unknown) => void) | undefined = undefined;
  /** What its promise is settled with once it is its turn in the step. */
  failed = false;
  result: unknown = undefined;
  stoppedAt: Error | undefined = undefined;
  /** Which stop of the run it is: of two that meet one has come before the other. */
  came = 0;
  /** Lets its body begin; undefined before it was enqueued, and once it has begun. */
  start: (() => void) | undefined = undefined;
  /** What its body returned, in a run that is done again to prove its awaits. */
  returned: WeakRef<object> | undefined = undefined;
  /** Its body is over; it is ended once what it began without an await is over, too. */
  bodyOver = false;
  /** An operation on the same channel that the same code began earlier, without awaiting it: that one comes first. */
  behind: PendingOperation | undefined = undefined;
  // Controlled
  phase: GoroutinePhase = "created";
  since = 0;
  arrived = false;
  yielded = false;
  spins = 0;
  lookedAt: LookedAt | undefined = undefined;
  again = 0;
  lamport = 0;
  readings = 0;
  /** Receives in a row that brought nothing (run-length.ts). */
  empty = 0;
  emptied: LookedAt | undefined = undefined;
  drained = 0;
  passedBy = false;
  cases = 0;
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
    return this.phase === "running" && !this.bodyOver;
  }

  /** The promise is settled by `goOn`. `now`: on the virtual clock. `at`: where, if stacks are wanted. */
  stopBefore(stop: PendingOperation, now: number, at: Error | undefined): Promise<unknown> {
    const promise = new Promise(capture);
    stopsAt(this, now, stop.op === "yield");
    this.stop = stop;
    this.resolve = resolveNext;
    this.reject = rejectNext;
    resolveNext = rejectNext = undefined;
    this.stoppedAt = at;
    return promise;
  }

  /** What it is stopped before is another's from now on. */
  handTo(other: ControlledGoroutine): void {
    const { stop, resolve, reject, since, stoppedAt, came, behind } = this;
    Object.assign(other, { stop, resolve, reject, since, stoppedAt, came, behind });
    moveTo(other, "stopped");
    moveTo(this, "running");
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
    const { stop, resolve, reject, body, stoppedAt, handle } = this;
    this.stop = this.resolve = this.reject = this.body = this.stoppedAt = this.handle = undefined;
    return { stop, resolve, reject, body, stoppedAt, handle };
  }

  /** The same, with what it waits for. */
  releaseBlocked(): BlockedReferences {
    const { channels, subject, subjects } = this.stop!;
    const waitsFor = channels?.offers.flatMap(({ channel }, i) => (channel === undefined ? [] : [channels.core(i)])) ?? subjects ?? [subject!];
    return { waitsFor, holds: this.releaseReferences() };
  }

  /** Its own stream, by its name and how often it drew: what others draw in between changes nothing. */
  random(): number {
    this.#prng ??= new Prng(hashString(this.name));
    return this.#prng.next() / 0x1_0000_0000;
  }
}
