import { ChanReceive, AbortableChannelOperation } from "./channel-operations.js";
import { hasAborted, leavesAtAbort, OwnSignal, reasonOf, type Abortable } from "./abort.js";
import { world, currentName, rejected, scheduler } from "./current-runtime.js";
import { ForeignObject } from "../api/panic.js";
import type { GoroutineEnd, GoroutineResult } from "./goroutine.js";
import { Hchan } from "./hchan.js";
import { SHAPE_VALUE, Waiter } from "./waiter.js";

/**
 * What `go` gives: for who waits for the goroutine's end, wants what it returned, or asks it to stop. It has no other identity,
 * as in Go.
 */
export class GoroutineHandle<T> implements GoroutineEnd {
  /** Closed at its end. Under control it is there from the start, for its number comes from who started the goroutine. */
  #over: Hchan | undefined;
  #result: GoroutineResult<T> | undefined;
  #own: OwnSignal | undefined;
  #joined = false;

  /** @internal */
  named(name: string): void {
    this.#own = new OwnSignal();
    this.#over = new Hchan(0, { label: { kind: "goroutine", name: `goroutine ${name}` } });
  }

  /** Undefined while it runs. */
  get result(): GoroutineResult<T> | undefined {
    const over = this.#over;
    if (world.control !== undefined && over?.owningRun === world.control) world.control.touch(over.object, "load");
    return this.#result;
  }

  /** Aborts with `cancel`: for the goroutine's own operations, `await jobs.recv({ signal: worker.signal })`. */
  get signal(): AbortSignal {
    return (this.#own ??= new OwnSignal()).signal;
  }

  /**
   * Asks it to stop, by `signal`: nothing stops a goroutine that does not look. One that ends by throwing the reason does not
   * panic.
   *
   * @param reason default: an AbortError, as AbortController's.
   */
  cancel(reason?: unknown): void {
    (this.#own ??= new OwnSignal()).abort(reason);
  }

  /**
   * Waits for its end. Who joins a goroutine before it ends gets its error; without anybody that is a panic.
   *
   * @returns what it returned.
   * @throws what it threw; the reason of `signal`, when that aborts first.
   */
  async join(options?: Abortable): Promise<T> {
    this.#joined = true;
    const signal = options?.signal;
     
    if (hasAborted(signal)) throw reasonOf(signal);
    if (world.control !== undefined) await this.#stopsFor(signal);
    else if (this.#result === undefined) await this.#parksFor(signal);
    const result = this.#result!;
    if ("error" in result) throw result.error;
    return result.value;
  }

  /** @internal */
  ended(result: GoroutineResult<unknown>): boolean {
    this.#result = result as GoroutineResult<T>;
    const over = this.#over;
    if (over !== undefined && over.owningRun === world.control) {
      if (world.control !== undefined) world.control.touch(over.object, "close", over.label);
      over.close();
    }
    const isCancelled = "error" in result && this.#own?.isMade === true && this.signal.aborted && this.signal.reason === result.error;
    return this.#joined || isCancelled;
  }

  #stopsFor(signal: AbortSignal | undefined): Promise<unknown> {
    if (this.#over === undefined) return rejected(new ForeignObject(currentName(), "goroutine"));
    const receive = new Join(this.#over, SHAPE_VALUE);
    return world.control!.stop(signal === undefined ? receive : new AbortableChannelOperation(receive, signal));
  }

  #parksFor(signal: AbortSignal | undefined): Promise<unknown> {
    const { receivers } = (this.#over ??= new Hchan(0));
    if (this.#over.owningRun !== undefined) return rejected(new ForeignObject(currentName(), "goroutine"));
    const waiter = new Waiter(scheduler.current, SHAPE_VALUE, undefined);
    receivers.push(waiter);
    const parked = scheduler.park(waiter, "join");
    if (signal !== undefined) {
      leavesAtAbort(waiter, signal, () => {
        const waits = receivers.holds(waiter);
        if (waits) receivers.remove(waiter);
        return waits;
      });
    }
    return parked;
  }
}

class Join extends ChanReceive {
  readonly waitReason = "join";
}
