import { Hchan, CLOSED, WOULD_BLOCK } from "../core/hchan.js";
import { Waiter, shaped, SHAPE_ITERATION, SHAPE_PAIR, SHAPE_VALUE, type Shape, type WaitQueue } from "../core/waiter.js";
import type { PendingOperation } from "../core/pending-operation.js";
import { AbortableChannelOperation, ChanClose, ChanReceive, ChanSend } from "../core/channel-operations.js";
import { hasAborted, leavesAtAbort, reasonOf, type Abortable } from "../core/abort.js";
import { ForeignObject } from "./panic.js";
import { checkOwner, world, currentName, rejected, scheduler, secondCopy } from "../core/current-runtime.js";

/** `v, ok := <-ch`: `ok` is false when the channel is closed and drained. */
export type Received<T> = readonly [value: T, ok: true] | readonly [value: undefined, ok: false];

/** `chan<- T`. A `Chan<T>` is one; the compiler keeps a holder from receiving. */
export interface SendChan<in T> {
  /** Waits until a receiver takes `value`, or the buffer has room. Panics with SendOnClosedChannel. */
  send(value: T, options?: Abortable): Promise<void>;
  /** No more values will be sent. Panics with CloseOfClosedChannel, CloseOfNilChannel. Done at once; await it all the same. */
  close(): Promise<void>;
  /** How many values are buffered. */
  readonly length: number;
  /** How many values fit into its buffer: 0 where it has none. */
  readonly capacity: number;
}

/** `<-chan T`. */
export interface RecvChan<out T> extends AsyncIterable<T> {
  /** Waits for a value; undefined (Go's zero value) when the channel is closed and drained. */
  recv(options?: Abortable): Promise<Awaited<T> | undefined>;
  /** As `recv`; tells a value from the end: `[value, true]`, or `[undefined, false]` when the channel is closed and drained. */
  recvOk(options?: Abortable): Promise<Received<Awaited<T>>>;
  /** What `for await` goes through, until `signal` aborts: then the loop throws its reason. */
  values(options?: Abortable): AsyncIterableIterator<Awaited<T>, undefined>;
  /** How many values are buffered. */
  readonly length: number;
  /** How many values fit into its buffer: 0 where it has none. */
  readonly capacity: number;
}

let coreOfChan: (chan: Chan<never>) => Hchan;

/**
 * A Go channel. `new Chan<T>()` is unbuffered, `new Chan<T>(n)` has room for n, `Chan.nil<T>()` is the nil channel
 * on which every operation waits for ever. `for await (const v of ch)` is Go's range.
 * Values that are promises are awaited on the way, as everywhere in the language: send what they give, instead.
 *
 * @example
 * const words = new Chan<string>(2);
 * await words.send("a");
 * await words.send("b");
 * await words.close();
 * assert.deepEqual([words.length, words.capacity], [2, 2]);
 * const seen: string[] = [];
 * for await (const word of words) seen.push(word);
 * assert.deepEqual(seen, ["a", "b"]);
 * assert.deepEqual(await words.recvOk(), [undefined, false]);
 */
export class Chan<T> implements SendChan<T>, RecvChan<T> {
  readonly #core: Hchan;

  static {
    coreOfChan = (chan) => chan.#core;
  }

  /**
   * @param capacity how many values it buffers: an integer, default 0.
   * @throws RangeError for any other number.
   */
  constructor(capacity: number | Hchan = 0) {
    if (typeof capacity === "number" && !(Number.isSafeInteger(capacity) && capacity >= 0)) {
      throw new RangeError(`makechan: size out of range: ${capacity}; a channel's size is an integer of at least 0`);
    }
    this.#core = typeof capacity === "number" ? new Hchan(capacity) : capacity;
  }

  /** The nil channel: who sends or receives there waits for ever. */
  static nil<T>(): Chan<T> {
    return new Chan<T>(new Hchan(0, { nil: true }));
  }

  /** How many values are buffered. */
  get length(): number {
    return this.#core.timer !== undefined ? 0 : peekLength(this.#core);
  }

  /** How many values fit into its buffer: 0 where it has none. */
  get capacity(): number {
    return this.#core.timer !== undefined ? 0 : this.#core.capacity;
  }

