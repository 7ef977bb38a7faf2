import { Goexit, Panic } from "./panic.js";

/** What a function with deferred calls is given. */
export interface Defers {
  /** Runs `call` when the function is over, however it ends; last deferred, first run. */
  readonly defer: (call: () => unknown) => void;
  /** Within a deferred call: stops the panic and gives its value; undefined when there is none (Go's nil). */
  readonly recover: () => unknown;
}

/**
 * A function with `defer` and `recover` (Go specification, "Defer statements", "Handling panics"). A panic in a deferred call
 * replaces the one before.
 *
 * @param body is given `defer` and `recover`.
 * @returns what `body` gives; undefined where it recovered.
 * @throws what `body`, or a deferred call, threw and nobody recovered.
 * @example
 * const log: string[] = [];
 * await func(({ defer }) => {
 *   defer(() => log.push("last"));
 *   log.push("first");
 * });
 * assert.deepEqual(log, ["first", "last"]);
 */
export async function func<T>(body: (defers: Defers) => T | PromiseLike<T>): Promise<T | undefined> {
  const calls: (() => unknown)[] = [];
  let thrown: { readonly error: unknown } | undefined;
  let result: T | undefined;
  const defers: Defers = {
    defer: (call) => void calls.push(call),
    recover() {
      if (thrown === undefined || Goexit.is(thrown.error)) return undefined; // Goexit cannot be recovered
      const { error } = thrown;
      thrown = undefined;
      result = undefined;
      return error instanceof Panic ? error.value : error;
    },
  };
  try {
    result = await body(defers);
  } catch (error) {
    thrown = { error };
  }
  await runDeferred(calls, (error) => (thrown = { error }));
  if (thrown !== undefined) throw (thrown as { error: unknown }).error;
  return result;
}

/** Named, for it stands in the stack of a goroutine that hangs in a deferred call. */
async function runDeferred(calls: (() => unknown)[], onThrow: (error: unknown) => void): Promise<void> {
  for (let call = calls.pop(); call !== undefined; call = calls.pop()) {
    try {
      await call();
    } catch (error) {
      onThrow(error);
    }
  }
}
