import type { Access, OpOf } from "../../model/run/operation.js";
import type { OperationControl, PendingOperation } from "../core/pending-operation.js";
import { endOf, throwEnd, type WaitLimit, type EndOfWait } from "./wait-limit.js";
import { Chan, coreOf } from "./chan.js";
import { FatalError, placeOf } from "./panic.js";
import { SyncObject, placeNow } from "../core/sync-object.js";
import { recv, select } from "./select.js";
import { channelAccess, type Hchan } from "../core/hchan.js";
import { world, scheduler, currentName, rejected } from "../core/current-runtime.js";

interface Request {
  readonly weight: number;
  readonly granted: Chan<never>;
}

/**
 * golang.org/x/sync/semaphore.Weighted: first come, first served, so that a large request is not starved by small
 * ones. A waiter waits on a channel of its own, as there, so that `acquire` can be left when its context is over.
 *
 * @example
 * const places = new semaphore.Weighted(2);
 * await places.acquire(2);
 * assert.equal(await places.tryAcquire(1), false);
 * await places.release(2);
 */
export class Weighted {
  readonly #part = new SyncObject();
  readonly #size: number;
  readonly #waiting: Request[] = [];
  #used = 0;
  #releasedAt: Error | undefined;

  /** @param size how many places there are. */
  constructor(size: number) {
    this.#size = size;
  }

  /**
   * Waits until `weight` places are free, and takes them.
   *
   * @param weight how many places; where it is more than there are, it waits for `ending` alone.
   * @param ending a context or an AbortSignal that ends the waiting.
   * @throws the context's error, or the signal's reason, when that is over first.
   */
  async acquire(weight: number, ending?: WaitLimit): Promise<void> {
    const end = endOf(ending);
    if (ending !== undefined && !("done" in ending) && end.over() !== undefined) throwEnd(end);
    const request: Request = { weight, granted: new Chan<never>() };
    const free = (): boolean => this.#used + weight <= this.#size && this.#waiting.length === 0;
    const at = await this.#act("semacquire", () => {
      if (free()) {
        this.#used += weight;
        return true;
      }
      if (weight <= this.#size) this.#waiting.push(request); // a hopeless one waits for its context alone
      return false;
    }, () => (free() ? weight : 0));
    if (at || (await this.#granted(request, end))) return;
    const left = await this.#act("semleave", () => this.#leave(request));
    if (left) throwEnd(end);
  }

  /**
   * Takes places if they are free and nobody waits; never waits.
   *
   * @param weight how many places.
   */
  tryAcquire(weight: number): Promise<boolean> {
    const free = (): boolean => this.#used + weight <= this.#size && this.#waiting.length === 0;
    const take = (): boolean => {
      const got = free();
      if (got) this.#used += weight;
      return got;
    };
    return this.#act("trysemacquire", take, () => (free() ? weight : 0));
  }

  /**
   * Gives places back.
   *
   * @param weight how many places.
   * @throws FatalError where that is more than are taken.
   */
  release(weight: number): Promise<void> {
    return this.#act("semrelease", () => {
      if (weight > this.#used) throw new FatalError("semaphore: released more than held", currentName(), placeOf(this.#releasedAt));
      this.#releasedAt = placeNow();
      this.#used -= weight;
      this.#grant();
    }, () => weight);
  }

  /** Waits until it was granted: true; or until its context is over. */
  async #granted(request: Request, end: EndOfWait): Promise<boolean> {
    if (world.control !== undefined) return world.control.stop<boolean>(new GrantWait(this.#part, coreOf(request.granted), end.channel, request.weight));
    const { current } = scheduler;
    const got = select(recv(request.granted), end.closed);
    if (current.waitReason === "select") current.waitReason = "semaphore.Acquire";
    return (await got).index === 0;
  }

  /** False when it was granted in the meantime. */
  #leave(request: Request): boolean {
    const at = this.#waiting.indexOf(request);
    if (at < 0) return coreOf(request.granted).closed === false;
    this.#waiting.splice(at, 1);
    this.#grant();
    return true;
  }

  #grant(): void {
    for (let first = this.#waiting[0]; first !== undefined && this.#used + first.weight <= this.#size; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#used += first.weight;
      coreOf(first.granted).close();
    }
  }

  /** `took`: how many places it takes or gives, for traces. */
  #act<T>(op: OpOf<"semaphore">, perform: () => T, took: () => number = () => 0): Promise<T> {
    if (world.control !== undefined) return world.control.stop<T>(new SemaphoreOperation(this.#part, op, perform, took));
    try {
      return scheduler.give(perform()) as Promise<T>;
    } catch (error) {
      return rejected(error);
    }
  }
}

/** Its detail is known when its turn comes. */
class SemaphoreOperation implements PendingOperation {
  readonly op: OpOf<"semaphore">;
  readonly owningRun: OperationControl | undefined;
  readonly accesses: readonly Access[];
  readonly subject: object;
  readonly #perform: () => unknown;
  readonly #took: () => number;

  constructor(on: SyncObject, op: OpOf<"semaphore">, perform: () => unknown, took: () => number) {
    this.owningRun = on.owningRun;
    this.subject = on;
    this.op = op;
    this.accesses = [{ object: on.object, op }];
    this.#perform = perform;
    this.#took = took;
  }

  get detail(): number {
    return this.#took();
  }

  ready(): boolean {
    return true;
  }

  perform(): unknown {
    return this.#perform();
  }
}

/** A request that waits: the semaphore may grant it, and its context may end it. */
class GrantWait implements PendingOperation {
  readonly op = "semwait";
  readonly owningRun: OperationControl | undefined;
  readonly accesses: readonly Access[];
  readonly subjects: readonly object[];
  readonly #granted: Hchan;
  readonly #over: Hchan;
  readonly #weight: number;

  constructor(on: SyncObject, granted: Hchan, over: Hchan, weight: number) {
    this.owningRun = on.owningRun;
    this.#granted = granted;
    this.#over = over;
    this.#weight = weight;
    this.accesses = [{ object: on.object, op: this.op }, ...(over.nil ? [] : [channelAccess(over, "recv")])];
    this.subjects = over.nil ? [on] : [on, over];
  }

  get detail(): number {
    return this.#granted.closed ? this.#weight : 0;
  }

  ready(): boolean {
    return this.#granted.closed || this.#over.closed;
  }

  perform(): boolean {
    return this.#granted.closed;
  }
}
