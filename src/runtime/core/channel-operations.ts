import type { Offer } from "../../model/run/rendezvous.js";
import type { Access, OpKind } from "../../model/run/operation.js";
import type { ChannelHalves, DoneInstead, OperationControl, PendingOperation } from "./pending-operation.js";
import { reasonOf, signalChannel } from "./abort.js";
import { channelAccess, CLOSED, type Hchan } from "./hchan.js";
import { world } from "./current-runtime.js";
import { shaped, SHAPE_VALUE, type Shape } from "./waiter.js";

/** Channel operations as a control sees them: what they would touch, and what they do when their turn comes. */

/** What both halves of a meeting share: one channel, one direction. */
abstract class ChanOperation implements PendingOperation, ChannelHalves {
  abstract readonly op: "send" | "recv";
  readonly accesses: readonly Access[];
  readonly owningRun: OperationControl | undefined;
  readonly offers: readonly Offer[];
  readonly select = false;
  readonly hasDefault = false;
  readonly channels = this;
  readonly #core: Hchan;

  constructor(core: Hchan, direction: "send" | "recv") {
    this.#core = core;
    this.owningRun = core.nil ? world.control : core.owningRun;
    this.accesses = core.nil ? [] : [channelAccess(core, direction)];
    this.offers = [{ channel: core.nil ? undefined : core.object, direction }];
  }

  /** Never by itself: `offers` says when (model/run/rendezvous.ts). */
  ready(): boolean {
    return false;
  }

  core(): Hchan {
    return this.#core;
  }

  abstract perform(): unknown;
  abstract value(): unknown;
  abstract met(index: number | undefined, value: unknown): unknown;
}

export class ChanSend extends ChanOperation {
  readonly op = "send";
  readonly #value: unknown;

  constructor(core: Hchan, value: unknown) {
    super(core, "send");
    this.#value = value;
  }

  perform(): unknown {
    this.core().offer(this.#value);
    return undefined;
  }

  value(): unknown {
    return this.#value;
  }

  met(): unknown {
    return undefined;
  }
}

export class ChanReceive extends ChanOperation {
  readonly op = "recv";
  readonly #shape: Shape;

  constructor(core: Hchan, shape: Shape) {
    super(core, "recv");
    this.#shape = shape;
  }

  perform(): unknown {
    const value = this.core().poll();
    if (value === CLOSED) return shaped(this.#shape, 0, undefined, false);
    return this.#shape === SHAPE_VALUE ? value : shaped(this.#shape, 0, value, true);
  }

  value(): unknown {
    return undefined;
  }

  met(_index: number | undefined, value: unknown): unknown {
    return shaped(this.#shape, 0, value, true);
  }
}

export class ChanClose implements PendingOperation {
  readonly op: OpKind = "close";
  readonly accesses: readonly Access[];
  readonly owningRun: OperationControl | undefined;
  readonly #core: Hchan;

  constructor(core: Hchan) {
    this.#core = core;
    this.owningRun = core.nil ? world.control : core.owningRun;
    this.accesses = core.nil ? [] : [channelAccess(core, "close")];
  }

  ready(): boolean {
    return true;
  }

  perform(): unknown {
    this.#core.close();
    return undefined;
  }
}

/** A send or a receive that an AbortSignal may end: a select of two cases, of which the second is the abort. */
export class AbortableChannelOperation implements PendingOperation, ChannelHalves {
  readonly op: "send" | "recv";
  readonly accesses: readonly Access[];
  readonly owningRun: OperationControl | undefined;
  readonly offers: readonly Offer[];
  readonly select = true;
  readonly hasDefault = false;
  readonly channels = this;
  readonly #inner: ChanOperation;
  readonly #signal: AbortSignal;
  readonly #over: Hchan;

  constructor(inner: ChanSend | ChanReceive, signal: AbortSignal) {
    const over = (this.#over = signalChannel(signal));
    this.#inner = inner;
    this.#signal = signal;
    this.op = inner.op;
    this.owningRun = inner.owningRun;
    this.accesses = [...inner.accesses, channelAccess(over, "recv")];
    this.offers = [...inner.offers, { channel: over.object, direction: "recv" }];
  }

  ready(): boolean {
    return false;
  }

  core(index: number | undefined): Hchan {
    return index === ABORT ? this.#over : this.#inner.core();
  }

  value(): unknown {
    return this.#inner.value();
  }

  met(_index: number | undefined, value: unknown): unknown {
    return this.#inner.met(undefined, value);
  }

  perform(index: number | undefined): unknown {
    if (index !== ABORT) return this.#inner.perform();
     
    throw reasonOf(this.#signal);
  }

  acts(index: number | undefined): DoneInstead {
    return index === ABORT ? { op: "recv", accesses: [channelAccess(this.#over, "recv")], note: "closed" } : { op: this.op, accesses: this.#inner.accesses };
  }
}

const ABORT = 1;
