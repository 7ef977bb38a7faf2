import { Deque } from "../../base/deque.js";
import { objectId, type ObjectId } from "../../model/ids.js";
import type { ObjectLabel } from "../../model/run/object-kind.js";
import type { Access } from "../../model/run/operation.js";
import type { ChannelState, ChannelTimer } from "./channel-state.js";
import type { OperationControl } from "./pending-operation.js";
import { CloseOfClosedChannel, CloseOfNilChannel, placeOf, SendOnClosedChannel } from "../api/panic.js";
import { CaseWaiter, shaped, SHAPE_SELECT, SHAPE_VALUE, WaitQueue, type Waiter } from "./waiter.js";
import { world, scheduler, currentName } from "./current-runtime.js";

/** What `poll` gives when a receive would wait, and when the channel is closed and drained. */
export const WOULD_BLOCK: unique symbol = Symbol("nothing");
export const CLOSED: unique symbol = Symbol("closed");

interface ChannelOptions {
  readonly nil?: boolean;
  readonly timer?: ChannelTimer;
  readonly label?: ObjectLabel;
  /** Its number under control, where it has one already. */
  readonly object?: ObjectId;
}

/** What a step does to a channel. */
export const channelAccess = ({ object, label }: Hchan, op: "send" | "recv" | "close"): Access => (label === undefined ? { object, op } : { object, op, label });

/**
 * A channel: Go's `hchan` (runtime/chan.go). The rules are the Go specification's ("Channel types", "Send
 * statements", "Receive operator", "Close"), and the invariants those at the top of runtime/chan.go:
 * C1. At least one of `senders` and `receivers` is empty, but for one select that both sends and receives on it.
 * C2. If values are buffered, no goroutine waits to receive; if there is room, none waits to send.
 * C3. Values are received in the order of sending.
 * C4. Under control no goroutine waits inside: the queues stay empty, and the same code serves both worlds.
 */
export class Hchan implements ChannelState {
  readonly capacity: number;
  readonly nil: boolean;
  readonly owningRun: OperationControl | undefined;
  readonly object: ObjectId;
  readonly receivers: WaitQueue;
  readonly senders = new WaitQueue();
  /** A timer's channel: `len` and `cap` say 0 (time.go, Go 1.23). */
  readonly timer: ChannelTimer | undefined;
  /** What the program calls it: it is a part of something else. */
  readonly label: ObjectLabel | undefined;
  closed = false;
  closedAt: Error | undefined = undefined;
  #buffer: Deque<unknown> | undefined = undefined;
  #length = 0;

  constructor(capacity: number, { nil = false, timer, label, object }: ChannelOptions = {}) {
    this.capacity = capacity;
    this.nil = nil;
    this.timer = timer;
    this.label = label;
    this.receivers = new WaitQueue(timer && ((yes) => timer.waited(yes)));
    this.owningRun = nil ? undefined : world.control;
    this.object = world.control === undefined || nil ? objectId(-1) : (object ?? world.control.newObject());
  }

  get length(): number {
    return this.#length;
  }

  /** Sends without waiting; false when it would have to. Throws when closed. */
  offer(value: unknown): boolean {
    if (this.closed) throw new SendOnClosedChannel(currentName(), placeOf(this.closedAt));
    const receiver = this.receivers.shift();
    if (receiver !== undefined) {
      wake(receiver, value, true);
      return true;
    }
    if (this.#length >= this.capacity) return false;
    this.#push(value);
    return true;
  }

  /** Under control: a timer's channel whose time has come. */
  due(now: number): boolean {
    const next = this.timer?.next();
    return next !== undefined && next <= now;
  }

  /** Receives without waiting. */
  poll(): unknown {
    if (this.timer !== undefined && world.control !== undefined) this.timer.catchUp();
    if (this.#length > 0) {
      const value = this.#buffer!.shift();
      this.#length--;
      const sender = this.senders.shift();
      if (sender !== undefined) {
        this.#push(sender.value);
        wake(sender, undefined, true);
      }
      return value;
    }
    const sender = this.senders.shift();
    if (sender !== undefined) {
      const value = sender.value;
      wake(sender, undefined, true);
      return value;
    }
    return this.closed ? CLOSED : WOULD_BLOCK;
  }

  close(): void {
    if (this.nil) throw new CloseOfNilChannel(currentName());
    if (this.closed) throw new CloseOfClosedChannel(currentName(), placeOf(this.closedAt));
    this.closed = true;
    if (world.control === undefined || world.control.captures) this.closedAt = new Error("closed");
    for (let w = this.receivers.shift(); w !== undefined; w = this.receivers.shift()) wake(w, undefined, false);
    for (let w = this.senders.shift(); w !== undefined; w = this.senders.shift()) {
      if (w instanceof CaseWaiter) unlink(w);
      w.fail(new SendOnClosedChannel(w.goroutine.id, placeOf(this.closedAt)));
      scheduler.ready(w);
    }
  }

  /** Empties the buffer: a stopped or reset timer leaves no stale tick behind (time.go, Go 1.23). */
  drain(): void {
    this.#buffer?.clear();
    this.#length = 0;
  }

  /** For messages and profiles. */
  describe(): string {
    return this.nil ? "nil channel" : this.capacity === 0 ? "unbuffered channel" : `channel of size ${this.capacity}`;
  }

  #push(value: unknown): void {
    (this.#buffer ??= new Deque<unknown>(Math.min(this.capacity, 16))).push(value);
    this.#length++;
  }
}

/** A select that won one case leaves the queues of the others (runtime/select.go, pass 3). */
function unlink(waiter: CaseWaiter): void {
  for (const other of waiter.all) if (other !== waiter) other.queue.remove(other);
}

function wake(waiter: Waiter, value: unknown, ok: boolean): void {
  if (waiter.shape === SHAPE_VALUE) waiter.value = value;
  else if (waiter instanceof CaseWaiter) {
    unlink(waiter);
    waiter.value = shaped(SHAPE_SELECT, waiter.index, value, ok);
  } else waiter.value = shaped(waiter.shape, 0, value, ok);
  scheduler.ready(waiter);
}
