import { SyncObject, waitIn } from "../core/sync-object.js";
import { abortable } from "../core/abortable-operation.js";
import { hasAborted, reasonOf, type Abortable } from "../core/abort.js";
import { ObjectOperation } from "../core/object-operations.js";
import { WaitQueue } from "../core/waiter.js";
import { world, rejected, scheduler } from "../core/current-runtime.js";

/** sync.Once (sync/once.go): no call of `do` returns before the one that runs `body` is over; a panic in it counts as done. */
export class Once {
  readonly #part = new SyncObject();
  readonly #waiting = new WaitQueue();
  #state: "new" | "running" | "done" = "new";

  /** An AbortSignal ends the waiting for another's call, not `body`. */
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

/** sync.OnceValue: what the first call computed. A panic of it is thrown to every caller. */
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

/** sync.OnceValues: two results, as a pair. */
export const onceValues = <A, B>(compute: () => readonly [A, B] | PromiseLike<readonly [A, B]>): (() => Promise<readonly [A, B]>) => onceValue(compute);

export const onceFunc = (body: () => unknown): (() => Promise<void>) => {
  const run = onceValue(body);
  return async () => void (await run());
};
