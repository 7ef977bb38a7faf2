import type { Access, OpKind } from "../../model/run/operation.js";
import { CLOCK_OBJECT } from "../../model/run/standing-objects.js";
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
/** @internal For main's return. */
export const stopRealTimers = (): void => realClock.stop();
/** @internal */
export const resumeRealTimers = (): void => realClock.resume();
/** @internal */
export const realTimers = (): number => realClock.size;

/** Nanoseconds since 1970: the last that Go's int64 has. */
const LAST = 2n ** 63n - 1n;

/**
 * An instant, with a monotonic reading that differences use (package time, "Monotonic Clocks").
 *
 * @example
 * const start = time.now();
 * const end = start.add("2s");
 * assert.deepEqual([end.sub(start), end.after(start), end.before(start)], [2 * time.second, true, false]);
 * assert.ok(end.toDate() > start.toDate());
 */
export class Time {
  /** Nanoseconds since 1970. */
  readonly unixNano: bigint;
  /** Nanoseconds of a clock that nobody sets. */
  readonly monotonic: number;

  /**
   * @param unixNano nanoseconds since 1970.
   * @param monotonic nanoseconds of a clock that nobody sets.
   */
  constructor(unixNano: bigint, monotonic: number) {
    this.unixNano = unixNano;
    this.monotonic = monotonic;
  }

  /** How long after `earlier`, in nanoseconds; negative: before. */
  sub(earlier: Time): Duration {
    return this.monotonic - earlier.monotonic;
  }

  /**
   * The instant so much later.
   *
   * @param later a duration: "2s", time.seconds(2), or a number of nanoseconds.
   * @throws RangeError for what is no duration.
   */
  add<D extends DurationLike>(later: DurationArgument<D>): Time {
    const duration = durationOf(later, "Time.add");
    if (!Number.isFinite(duration)) return new Time(duration > 0 ? LAST : -LAST, this.monotonic + duration);
    return new Time(this.unixNano + BigInt(Math.round(duration)), this.monotonic + duration);
  }

  /** Is it before `other`? */
  before(other: Time): boolean {
    return this.monotonic < other.monotonic;
  }

  /** Is it after `other`? */
  after(other: Time): boolean {
    return this.monotonic > other.monotonic;
  }

  /** As a Date, in whole milliseconds. */
  toDate(): Date {
    return new Date(Number(this.unixNano / 1_000_000n));
  }
}

/**
 * The time: under control the run's own, which costs nothing to let pass.
 *
 * @example
 * assert.ok(time.now().toDate() > new Date(0));
 */
export function now(): Time {
  return timeAt(clock(), clock().read());
}
const timeAt = (c: Clock, reading: number): Time => new Time(c.wallOf(reading), reading);

/**
 * How long ago `earlier` was, in nanoseconds.
 *
 * @example
 * assert.ok(time.since(time.now()) >= 0);
 */
export const since = (earlier: Time): Duration => now().sub(earlier);
/**
 * How long it is until `later`, in nanoseconds.
 *
 * @example
 * assert.ok(time.until(time.now().add("1h")) > 59 * time.minute);
 */
export const until = (later: Time): Duration => later.sub(now());

/**
 * Pauses the goroutine (time.Sleep).
 *
 * @param duration at least so long: "500ms", time.ms(500), or a number of nanoseconds; zero or less: not at all; Infinity: for ever.
 * @throws RangeError for what is no duration; the reason of the signal in `options`, when that aborts first.
 * @example
 * await time.sleep("1ms");
 */
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
    this.until = Math.ceil(home.clock.now() + length); // as virtual-clock.ts
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
 * nobody waits on costs nothing. Made by `newTimer`, `newTicker`, `after` and `afterFunc`.
 *
 * @example
 * const timer = time.newTimer("1h");
 * assert.equal(await timer.reset("1ms"), true);
 * await timer.c.recv();
 * assert.equal(await timer.stop(), false);
 */
