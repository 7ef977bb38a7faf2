import type { Offer } from "../model/rendezvous.js";
import type { Access, OpKind } from "../model/operation.js";
import type { ChannelStop, Control, Stop } from "./control.js";
import { CLOSED, type Hchan } from "./hchan.js";
import { control } from "./world.js";
import { shaped, SHAPE_VALUE, type Shape } from "./waiter.js";

/** Channel operations as a control sees them: what they would touch, and what they do when their turn comes. */

export class ChanSend implements Stop, ChannelStop {
  readonly op = "send";
  readonly accesses: readonly Access[];
  readonly home: Control | undefined;
  readonly offers: readonly Offer[];
  readonly select = false;
  readonly hasDefault = false;
  readonly channels = this;
  readonly #core: Hchan;
  readonly #value: unknown;

  constructor(core: Hchan, value: unknown) {
    this.#core = core;
    this.#value = value;
    this.home = core.nil ? control : core.home;
    this.accesses = core.nil ? [] : [{ object: core.object, op: "send" }];
    this.offers = [{ channel: core.nil ? undefined : core.object, direction: "send" }];
  }

  ready(): boolean {
    return false;
  }

  perform(): unknown {
    this.#core.offer(this.#value);
    return undefined;
  }

  core(): Hchan {
    return this.#core;
  }

  value(): unknown {
    return this.#value;
  }

  met(): unknown {
    return undefined;
  }
}

export class ChanReceive implements Stop, ChannelStop {
  readonly op = "recv";
  readonly accesses: readonly Access[];
  readonly home: Control | undefined;
  readonly offers: readonly Offer[];
  readonly select = false;
  readonly hasDefault = false;
  readonly channels = this;
  readonly #core: Hchan;
  readonly #shape: Shape;

  constructor(core: Hchan, shape: Shape) {
    this.#core = core;
    this.#shape = shape;
    this.home = core.nil ? control : core.home;
    this.accesses = core.nil ? [] : [{ object: core.object, op: "recv" }];
    this.offers = [{ channel: core.nil ? undefined : core.object, direction: "recv" }];
  }

  ready(): boolean {
    return false;
  }

  perform(): unknown {
    const value = this.#core.poll();
    if (value === CLOSED) return shaped(this.#shape, 0, undefined, false);
    return this.#shape === SHAPE_VALUE ? value : shaped(this.#shape, 0, value, true);
  }

  core(): Hchan {
    return this.#core;
  }

  value(): unknown {
    return undefined;
  }

  met(_index: number | undefined, value: unknown): unknown {
    return shaped(this.#shape, 0, value, true);
  }
}

export class ChanClose implements Stop {
  readonly op: OpKind = "close";
  readonly accesses: readonly Access[];
  readonly home: Control | undefined;
  readonly #core: Hchan;

  constructor(core: Hchan) {
    this.#core = core;
    this.home = core.nil ? control : core.home;
    this.accesses = core.nil ? [] : [{ object: core.object, op: "close" }];
  }

  ready(): boolean {
    return true;
  }

  perform(): unknown {
    this.#core.close();
    return undefined;
  }
}
