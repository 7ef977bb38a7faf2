import { SyncObject, waitIn } from "../core/sync-object.js";
import { ObjectOperation } from "../core/object-operations.js";
import { WaitQueue } from "../core/waiter.js";
import { control, scheduler } from "../core/current-runtime.js";

/** sync.Once (sync/once.go): no call of `do` returns before the one that runs `body` is over; a panic in it counts as done. */
export class Once {
  readonly #part = new SyncObject();
  readonly #waiting = new WaitQueue();
  #state: "new" | "running" | "done" = "new";

  async do(body: () => unknown): Promise<void> {
    if (!(await this.#begin())) return;
    try {
      await body();
    } finally {
      await this.#end();
    }
  }

  /** True for the one that is to run the body. */
  #begin(): Promise<boolean> {
    const first = (): boolean => this.#state === "new" && (this.#state = "running") === "running";
    if (control !== undefined) {
      return control.stop(new ObjectOperation(this.#part, "once", first, () => this.#state !== "running"));
    }
    if (this.#state === "running") return waitIn(this.#waiting, "sync.Once.Do", false) as Promise<boolean>;
    return scheduler.give(first()) as Promise<boolean>;
  }

  #end(): Promise<void> {
    const finish = (): void => {
      this.#state = "done";
      for (let w = this.#waiting.shift(); w !== undefined; w = this.#waiting.shift()) scheduler.ready(w);
    };
    if (control !== undefined) return control.stop(new ObjectOperation(this.#part, "oncedone", finish));
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