export class Timer implements TimerEntry, ChannelTimer {
  // Under control a timer with a channel is not even in the clock's heap: it is looked at (`Hchan.due`) where its channel is, and drives the clock
  // only while somebody waits there (time.go, `isSending`).
  /** @internal */
  when = 0;
  /** @internal */
  sequence = 0;
  /** @internal */
  heapIndex = -1;
  /** @internal */
  readonly object: ObjectId;
  /** Gets the time when it fires; nil for `afterFunc`. */
  readonly c: RecvChan<Time>;
  readonly #core: Hchan | undefined;
  readonly #body: (() => unknown) | undefined;
  readonly #period: number;
  readonly #home = world.control;
  readonly #maker = world.control?.current;
  #number = 0;

  /** @internal */
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

  /**
   * Starts it anew; true when it was running. A ticker keeps its period.
   *
   * @param duration "500ms", time.ms(500), or a number of nanoseconds.
   * @throws RangeError for what is no duration.
   */
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

  /** @internal When its channel gets the next value; undefined when it is stopped, or has fired for good. */
  next(): number | undefined {
    return this.when < 0 || this.when === Infinity ? undefined : this.when;
  }

  /** @internal */
  get acts(): boolean {
    return this.#body !== undefined;
  }

  /** @internal */
  waited(yes: boolean): void {
    if (this.#home === undefined) realClock.holds(yes ? 1 : -1);
  }

  /** @internal Under control, before its channel is looked at: fires if its time has come. */
  catchUp(): void {
    if (this.when >= 0 && this.when <= clock().now()) this.fire(clock().now());
  }

  /** @internal */
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

  /** `stop`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop() as Promise<unknown> as Promise<void>;
  }

  #start(duration: number): void {
    this.#arm(clock().base() + Math.max(0, duration));
  }

  #arm(when: number): void {
    if (world.control !== undefined && this.#core !== undefined) {
      world.control.touch(CLOCK_OBJECT, "load");
      this.when = Math.ceil(when); // as virtual-clock.ts
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

/**
 * A timer whose channel gets the time once.
 *
 * @param duration "500ms", time.ms(500), or a number of nanoseconds.
 * @throws RangeError for what is no duration.
 * @example
 * const timer = time.newTimer("1ms");
 * await timer.c.recv();
 */
export const newTimer = <D extends DurationLike>(duration: DurationArgument<D>): Timer => new Timer(duration, 0, undefined);
/**
 * A channel that gets the time once.
 *
 * @param duration "500ms", time.ms(500), or a number of nanoseconds.
 * @throws RangeError for what is no duration.
 * @example
 * await time.after("1ms").recv();
 */
export const after = <D extends DurationLike>(duration: DurationArgument<D>): RecvChan<Time> => new Timer(duration, 0, undefined, "time.after").c;
/**
 * Calls `body` in a goroutine of its own once `duration` has passed.
 *
 * @param duration "500ms", time.ms(500), or a number of nanoseconds.
 * @throws RangeError for what is no duration.
 * @example
 * const said = new Chan<string>(1);
 * time.afterFunc("1ms", () => said.send("now"));
 * assert.equal(await said.recv(), "now");
 */
export const afterFunc = <D extends DurationLike>(duration: DurationArgument<D>, body: () => unknown): Timer => new Timer(duration, 0, body, "time.afterFunc");

/**
 * A timer whose channel gets the time again and again, until it is stopped.
 *
 * @param period above 0: "500ms", time.ms(500), or a number of nanoseconds.
 * @throws RangeError for what is none.
 * @example
 * const ticker = time.newTicker("1ms");
 * await ticker.c.recv();
 * await ticker.c.recv();
 * await ticker.stop();
 */
export function newTicker<D extends DurationLike>(period: DurationArgument<D>): Timer {
  const length = durationOf(period, "time.newTicker");
  if (!(length > 0)) throw new RangeError("non-positive interval for NewTicker");
  return new Timer(length, length, undefined);
}
/**
 * The channel of a ticker that nobody stops: for the life of a program.
 *
 * @param period above 0: "500ms", time.ms(500), or a number of nanoseconds.
 * @throws RangeError for what is none.
 * @example
 * await time.tick("1ms").recv();
 */
export const tick = <D extends DurationLike>(period: DurationArgument<D>): RecvChan<Time> => newTicker<D>(period).c;
