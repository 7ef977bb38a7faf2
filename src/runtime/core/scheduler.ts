import { Deque } from "../../base/deque.js";
import { Prng } from "../../base/prng.js";
import { functionEntryName, RuntimeGoroutine, type Body, type GoroutineEnd } from "./goroutine.js";
import { describePanic, Goexit } from "../api/panic.js";
import { defaultPlatform, type Platform } from "./platform.js";
import type { WaitReason } from "./wait-reason.js";
import type { Runnable, Waiter } from "./waiter.js";

/**
 * Production: who goes on next. Invariants:
 * S1. At most one goroutine that reports is in flight: from the moment its promise is settled until it parks, yields
 *     or ends. So `current` is right however many async functions a goroutine is nested in.
 * S2. While the queue is not empty, something will empty it: the goroutine in flight, a kick, or the armed macrotask.
 *     When a macrotask runs, no microtask is left; a goroutine still in flight then awaits something foreign, and is
 *     not waited for.
 * S3. Goroutines that never let go do not starve others (a budget of operations, as Go preempts after 10 ms) nor the
 *     event loop (a budget of time per turn).
 * S4. The scheduler starts nothing while the stack is deep: a goroutine begins in a microtask of its own.
 */
const OPERATIONS_PER_SLICE = 8192;
/** A power of two. */
const DISPATCHES_PER_LOOK = 512;
const TURN_MILLISECONDS = 10;

export const DONE: Promise<void> = Promise.resolve();

let capturedResolve: ((value: unknown) => void) | undefined;
/** One executor for all promises: the two functions that the engine makes are the only allocation. */
const capture = (resolve: (value: unknown) => void): void => {
  capturedResolve = resolve;
};

/** An unrecovered panic, for `onPanic`. */
export interface Panicked {
  /** Whose it is. */
  readonly goroutine: RuntimeGoroutine;
  /** What was thrown. */
  readonly value: unknown;
  /** Go's text: `panic: …`, the goroutine, where. */
  readonly text: string;
}

export class Scheduler {
  readonly platform: Platform;
  readonly prng: Prng;
  /** Code outside any goroutine counts as main: goroutine 1. */
  readonly main = new RuntimeGoroutine(1, 0, "main");
  readonly all = new Set<RuntimeGoroutine>([this.main]);
  current: RuntimeGoroutine = this.main;
  /** Operations that the current slice has left. */
  budget = OPERATIONS_PER_SLICE;
  /** Main has returned: no goroutine goes on any more. */
  over = false;
  /** Capture stacks at go and at each park: at one of so many; 0: at none. */
  traceback = 0;
  #untilCapture = 0;
  onPanic: ((panicked: Panicked) => void) | undefined;
  /** The queue is `#head`, if there, then `#queue`: mostly it holds one, which then costs no more than a field. */
  #head: Runnable | undefined = undefined;
  readonly #queue = new Deque<Runnable>(64);
  #started = 1;
  #inFlight = false;
  #armed = false;
  #kicked = false;
  #yielding = false;
  #dispatches = 0;
  #turnStart: number;
  /** Monotonic milliseconds at the turn's beginning. */
  #coarseNow: number;

  constructor(platform: Platform = defaultPlatform()) {
    this.platform = platform;
    this.prng = new Prng(platform.seed());
    this.main.reports = false;
    this.#turnStart = platform.now();
    this.#coarseNow = Math.floor(this.#turnStart);
  }

  get started(): number {
    return this.#started;
  }

