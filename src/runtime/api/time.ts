import type { Access, OpKind } from "../../model/operation.js";
import { CLOCK_OBJECT } from "../../model/standing-objects.js";
import { objectId, type ObjectId } from "../../model/ids.js";
import { Chan, type RecvChan } from "./chan.js";
import { durationOf, type Duration, type DurationLike, type DurationArgument } from "./duration.js";
import type { Clock, TimerEntry } from "../core/timer-clock.js";
import type { OperationControl, PendingOperation } from "../core/pending-operation.js";
import type { ChannelTimer } from "../core/channel-state.js";
import { abortable } from "../core/abortable-operation.js";
import { hasAborted, leavesAtAbort, reasonOf, type Abortable } from "../core/abort.js";
import { Hchan } from "../core/hchan.js";
import { inThisContext } from "../core/async-context.js";
import { RealClock } from "../core/real-clock.js";
import { SHAPE_VALUE, Waiter } from "../core/waiter.js";
import { world, rejected, scheduler } from "../core/current-runtime.js";

/** Go's package time. A duration is nanoseconds, or a text: `time.sleep(500 * time.millisecond)`, `time.sleep("500ms")`. */
export { hour, hours, microsecond, millisecond, minute, minutes, ms, nanosecond, parse as parseDuration, second, seconds, type Duration, type DurationLike, type DurationText } from "./duration.js";

const realClock = new RealClock(scheduler.platform);
const clock = (): Clock => world.control?.clock ?? realClock;
/** For main's return. */
export const stopRealTimers = (): void => realClock.stop();
export const resumeRealTimers = (): void => realClock.resume();
export const realTimers = (): number => realClock.size;

/** Nanoseconds since 1970: the last that Go's int64 has. */
const LAST = 2n ** 63n - 1n;

/** An instant, with a monotonic reading that differences use (package time, "Monotonic Clocks"). */
export class Time {
  readonly unixNano: bigint;
  readonly monotonic: number;

  constructor(unixNano: bigint, monotonic: number) {
    this.unixNano = unixNano;
    this.monotonic = monotonic;
  }

  sub(earlier: Time): Duration {
    return this.monotonic - earlier.monotonic;
  }

  add<D extends DurationLike>(later: DurationArgument<D>): Time {
    const duration = durationOf(later, "Time.add");
    if (!Number.isFinite(duration)) return new Time(duration > 0 ? LAST : -LAST, this.monotonic + duration);
    return new Time(this.unixNano + BigInt(Math.round(duration)), this.monotonic + duration);
  }

  before(other: Time): boolean {
    return this.monotonic < other.monotonic;
  }

  after(other: Time): boolean {
    return this.monotonic > other.monotonic;
  }

  toDate(): Date {
    return new Date(Number(this.unixNano / 1_000_000n));
  }
}

export function now(): Time {
  return timeAt(clock(), clock().read());
}
const timeAt = (c: Clock, reading: number): Time => new Time(c.wallOf(reading), reading);

export const since = (earlier: Time): Duration => now().sub(earlier);
export const until = (later: Time): Duration => later.sub(now());

/** Pauses the goroutine for at least `duration`; zero or less returns at once (time.Sleep); Infinity never does. */
export function sleep<D extends DurationLike>(duration: DurationArgument<D>, options?: Abortable): Promise<void> {
  try {
    return sleepFor(durationOf(duration, "time.sleep"), options?.signal);
  } catch (error) {
    return rejected(error);
  }
}

function sleepFor(duration: number, signal: AbortSignal | undefined): Promise<void> {
  if (hasAborted(signal)) return rejected(reasonOf(signal));
  if (duration <= 0) return world.control === undefined ? scheduler.done() : Promise.resolve();
  if (world.control !== undefined) {
    world.control.touch(CLOCK_OBJECT, "load");
    return world.control.stop(abortable(new SleepStop(world.control, duration), signal));
  }
  const sleeper = new Sleeper();
  realClock.set(sleeper, realClock.base() + duration);
  const parked = scheduler.park(sleeper, "sleep") as Promise<void>;
  if (signal !== undefined) leavesAtAbort(sleeper, signal, () => duration === Infinity || realClock.clear(sleeper));
  return parked;
}

class Sleeper extends Waiter implements TimerEntry {
  when = 0;
  sequence = 0;
  heapIndex = -1;
  readonly acts = true;
  readonly object = CLOCK_OBJECT;

  constructor() {
    super(scheduler.current, SHAPE_VALUE, undefined);
  }

  fire(): void {
    scheduler.ready(this);
  }
}

/** Under control: goes on by a step of its own once the clock has moved far enough. */
class SleepStop implements PendingOperation {
  readonly op = "sleep";
  readonly accesses = [{ object: CLOCK_OBJECT, op: "load" as OpKind }];
  readonly owningRun: OperationControl;
  readonly until: number;
  readonly length: number;

  constructor(home: OperationControl, length: number) {
    this.owningRun = home;
    this.until = home.clock.now() + length;
    this.length = length;
  }

  ready(): boolean {
    return this.until <= this.owningRun.clock.now();
  }

  perform(): undefined {
    return undefined;
  }
}

/**
 * Go 1.23's timer: its channel is synchronous, so after `stop` or `reset` no stale tick can be received, and one that
 * nobody waits on costs nothing. Under control a timer with a channel is not even in the clock's heap: it is looked
 * at (`Hchan.due`) where its channel is, and drives the clock only while somebody waits there (time.go, `isSending`).
 */
