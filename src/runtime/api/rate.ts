import { endOf, throwEnd, type WaitLimit } from "./wait-limit.js";
import { durationOf, second, type DurationLike, type DurationArgument } from "./duration.js";
import { Mutex } from "./mutex.js";
import { recv, select } from "./select.js";
import { newTimer, now, type Time } from "./time.js";

/**
 * A limit by its distance: `rate.every("100ms")` is ten a second.
 *
 * @param distance a duration: "100ms", time.ms(100), or a number of nanoseconds.
 * @returns tokens a second.
 * @throws RangeError for what is no duration.
 * @example
 * assert.equal(rate.every("100ms"), 10);
 */
export const every = <D extends DurationLike>(distance: DurationArgument<D>): number => second / durationOf(distance, "rate.every");

/**
 * golang.org/x/time/rate: a bucket of `burst` tokens that fills with `limit` tokens a second. It begins full.
 *
 * @example
 * const limiter = new rate.Limiter(rate.every("10ms"), 2);
 * assert.deepEqual([await limiter.allow(), await limiter.allow(), await limiter.allow()], [true, true, false]);
 * await limiter.wait(); // about 10 ms
 */
export class Limiter {
  /** Tokens a second. */
  readonly limit: number;
  /** The most that can be taken at once. */
  readonly burst: number;
  readonly #mutex = new Mutex();
  #tokens: number;
  #at: Time | undefined;

  /**
   * @param limit tokens a second; Infinity lets everything through.
   * @param burst the most that can be taken at once.
   * @throws RangeError for a limit that is not above 0, or a burst that is no integer of at least 1.
   */
  constructor(limit: number, burst: number) {
    if (!(limit > 0)) throw new RangeError(`rate.Limiter: limit is ${limit}; it is a number of tokens a second above 0, such as rate.every("100ms")`);
    if (!(Number.isSafeInteger(burst) && burst >= 1)) throw new RangeError(`rate.Limiter: burst is ${burst}; it is an integer of at least 1`);
    this.limit = limit;
    this.burst = burst;
    this.#tokens = burst;
  }

  /**
   * Takes tokens if they are there; never waits.
   *
   * @param n how many tokens.
   */
  async allow(n = 1): Promise<boolean> {
    return this.#locked(() => {
      const enough = this.#fill() >= n;
      if (enough) this.#tokens -= n;
      return enough;
    });
  }

  /**
   * Takes `n` tokens, and waits until they would have been there. Those who wait are served in turn.
   *
   * @param ending a context or an AbortSignal that ends the waiting.
   * @param n how many tokens.
   * @throws RangeError where `n` is above the burst; the context's error, or the signal's reason, when that is over first: the tokens are given back.
   */
  async wait(ending?: WaitLimit, n = 1): Promise<void> {
    if (n > this.burst && this.limit !== Infinity) throw new RangeError(`rate.Limiter.wait: ${n} tokens are more than the burst of ${this.burst}`);
    const end = endOf(ending);
    if (end.over() !== undefined) throwEnd(end);
    const missing = await this.#locked(() => {
      const after = this.#fill() - n;
      this.#tokens = after;
      return Math.max(0, -after);
    });
    if (missing === 0) return;
    const timer = newTimer((missing / this.limit) * second);
    const got = await select(recv(timer.c), end.closed);
    if (got.index === 0) return;
    await timer.stop();
    await this.#locked(() => void (this.#tokens += n));
    throwEnd(end);
  }

  /** What the bucket holds now; below 0 while tokens are waited for. */
  #fill(): number {
    if (this.limit === Infinity) return Infinity;
    const at = now();
    const grown = this.#at === undefined ? 0 : (at.sub(this.#at) / second) * this.limit;
    this.#at = at;
    return (this.#tokens = Math.min(this.burst, this.#tokens + grown));
  }

  async #locked<T>(body: () => T): Promise<T> {
    await this.#mutex.lock();
    const value = body();
    await this.#mutex.unlock();
    return value;
  }
}
