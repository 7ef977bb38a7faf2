import type { PendingOperation } from "../core/pending-operation.js";
import type { Locker } from "./mutex.js";
import { SyncObject } from "../core/sync-object.js";
import { abortable } from "../core/abortable-operation.js";
import { hasAborted, leavesAtAbort, reasonOf, type Abortable } from "../core/abort.js";
import { ObjectOperation } from "../core/object-operations.js";
import { SHAPE_VALUE, Waiter, WaitQueue } from "../core/waiter.js";
import { world, scheduler } from "../core/current-runtime.js";

/** Under control: a place in the notification list (runtime/sema.go, `notifyList`: tickets are served in order). */
interface Ticket {
  notified: boolean;
  stop: PendingOperation | undefined;
}

const SIGNALLED = Symbol("signalled");

/**
 * sync.Cond (sync/cond.go). Wait joins the list before it unlocks, so no signal is lost between the two.
 *
 * @example
 * const cond = new sync.Cond(new sync.Mutex());
 * let ready = false;
 * go(async () => {
 *   ready = true;
 *   await cond.broadcast();
 * });
 * await cond.l.lock();
 * while (!ready) await cond.wait();
 * await cond.l.unlock();
 */
export class Cond {
  /** What guards the condition. */
  readonly l: Locker;
  readonly #part = new SyncObject();
  readonly #waiting = new WaitQueue();
  readonly #tickets: Ticket[] = [];

  /** @param locker guards the condition: a Mutex, or an RWMutex. */
  constructor(locker: Locker) {
    this.l = locker;
  }

  /**
   * Unlocks `l`, waits for a signal, locks `l` again. Call it in a loop that checks the condition.
   *
   * @throws the reason of the signal in `options`, when that aborts first: `l` is locked all the same.
   */
  async wait(options?: Abortable): Promise<void> {
    const signal = options?.signal;
     
    if (hasAborted(signal)) throw reasonOf(signal);
    if (world.control !== undefined) {
      const ticket = await this.#stop<Ticket>("condwait", () => this.#join());
      await this.l.unlock();
      await this.#locksAgain(() => this.#waitTicket(ticket, signal));
    } else {
      const waiter = new Waiter(scheduler.current, SHAPE_VALUE, undefined);
      this.#waiting.push(waiter);
      await this.l.unlock();
      await this.#locksAgain(() => this.#waitParked(waiter, signal));
    }
  }

  async #locksAgain(wait: () => Promise<void>): Promise<void> {
    try {
      await wait();
    } finally {
      await this.l.lock();
    }
  }

  async #waitTicket(ticket: Ticket, signal: AbortSignal | undefined): Promise<void> {
    // Parked for real: the signal lets it go on in the same step, as ready() does in runtime/sema.go.
    if (ticket.notified) return;
    const leave = (): void => void this.#tickets.splice(this.#tickets.indexOf(ticket), 1);
    ticket.stop = abortable(new ObjectOperation(this.#part, "condwait", () => undefined, () => false), signal, leave);
    await world.control!.stop(ticket.stop);
  }

  async #waitParked(waiter: Waiter, signal: AbortSignal | undefined): Promise<void> {
    if (waiter.value === SIGNALLED) return; // while unlocking, before it was parked
    const leave = (): boolean => {
      const waits = this.#waiting.holds(waiter);
      if (waits) this.#waiting.remove(waiter);
      return waits;
    };
     
    if (signal?.aborted === true && leave()) throw reasonOf(signal);
    const parked = scheduler.park(waiter, "sync.Cond.Wait");
    if (signal !== undefined) leavesAtAbort(waiter, signal, leave);
    await parked;
  }

  /** Wakes the one that waits longest, if any. */
  signal(): Promise<void> {
    if (world.control !== undefined) return this.#stop("condsignal", () => this.#notify(1));
    this.#wake(this.#waiting.shift());
    return scheduler.done();
  }

  /** Wakes all who wait. */
  broadcast(): Promise<void> {
    if (world.control !== undefined) return this.#stop("condbroadcast", () => this.#notify(Infinity));
    for (let w = this.#waiting.shift(); w !== undefined; w = this.#waiting.shift()) this.#wake(w);
    return scheduler.done();
  }

  #wake(waiter: Waiter | undefined): void {
    if (waiter === undefined) return;
    waiter.value = SIGNALLED;
    if (waiter.resolve !== undefined) scheduler.ready(waiter);
  }

  #join(): Ticket {
    const ticket: Ticket = { notified: false, stop: undefined };
    this.#tickets.push(ticket);
    return ticket;
  }

  #notify(count: number): void {
    for (let n = 0; n < count && this.#tickets.length > 0; n++) {
      const ticket = this.#tickets.shift()!;
      ticket.notified = true;
      if (ticket.stop !== undefined) world.control!.wake(ticket.stop);
    }
  }

  #stop<T>(op: "condwait" | "condsignal" | "condbroadcast", perform: () => unknown, ready?: () => boolean): Promise<T> {
    return world.control!.stop<T>(new ObjectOperation(this.#part, op, perform, ready));
  }
}
