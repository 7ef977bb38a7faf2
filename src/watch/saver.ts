import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "./store-error.js";
import type { Look, Store } from "./store.js";

interface SaverListener {
  /** It is in the store: from now on it survives the process. */
  onSaved(look: Look): void;
  /** It could not be put now; `waiting` looks are kept until it can be, `dropped` were too many to be kept. */
  onTrouble(trouble: { readonly error: string; readonly waiting: number; readonly dropped: number }): void;
}

/**
 * Puts looks into a store that may be locked, full or damaged for a while. What cannot be put waits, and is put with the
 * next look, oldest first.
 *
 * V1. `onSaved` comes once for each look that was put, after the store's answer, in the order in which they were given.
 * V2. No look is lost but those that `onTrouble` counts as dropped, and what waits when the process is killed.
 * V3. What waits is bounded.
 */
export class Saver {
  readonly #store: Store;
  readonly #listener: SaverListener;
  readonly #signal: AbortSignal;
  #waiting: Look[] = [];
  #names = 0; // in all that waits
  #dropped = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(store: Store, listener: SaverListener, signal: AbortSignal) {
    this.#store = store;
    this.#listener = listener;
    this.#signal = signal;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Never throws: what does not work is the listener's to tell. */
  save(look: Look): Promise<void> {
    this.#waiting.push(look);
    this.#names += look.scrape.counts.size;
    while (this.#waiting.length > MOST_LOOKS || (this.#names > MOST_NAMES && this.#waiting.length > 1)) {
      this.#names -= this.#waiting.shift()!.scrape.counts.size;
      this.#dropped++;
    }
    return this.flush();
  }

  /** Tries what waits; one after the other, whoever asks. */
  flush(): Promise<void> {
    this.#work = this.#work.then(() => this.#flush());
    return this.#work;
  }

  /** Other work of the store, in its turn: two transactions at a time would be one. */
  also(work: () => Promise<unknown>): Promise<void> {
    this.#work = this.#work.then(async () => {
      await work().catch((error: unknown) => this.#trouble(error));
    });
    return this.#work;
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const looks = this.#waiting.slice(0, MOST_TOGETHER);
      try {
        await this.#put(looks);
      } catch (error) {
        return this.#trouble(error);
      }
      for (const look of looks) {
        // One that was dropped meanwhile is in the store all the same.
        if (this.#waiting[0] === look) {
          this.#waiting.shift();
          this.#names -= look.scrape.counts.size;
        }
        this.#listener.onSaved(look);
      }
    }
  }

  async #put(looks: readonly Look[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#store.put(looks);
      } catch (error) {
        if (!(error instanceof StoreError && error.busy) || attempt >= ATTEMPTS || this.#signal.aborted) throw error;
        await sleep(PAUSE, undefined, { signal: this.#signal }).catch(() => undefined);
      }
    }
  }

  #trouble(error: unknown): void {
    if (!(error instanceof StoreError)) throw error;
    this.#listener.onTrouble({ error: error.message, waiting: this.#waiting.length, dropped: this.#dropped });
  }
}

/** About five seconds, with the store's own 200 ms each: another watch's write takes milliseconds. */
const ATTEMPTS = 20;
const PAUSE = 50;
/** What came while one was being put is put as one. */
const MOST_TOGETHER = 500;
const MOST_LOOKS = 10_000;
const MOST_NAMES = 2_000_000;
