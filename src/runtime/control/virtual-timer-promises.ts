import type { OperationControl } from "../core/pending-operation.js";
import { VirtualTimeout, type TimeoutOptions } from "./virtual-timeout.js";

export interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** As lib/timers/promises.js rejects. */
const aborted = (signal: AbortSignal): Error =>
  Object.assign(new Error("The operation was aborted", { cause: signal.reason }), { name: "AbortError", code: "ABORT_ERR" });

/** timers/promises: `setTimeout(ms, value, { signal })`. */
export function abortableTimer<T>(home: OperationControl, milliseconds: unknown, value: T, { signal, ref }: WaitOptions = {}, kind: TimeoutOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(aborted(signal));
    const abort = (): void => {
      timer.clear();
      reject(aborted(signal!));
    };
    const timer = new VirtualTimeout(
      home,
      milliseconds,
      () => {
        signal?.removeEventListener("abort", abort);
        resolve(value);
      },
      { ...kind, unref: ref === false },
    );
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** timers/promises: `for await (const _ of setInterval(ms, value, { signal }))`. */
export async function* repeatedTimers<T>(home: OperationControl, milliseconds: unknown, value: T, options: WaitOptions = {}): AsyncGenerator<T> {
  for (;;) {
    await abortableTimer(home, milliseconds, undefined, options);
    yield value;
  }
}
