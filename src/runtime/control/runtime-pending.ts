import { CLOCK_READ, pendingOf, type ClockView, type ObjectView } from "../../control/pending.js";
import type { ObjectId } from "../../model/ids.js";
import type { Access, OpKind } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";
import type { ChannelView, Party } from "../../model/run/rendezvous.js";
import type { ChannelState } from "../core/channel-state.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import type { VirtualClock } from "./virtual-clock.js";

/** A run's objects as `control` asks for them, between two steps. One for each run: it is asked in every step. */
export class RuntimeView implements ObjectView<ControlledGoroutine>, ClockView {
  readonly began = 0;
  readonly horizon: number;
  readonly #clock: VirtualClock;
  #stopped: readonly ControlledGoroutine[] = NOBODY;
  /** Those that a goroutine is stopped before: `party` is asked of all before any other question. */
  readonly #channels = new Map<ObjectId, ChannelState>();

  constructor(clock: VirtualClock, horizon: number) {
    this.#clock = clock;
    this.horizon = horizon;
  }

  /** Each goroutine that is stopped, in order of creation; the clock last, if one waits for it. */
  pending(members: readonly ControlledGoroutine[]): readonly Pending[] {
    this.#stopped = members.filter(({ stop }) => stop !== undefined);
    const pending = pendingOf(this.#stopped, this, this);
    // The run must not be what keeps a goroutine or a channel alive (reachability.ts).
    this.#stopped = NOBODY;
    this.#channels.clear();
    return pending;
  }

  get now(): number {
    return this.#clock.now();
  }

  get next(): number | undefined {
    return this.#clock.next();
  }

  op({ stop }: ControlledGoroutine): OpKind {
    return stop!.op;
  }

  party({ name, stop, arrived, behind }: ControlledGoroutine): Party | undefined {
    const { channels } = stop!;
    if (channels === undefined) return undefined;
    const { offers, select, hasDefault } = channels;
    for (let i = 0; i < offers.length; i++) {
      const { channel } = offers[i]!;
      if (channel !== undefined && !this.#channels.has(channel)) this.#channels.set(channel, channels.core(i));
    }
    if (behind !== undefined && this.#stopped.some((one) => one.stop === behind)) return undefined;
    return { goroutine: name, offers, select, hasDefault, arrived };
  }

  channel(channel: ObjectId): ChannelView {
    const core = this.#channels.get(channel)!;
    // A timer's channel is unbuffered to those who look, and never has a sender to meet: its capacity of 1 keeps meets away.
    return { closed: core.closed, length: core.length, capacity: core.capacity, parkedReceivers: false, parkedSenders: false, due: core.due(this.now) };
  }

  /** Who looks at a timer's channel looks at the timer and the clock. */
  accesses({ stop }: ControlledGoroutine): readonly Access[] {
    const { accesses, channels } = stop!;
    if (channels === undefined) return accesses;
    let all: Access[] | undefined;
    for (const { object } of accesses) {
      const timer = this.#channels.get(object)?.timer;
      if (timer !== undefined) (all ??= [...accesses]).push({ object: timer.object, op: "load" }, CLOCK_READ);
    }
    return all ?? accesses;
  }

  canGoOn({ stop }: ControlledGoroutine): boolean {
    return stop!.ready();
  }

  values({ stop }: ControlledGoroutine): number | undefined {
    return stop!.values;
  }

  wakes({ stop }: ControlledGoroutine): readonly number[] {
    const { until, channels } = stop!;
    if (until !== undefined) return until === Infinity ? NO_TIMES : [until];
    if (channels === undefined) return NO_TIMES;
    let times: number[] | undefined;
    for (const { channel } of channels.offers) {
      const when = channel === undefined ? undefined : this.#channels.get(channel)!.timer?.next();
      if (when !== undefined) (times ??= []).push(when);
    }
    return times ?? NO_TIMES;
  }
}

const NOBODY: readonly ControlledGoroutine[] = [];
const NO_TIMES: readonly number[] = [];
