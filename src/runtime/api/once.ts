import { SyncObject, waitIn } from "../core/sync-object.js";
import { abortable } from "../core/abortable-operation.js";
import { hasAborted, reasonOf, type Abortable } from "../core/abort.js";
import { ObjectOperation } from "../core/object-operations.js";
import { WaitQueue } from "../core/waiter.js";
import { world, rejected, scheduler } from "../core/current-runtime.js";

/**
 * sync.Once (sync/once.go): no call of `do` returns before the one that runs `body` is over; a panic in it counts as done.
 *
 * @example
 * const once = new sync.Once();
 * let times = 0;
 * await Promise.all([once.do(() => times++), once.do(() => times++)]);
 * assert.equal(times, 1);
 */
export class Once {
  readonly #part = new SyncObject();
  readonly #waiting = new WaitQueue();
  #state: "new" | "running" | "done" = "new";

  /**
   * Runs `body`, unless another call has; then waits for that one. An AbortSignal in `options` ends that waiting, not `body`.
   *
   * @throws what `body` threw, to the call that ran it; the signal's reason.
   */
  async do(body: () => unknown, options?: Abortable): Promise<void> {
    if (!(await this.#begin(options?.signal))) return;
    try {
      await body();
    } finally {
      await this.#end();
    }
  }

  /** True for the one that is to run the body. */
  #begin(signal: AbortSignal | undefined): Promise<boolean> {
    if (hasAborted(signal)) return rejected(reasonOf(signal));
    const first = (): boolean => this.#state === "new" && (this.#state = "running") === "running";
    if (world.control !== undefined) {
      return world.control.stop(abortable(new ObjectOperation(this.#part, "once", first, () => this.#state !== "running"), signal));
    }
    if (this.#state === "running") return waitIn(this.#waiting, "sync.Once.Do", false, signal) as Promise<boolean>;
    return scheduler.give(first()) as Promise<boolean>;
  }

  #end(): Promise<void> {
    const finish = (): void => {
      this.#state = "done";
      for (let w = this.#waiting.shift(); w !== undefined; w = this.#waiting.shift()) scheduler.ready(w);
    };
    if (world.control !== undefined) return world.control.stop(new ObjectOperation(this.#part, "oncedone", finish));
    finish();
    return scheduler.done();
  }
}

/**
 * sync.OnceValue: what the first call computed. A panic of it is thrown to every caller.
 *
 * @param compute is called once.
 * @throws nothing itself.
 * @example
 * const settings = sync.onceValue(async () => ({ port: 80 }));
 * assert.equal(await settings(), await settings());
 */
export function onceValue<T>(compute: () => T | PromiseLike<T>): () => Promise<T> {
  const once = new Once();
  let result: { readonly value: T } | { readonly error: unknown } | undefined;
  return async () => {
    await once.do(async () => {
      try {
        result = { value: await compute() };
      } catch (error) {
        result = { error };
      }
    });
    if ("error" in result!) throw result.error;
    return result!.value;
  };
}

/**
 * sync.OnceValues: two results of `compute`, as a pair.
 *
 * @example
 * const both = sync.onceValues(() => ["a", 1] as const);
 * assert.deepEqual(await both(), ["a", 1]);
 */
export const onceValues = <A, B>(compute: () => readonly [A, B] | PromiseLike<readonly [A, B]>): (() => Promise<readonly [A, B]>) => onceValue(compute);

/**
 * sync.OnceFunc: `body` runs at the first call. A panic of it is thrown to every caller.
 *
 * @example
 * let times = 0;
 * const first = sync.onceFunc(() => times++);
 * await first();
 * await first();
 * assert.equal(times, 1);
 */
export const onceFunc = (body: () => unknown): (() => Promise<void>) => {
  const run = onceValue(body);
  return async () => void (await run());
};
