import { objectId, type ObjectId } from "../../model/ids.js";
import type { Access, OpKind } from "../../model/run/operation.js";
import { CLOCK_OBJECT } from "../../model/run/standing-objects.js";
import { inThisContext } from "../core/async-context.js";
import type { ChannelTimer } from "../core/channel-state.js";
import { clock, realClock } from "../core/current-clock.js";
import { rejected, scheduler, world } from "../core/current-runtime.js";
import { Hchan } from "../core/hchan.js";
import type { OperationControl, PendingOperation } from "../core/pending-operation.js";
import type { TimerEntry } from "../core/timer-clock.js";
import { Chan, type RecvChan } from "./chan.js";
import { durationOf, type DurationLike, type DurationArgument } from "./duration.js";
import { timeAt, type Time } from "./instant.js";

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
