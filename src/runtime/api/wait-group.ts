import type { OpKind } from "../../model/run/operation.js";
import type { ObjectLabel } from "../../model/run/object-kind.js";
import { calledAs, go } from "./go.js";
import { ForeignObject, NegativeWaitGroup, placeOf } from "./panic.js";
import { SyncObject, placeNow, waitIn } from "../core/sync-object.js";
import { abortable } from "../core/abortable-operation.js";
import { hasAborted, reasonOf, type Abortable } from "../core/abort.js";
import { ObjectOperation } from "../core/object-operations.js";
import { WaitQueue } from "../core/waiter.js";
import { world, scheduler, currentName, rejected } from "../core/current-runtime.js";

/**
 * sync.WaitGroup (sync/waitgroup.go).
 *
 * @example
 * const wg = new sync.WaitGroup();
 * const done: number[] = [];
 * for (const n of [1, 2]) await wg.go(() => done.push(n));
 * await wg.wait();
 * assert.equal(done.length, 2);
 */
export class WaitGroup {
  readonly #part: SyncObject;
  readonly #waiting = new WaitQueue();
  #counter = 0;
  /** Where it last went down: the other place of a negative counter. */
  #changedAt: Error | undefined;

  /** `label`: an errgroup's; not for users. */
  constructor(label?: ObjectLabel) {
    this.#part = new SyncObject(label);
  }

  /**
   * Something more is to be waited for.
   *
   * @param delta an integer, which may be negative: how many.
   * @throws NegativeWaitGroup, a panic, when the counter would fall below zero; RangeError for what is no integer.
   */
  add(delta: number): Promise<void> {
    if (world.control !== undefined) return this.#stop("wgadd", () => this.#add(delta), undefined, delta);
    try {
      this.#add(delta);
    } catch (error) {
      return rejected(error);
    }
    return scheduler.done();
  }

  /**
   * One is over: `add(-1)`.
   *
   * @throws NegativeWaitGroup, a panic, when none was left.
   */
  done(): Promise<void> {
    return this.add(-1);
  }

  /**
   * Waits until the counter is zero.
   *
   * @throws the reason of the signal in `options`, when that aborts first.
   */
  wait(options?: Abortable): Promise<void> {
    const signal = options?.signal;
    if (hasAborted(signal)) return rejected(reasonOf(signal));
    const zero = (): boolean => this.#counter === 0;
    if (world.control !== undefined) return this.#stop("wgwait", () => undefined, zero, undefined, signal);
    if (zero()) return scheduler.done();
    if (this.#part.owningRun !== world.control) return rejected(new ForeignObject(currentName(), "WaitGroup"));
    return waitIn(this.#waiting, this.#part.label === undefined ? "sync.WaitGroup.Wait" : "errgroup.Wait", undefined, signal) as Promise<void>;
  }

  /** Runs `body` in a goroutine that the group waits for (WaitGroup.Go, Go 1.25). */
  async go(body: () => unknown): Promise<void> {
    await this.add(1);
    const member = async (): Promise<void> => {
      try {
        await body();
      } finally {
        await this.done();
      }
    };
    go(calledAs(body, member));
  }

  /** @internal */
  get counter(): number {
    return this.#counter;
  }

  #stop(op: OpKind, perform: () => unknown, ready: (() => boolean) | undefined, detail?: number, signal?: AbortSignal): Promise<void> {
    const about = { counter: (): number => this.#counter, ...(detail === undefined ? {} : { detail }), ...(this.#part.label === undefined ? {} : { waitReason: "errgroup.Wait" as const }) };
    return world.control!.stop<void>(abortable(new ObjectOperation(this.#part, op, perform, ready, about), signal));
  }

  #add(delta: number): void {
    if (!Number.isInteger(delta)) throw new RangeError(`WaitGroup.add: ${delta} is not an integer`);
    const counter = this.#counter + delta;
    if (counter < 0) throw new NegativeWaitGroup(currentName(), placeOf(this.#changedAt));
    this.#counter = counter;
    this.#changedAt = placeNow() ?? this.#changedAt;
    if (counter > 0) return;
    for (let w = this.#waiting.shift(); w !== undefined; w = this.#waiting.shift()) scheduler.ready(w);
  }
}