export class Timer implements TimerEntry, ChannelTimer {
  when = 0;
  sequence = 0;
  heapIndex = -1;
  readonly object: ObjectId;
  readonly c: RecvChan<Time>;
  readonly #core: Hchan | undefined;
  readonly #body: (() => unknown) | undefined;
  readonly #period: number;
  readonly #home = world.control;
  readonly #maker = world.control?.current;
  #number = 0;

  /** Not for users: `newTimer`, `newTicker`, `after`, `afterFunc`. */
  constructor(given: DurationLike, period: number, body: (() => unknown) | undefined, what = "time.newTimer") {
    const duration = durationOf(given, what);
    this.object = world.control?.newObject() ?? objectId(-1);
    this.#body = body && inThisContext(body);
    this.#period = period;
    this.#core = body === undefined ? new Hchan(1, { timer: this }) : undefined;
    this.c = this.#core === undefined ? Chan.nil<Time>() : new Chan<Time>(this.#core);
    if (body !== undefined && world.control !== undefined) this.#number = world.control.newTimer();
    this.#start(duration);
  }

  /** True when it was running. For `afterFunc`, one that has begun is not waited for. */
  stop(): Promise<boolean> {
    if (world.control !== undefined) return world.control.stop(new TimerStop(this, this.#core, "timerstop", () => this.#halt(), this.#home));
    return scheduler.give(this.#halt()) as Promise<boolean>;
  }

  /** Starts it anew; true when it was running. A ticker keeps its period. */
  reset<D extends DurationLike>(duration: DurationArgument<D>): Promise<boolean> {
    let length: number;
    try {
      length = durationOf(duration, "Timer.reset");
    } catch (error) {
      return rejected(error);
    }
    const again = (): boolean => {
      const was = this.#halt();
      this.#start(length);
      return was;
    };
    if (world.control !== undefined) return world.control.stop(new TimerStop(this, this.#core, "timerreset", again, this.#home));
    return scheduler.give(again()) as Promise<boolean>;
  }

  /** When its channel gets the next value; undefined when it is stopped, or has fired for good. */
  next(): number | undefined {
    return this.when < 0 || this.when === Infinity ? undefined : this.when;
  }

  get acts(): boolean {
    return this.#body !== undefined;
  }

  waited(yes: boolean): void {
    if (this.#home === undefined) realClock.holds(yes ? 1 : -1);
  }

  /** Under control, before its channel is looked at: fires if its time has come. */
  catchUp(): void {
    if (this.when >= 0 && this.when <= clock().now()) this.fire(clock().now());
  }

  fire(at: number): void {
    const body = this.#body;
    if (body === undefined) {
      const core = this.#core!;
      // A slow receiver loses ticks: one is kept, no more (time.NewTicker).
      if (core.receivers.first !== undefined || core.length < core.capacity) core.offer(timeAt(clock(), at));
      if (this.#period > 0) this.#arm(this.when + this.#period * (1 + Math.floor((at - this.when) / this.#period)));
      else this.when = -1;
    } else if (world.control !== undefined) world.control.startByTimer(this.#maker!, this.#number, body);
    else scheduler.go(body);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop() as Promise<unknown> as Promise<void>;
  }

  #start(duration: number): void {
    this.#arm(clock().base() + Math.max(0, duration));
  }

  #arm(when: number): void {
    if (world.control !== undefined && this.#core !== undefined) {
      world.control.touch(CLOCK_OBJECT, "load");
      this.when = when;
    } else clock().set(this, when);
  }

  #halt(): boolean {
    const was = world.control !== undefined && this.#core !== undefined ? this.when >= 0 : clock().clear(this);
    // Undelivered: as if it had not fired (time.go, "Timer channel"), so Stop reports that it stopped it.
    const undelivered = this.#core !== undefined && this.#core.length > 0;
    this.#core?.drain();
    this.when = -1;
    return was || undelivered;
  }
}

class TimerStop implements PendingOperation {
  readonly op: OpKind;
  readonly accesses: readonly Access[];
  readonly owningRun: OperationControl | undefined;
  readonly #act: () => boolean;

  constructor(timer: Timer, core: Hchan | undefined, op: "timerstop" | "timerreset", act: () => boolean, home: OperationControl | undefined) {
    this.op = op;
    this.owningRun = home;
    this.#act = act;
    const own: Access[] = [{ object: timer.object, op }, { object: CLOCK_OBJECT, op: "load" }];
    this.accesses = core === undefined ? own : [...own, { object: core.object, op: "recv" }];
  }

  ready(): boolean {
    return true;
  }

  perform(): boolean {
    return this.#act();
  }
}

export const newTimer = <D extends DurationLike>(duration: DurationArgument<D>): Timer => new Timer(duration, 0, undefined);
/** A channel that gets the time once, after `duration`. */
export const after = <D extends DurationLike>(duration: DurationArgument<D>): RecvChan<Time> => new Timer(duration, 0, undefined, "time.after").c;
/** Calls `body` in a goroutine of its own after `duration`. */
export const afterFunc = <D extends DurationLike>(duration: DurationArgument<D>, body: () => unknown): Timer => new Timer(duration, 0, body, "time.afterFunc");

/** A channel that gets the time every `period`, until stopped. */
export function newTicker<D extends DurationLike>(period: DurationArgument<D>): Timer {
  const length = durationOf(period, "time.newTicker");
  if (!(length > 0)) throw new RangeError("non-positive interval for NewTicker");
  return new Timer(length, length, undefined);
}
export const tick = <D extends DurationLike>(period: DurationArgument<D>): RecvChan<Time> => newTicker<D>(period).c;
