import type { Context } from "./context.js";
import { endOf, throwEnd, type EndOfWait } from "./wait-limit.js";
import { durationOf, type DurationLike } from "./duration.js";
import { float } from "./rand.js";
import { recv, select } from "./select.js";
import { newTimer } from "./time.js";

/** How often `retry` tries, and how long it waits in between. */
export interface RetryOptions {
  /** How often at most, the first time included. Default 3. */
  readonly attempts?: number | undefined;
  /** Before the second attempt. Default "100ms". */
  readonly delay?: DurationLike | undefined;
  /** Each wait is so many times the one before. Default 2. */
  readonly factor?: number | undefined;
  /** No wait is longer. Default: no limit. */
  readonly most?: DurationLike | undefined;
  /** A wait is shortened by up to this part of it, by chance, so that many do not come back at once. Default 0.5. */
  readonly jitter?: number | undefined;
  /** Ends the waiting. */
  readonly ctx?: Context | undefined;
  /** The same by an AbortSignal. */
  readonly signal?: AbortSignal | undefined;
  /** Is it worth another attempt? Default: yes. */
  readonly when?: ((error: unknown, attempt: number) => boolean) | undefined;
}

/**
 * Calls `body` until it gives something, and waits longer each time.
 *
 * @param body is told which attempt it is, from 1.
 * @param options how often, and how long it waits; by default three times, 100 and 200 ms.
 * @returns what the first attempt gives that does not throw.
 * @throws what the last attempt threw; the context's error, or the signal's reason, when that is over while it waits; RangeError for options that are none.
 * @example
 * const got = await retry(async (attempt) => (attempt < 3 ? panic("busy") : "done"), { delay: "1ms" });
 * assert.equal(got, "done");
 */
export async function retry<T>(body: (attempt: number) => T | PromiseLike<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 3, delay = "100ms", factor = 2, most = Infinity, jitter = 0.5, ctx, signal, when = () => true } = options;
  const end = endOf(ctx ?? { signal });
  if (!(attempts >= 1)) throw new RangeError(`retry: attempts is ${attempts}; it is a number of at least 1`);
  const longest = durationOf(most, "retry, most");
  let wait = durationOf(delay, "retry, delay");
  for (let attempt = 1; ; attempt++) {
    try {
      return await body(attempt);
    } catch (error) {
      if (attempt >= attempts || !when(error, attempt)) throw error;
    }
    await pause(Math.min(wait, longest) * (1 - jitter * float()), end);
    wait *= factor;
  }
}

async function pause(length: number, end: EndOfWait): Promise<void> {
  if (end.over() !== undefined) throwEnd(end);
  const timer = newTimer(length);
  const got = await select(recv(timer.c), end.closed);
  if (got.index === 0) return;
  await timer.stop();
  throwEnd(end);
}