  /**
   * Waits until a receiver takes `value`, or the buffer has room.
   *
   * @throws SendOnClosedChannel, a panic; the reason of the signal in `options`, when that aborts first.
   */
  send(value: T, options?: Abortable): Promise<void> {
    const core = this.#core;
    const signal = options?.signal;
    if (hasAborted(signal)) return rejected(reasonOf(signal));
    if (world.control !== undefined) return world.control.stop(abortable(new ChanSend(core, value), signal));
    try {
      if (core.offer(value)) return scheduler.done();
      checkOwner(core.owningRun, "channel");
    } catch (error) {
      return rejected(error);
    }
    const waiter = new Waiter(scheduler.current, SHAPE_VALUE, value);
    if (!core.nil) core.senders.push(waiter);
    const parked = scheduler.park(waiter, core.nil ? "chan send (nil chan)" : "chan send") as Promise<void>;
    if (signal !== undefined) leavesQueue(waiter, signal, core.senders, core.nil);
    return parked;
  }

  /**
   * Waits for a value.
   *
   * @returns undefined (Go's zero value) when the channel is closed and drained.
   * @throws the reason of the signal in `options`, when that aborts first.
   */
  recv(options?: Abortable): Promise<Awaited<T> | undefined> {
    return receive(this.#core, SHAPE_VALUE, options?.signal) as Promise<Awaited<T> | undefined>;
  }

  /** As `recv`; tells a value from the end: `[value, true]`, or `[undefined, false]`. `options`: as there. */
  recvOk(options?: Abortable): Promise<Received<Awaited<T>>> {
    return receive(this.#core, SHAPE_PAIR, options?.signal) as Promise<Received<Awaited<T>>>;
  }

  /** What `for await` goes through, until the signal in `options` aborts: then the loop throws its reason. */
  values(options?: Abortable): AsyncIterableIterator<Awaited<T>, undefined> {
    const core = this.#core;
    const iterator: AsyncIterableIterator<Awaited<T>, undefined> = {
      next: () => receive(core, SHAPE_ITERATION, options?.signal) as Promise<IteratorResult<Awaited<T>, undefined>>,
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  /**
   * No more values will be sent; who receives gets what is buffered, then the end. Done at once; await it all the same.
   *
   * @throws CloseOfClosedChannel, CloseOfNilChannel: panics.
   */
  close(): Promise<void> {
    const core = this.#core;
    if (world.control !== undefined) return world.control.stop(new ChanClose(core));
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

const abortable = (operation: ChanSend | ChanReceive, signal: AbortSignal | undefined): PendingOperation => (signal === undefined ? operation : new AbortableChannelOperation(operation, signal));

/** A nil channel has no queue: who waits there can always leave. */
const leavesQueue = (waiter: Waiter, signal: AbortSignal, queue: WaitQueue, nil: boolean): void =>
  leavesAtAbort(waiter, signal, () => {
    if (nil) return true;
    const waits = queue.holds(waiter);
    if (waits) queue.remove(waiter);
    return waits;
  });

function receive(core: Hchan, shape: Shape, signal?: AbortSignal): Promise<unknown> {
  if (hasAborted(signal)) return rejected(reasonOf(signal));
  if (world.control !== undefined) return world.control.stop(abortable(new ChanReceive(core, shape), signal));
  const value = core.poll();
  if (value === WOULD_BLOCK) {
    if (core.owningRun !== world.control) return rejected(new ForeignObject(currentName(), "channel"));
    const waiter = new Waiter(scheduler.current, shape, undefined);
    if (!core.nil) core.receivers.push(waiter);
    const parked = scheduler.park(waiter, core.nil ? "chan receive (nil chan)" : "chan receive");
    if (signal !== undefined) leavesQueue(waiter, signal, core.receivers, core.nil);
    return parked;
  }
  if (value === CLOSED) return scheduler.give(shaped(shape, 0, undefined, false));
  return scheduler.give(shape === SHAPE_VALUE ? value : shaped(shape, 0, value, true));
}

function peekLength(core: Hchan): number {
  if (world.control !== undefined && !core.nil) world.control.touch(core.object, "load");
  return core.length;
}
