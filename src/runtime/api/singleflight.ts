import type { Abortable } from "../core/abort.js";
import { Mutex } from "./mutex.js";
import { WaitGroup } from "./wait-group.js";

/** One call that runs, for all who ask for its key meanwhile. */
interface Flight<T> {
  readonly over: WaitGroup;
  outcome: { readonly value: T } | { readonly error: unknown } | undefined;
  others: number;
}

/** What one asker gets. */
export interface SharedAnswer<T> {
  /** What the call that ran gave. */
  readonly value: T;
  /** Others asked for the same and got the same. */
  readonly shared: boolean;
}

/**
 * golang.org/x/sync/singleflight: of calls for one key that overlap, one runs; the others wait for it and get what it gives.
 *
 * @example
 * const loads = new singleflight.Singleflight<string, number>();
 * const both = await Promise.all([loads.do("answer", () => 42), loads.do("answer", () => 43)]);
 * assert.deepEqual(both.map(({ value }) => value), [42, 42]);
 */
export class Singleflight<K, T> {
  readonly #mutex = new Mutex();
  readonly #flights = new Map<K, Flight<T>>();

  /**
   * Runs `body`, unless a call for `key` runs already: then waits for that one.
   *
   * @param key compared as a Map does.
   * @param options an AbortSignal ends the waiting for another's call, not the call.
   * @returns what the call that ran gave.
   * @throws what the call that ran threw: each asker gets it.
   */
  async do(key: K, body: () => T | PromiseLike<T>, options?: Abortable): Promise<SharedAnswer<T>> {
    await this.#mutex.lock();
    const running = this.#flights.get(key);
    if (running !== undefined) {
      running.others++;
      await this.#mutex.unlock();
      await running.over.wait(options);
      return answerOf(running);
    }
    const flight: Flight<T> = { over: new WaitGroup(), outcome: undefined, others: 0 };
    await flight.over.add(1);
    this.#flights.set(key, flight);
    await this.#mutex.unlock();
    try {
      flight.outcome = { value: await body() };
    } catch (error) {
      flight.outcome = { error };
    }
    await this.#mutex.lock();
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    await this.#mutex.unlock();
    await flight.over.done();
    return answerOf(flight);
  }

  /** The next call for `key` runs, whether one runs already or not. */
  async forget(key: K): Promise<void> {
    await this.#mutex.lock();
    this.#flights.delete(key);
    await this.#mutex.unlock();
  }
}

function answerOf<T>({ outcome, others }: Flight<T>): SharedAnswer<T> {
  if (outcome === undefined || "error" in outcome) throw outcome?.error;
  return { value: outcome.value, shared: others > 0 };
}