  go(body: Body, handle?: GoroutineEnd): RuntimeGoroutine {
    const creator = this.current;
    const goroutine = new RuntimeGoroutine(++this.#started, creator.id, functionEntryName(body));
    if (this.traceback !== 0 && this.#captures()) goroutine.createdAt = new Error("created");
    goroutine.labels = creator.labels;
    goroutine.handle = handle;
    goroutine.waitReason = "runnable";
    this.all.add(goroutine);
    this.ready(new Start(goroutine, body, this));
    return goroutine;
  }

  /** Parks the current goroutine; the promise is settled when another readies `waiter`. */
  park(waiter: Waiter, reason: WaitReason): Promise<unknown> {
    const promise = new Promise(capture);
    waiter.resolve = capturedResolve;
    const goroutine = waiter.goroutine;
    goroutine.waitReason = reason;
    goroutine.waitSince = this.#coarseNow;
    if (this.traceback !== 0) goroutine.stoppedAt = this.#captures() ? new Error("parked") : undefined;
    this.#next();
    return promise;
  }

  ready(runnable: Runnable): void {
    this.#push(runnable);
    if (!this.#armed) this.#arm();
    if (!this.#inFlight) this.#kick();
  }

  /** What an operation returns that did not have to wait. */
  done(): Promise<void> {
    return --this.budget > 0 ? DONE : (this.yield(undefined) as Promise<void>);
  }

  /** The same with a result. */
  give(value: unknown): Promise<unknown> {
    return --this.budget > 0 ? Promise.resolve(value) : this.yield(value);
  }

  /** Lets others go first. */
  yield(value: unknown): Promise<unknown> {
    this.budget = OPERATIONS_PER_SLICE;
    const promise = new Promise(capture);
    const pause = new Pause(this.current, value, capturedResolve!);
    this.current.waitReason = "runnable";
    this.#push(pause);
    if (!this.#armed) this.#arm();
    this.#next();
    return promise;
  }

  /** Monotonic milliseconds as of the event loop's last turn. */
  get coarseNow(): number {
    return this.#coarseNow;
  }

  ended(goroutine: RuntimeGoroutine, value?: unknown): void {
    goroutine.handle?.ended({ value: value });
    this.#leaves(goroutine);
  }

  #leaves(goroutine: RuntimeGoroutine): void {
    this.all.delete(goroutine);
    if (this.current === goroutine) this.#next();
  }

  panicked(goroutine: RuntimeGoroutine, value: unknown): void {
    const isTaken = goroutine.handle?.ended(value instanceof Goexit ? { value: undefined } : { error: value }) ?? false;
    if (!(value instanceof Goexit) && !isTaken) {
      const text = describePanic(goroutine.id, value);
      if (this.onPanic) this.onPanic({ goroutine, value, text });
      else this.platform.fatal(text, value);
    }
    this.#leaves(goroutine);
  }

  /** `every`: see `traceback`. */
  captureEvery(every: number): void {
    this.traceback = every;
    this.#untilCapture = 0;
  }

  /** One of `traceback` times. */
  #captures(): boolean {
    if (--this.#untilCapture > 0) return false;
    this.#untilCapture = this.traceback;
    return true;
  }

  #push(runnable: Runnable): void {
    if (this.#head === undefined && this.#queue.size === 0) this.#head = runnable;
    else this.#queue.push(runnable);
  }

  #shift(): Runnable | undefined {
    const head = this.#head;
    if (head === undefined) return this.#queue.shift();
    this.#head = undefined;
    return head;
  }

  get #waits(): boolean {
    return this.#head !== undefined || this.#queue.size > 0;
  }

  #next(): void {
    const next = this.#waits && !this.over && !this.#turnIsOver() ? this.#shift() : undefined;
    if (next === undefined) {
      this.#inFlight = false;
      this.current = this.main;
      return;
    }
    const goroutine = next.goroutine;
    this.current = goroutine;
    this.#inFlight = goroutine.reports;
    goroutine.waitReason = "";
    next.run();
    if (!goroutine.reports && this.#waits) this.#kick();
  }

  #kick(): void {
    if (this.#kicked || this.#yielding) return;
    this.#kicked = true;
    void DONE.then(() => {
      this.#kicked = false;
      if (!this.#inFlight) this.#next();
    });
  }

  #turnIsOver(): boolean {
    if (this.#yielding) return true;
    if ((++this.#dispatches & (DISPATCHES_PER_LOOK - 1)) !== 0) return false;
    if (this.platform.now() - this.#turnStart < TURN_MILLISECONDS) return false;
    this.#yielding = true;
    if (!this.#armed) this.#arm();
    return true;
  }

  #arm(): void {
    this.#armed = true;
    this.platform.macrotask(() => this.#turn());
  }

  /** S2: the microtasks are over. */
  #turn(): void {
    this.#armed = this.#yielding = false;
    this.#turnStart = this.platform.now();
    this.#coarseNow = Math.floor(this.#turnStart); // a small integer: cheaper to store with each wait
    if (this.#inFlight) this.current.waitReason = "foreign await";
    this.#inFlight = false;
    this.current = this.main;
    if (!this.#waits || this.over) return;
    this.#arm();
    this.#next();
  }
}

class Start implements Runnable {
  readonly goroutine: RuntimeGoroutine;
  readonly #begin: (value: unknown) => void;

  /** Its promises are made here, where `go` was called: so AsyncLocalStorage flows into the goroutine from there. */
  constructor(goroutine: RuntimeGoroutine, body: Body, scheduler: Scheduler) {
    this.goroutine = goroutine;
    const begun = new Promise(capture);
    this.#begin = capturedResolve!;
    void begun.then(() => body()).then(
      (value) => scheduler.ended(goroutine, value),
      (error: unknown) => scheduler.panicked(goroutine, error),
    );
  }

  run(): void {
    this.#begin(undefined);
  }
}

class Pause implements Runnable {
  readonly goroutine: RuntimeGoroutine;
  readonly #value: unknown;
  readonly #resolve: (value: unknown) => void;

  constructor(goroutine: RuntimeGoroutine, value: unknown, resolve: (value: unknown) => void) {
    this.goroutine = goroutine;
    this.#value = value;
    this.#resolve = resolve;
  }

  run(): void {
    this.#resolve(this.#value);
  }
}
