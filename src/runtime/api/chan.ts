import { Hchan, CLOSED, WOULD_BLOCK } from "../core/hchan.js";
import { Waiter, shaped, SHAPE_ITERATION, SHAPE_PAIR, SHAPE_VALUE, type Shape } from "../core/waiter.js";
import { ChanClose, ChanReceive, ChanSend } from "../core/channel-operations.js";
import { ForeignObject } from "./panic.js";
import { checkOwner, control, currentName, rejected, scheduler, secondCopy } from "../core/current-runtime.js";

/** `v, ok := <-ch`: `ok` is false when the channel is closed and drained. */
export type Received<T> = readonly [value: T, ok: true] | readonly [value: undefined, ok: false];

/** `chan<- T`. A `Chan<T>` is one; the compiler keeps a holder from receiving. */
export interface SendChan<in T> {
  /** Waits until a receiver takes `value`, or the buffer has room. Panics with SendOnClosedChannel. */
  send(value: T): Promise<void>;
  /** No more values will be sent. Panics with CloseOfClosedChannel, CloseOfNilChannel. Done at once; await it all the same. */
  close(): Promise<void>;
  readonly length: number;
  readonly capacity: number;
}

/** `<-chan T`. */
export interface RecvChan<out T> extends AsyncIterable<T> {
  /** Waits for a value; undefined (Go's zero value) when the channel is closed and drained. */
  recv(): Promise<Awaited<T> | undefined>;
  recvOk(): Promise<Received<Awaited<T>>>;
  readonly length: number;
  readonly capacity: number;
}

let coreOfChan: (chan: Chan<never>) => Hchan;

/**
 * A Go channel. `new Chan<T>()` is unbuffered, `new Chan<T>(n)` has room for n, `Chan.nil<T>()` is the nil channel
 * on which every operation waits for ever. `for await (const v of ch)` is Go's range.
 * Values that are promises are awaited on the way, as everywhere in the language: send what they give, instead.
 */
export class Chan<T> implements SendChan<T>, RecvChan<T> {
  readonly #core: Hchan;

  static {
    coreOfChan = (chan) => chan.#core;
  }

  constructor(capacity: number | Hchan = 0) {
    if (typeof capacity === "number" && !(Number.isSafeInteger(capacity) && capacity >= 0)) {
      throw new RangeError(`makechan: size out of range: ${capacity}; a channel's size is an integer of at least 0`);
    }
    this.#core = typeof capacity === "number" ? new Hchan(capacity) : capacity;
  }

  static nil<T>(): Chan<T> {
    return new Chan<T>(new Hchan(0, true));
  }

  /** How many values are buffered. */
  get length(): number {
    return this.#core.timer !== undefined ? 0 : peekLength(this.#core);
  }

  get capacity(): number {
    return this.#core.timer !== undefined ? 0 : this.#core.capacity;
  }

  send(value: T): Promise<void> {
    const core = this.#core;
    if (control !== undefined) return control.stop(new ChanSend(core, value));
    try {
      if (core.offer(value)) return scheduler.done();
      checkOwner(core.owningRun, "channel");
    } catch (error) {
      return rejected(error);
    }
    const waiter = new Waiter(scheduler.current, SHAPE_VALUE, value);
    if (!core.nil) core.senders.push(waiter);
    return scheduler.park(waiter, core.nil ? "chan send (nil chan)" : "chan send") as Promise<void>;
  }

  recv(): Promise<Awaited<T> | undefined> {
    return receive(this.#core, SHAPE_VALUE) as Promise<Awaited<T> | undefined>;
  }

  recvOk(): Promise<Received<Awaited<T>>> {
    return receive(this.#core, SHAPE_PAIR) as Promise<Received<Awaited<T>>>;
  }

  close(): Promise<void> {
    const core = this.#core;
    if (control !== undefined) return control.stop(new ChanClose(core));
    try {
      core.close();
    } catch (error) {
      return rejected(error);
    }
    return scheduler.done();
  }

  /** `for v := range ch`: ends when the channel is closed and drained. Leaving the loop closes nothing. */
  [Symbol.asyncIterator](): AsyncIterator<Awaited<T>, undefined> {
    const core = this.#core;
    return { next: () => receive(core, SHAPE_ITERATION) as Promise<IteratorResult<Awaited<T>, undefined>> };
  }
}

export const coreOf = (chan: object): Hchan => {
  if (chan instanceof Chan) return coreOfChan(chan as Chan<never>);
  throw new TypeError(["not a channel: expected a Chan made by this copy of unpark", secondCopy()].filter((words) => words !== undefined).join("; "));
};

function receive(core: Hchan, shape: Shape): Promise<unknown> {
  if (control !== undefined) return control.stop(new ChanReceive(core, shape));
  const value = core.poll();
  if (value === WOULD_BLOCK) {
    if (core.owningRun !== control) return rejected(new ForeignObject(currentName(), "channel"));
    const waiter = new Waiter(scheduler.current, shape, undefined);
    if (!core.nil) core.receivers.push(waiter);
    return scheduler.park(waiter, core.nil ? "chan receive (nil chan)" : "chan receive");
  }
  if (value === CLOSED) return scheduler.give(shaped(shape, 0, undefined, false));
  return scheduler.give(shape === SHAPE_VALUE ? value : shaped(shape, 0, value, true));
}

function peekLength(core: Hchan): number {
  if (control !== undefined && !core.nil) control.touch(core.object, "load");
  return core.length;
}
