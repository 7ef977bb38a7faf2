import { getHeapStatistics } from "node:v8";

/**
 * What a parser keeps, in bytes as V8 needs them, estimated from above. A few hundred KB of a stranger's text may ask for
 * gigabytes (a profile whose samples name a location 30,000 times): V8 ends the whole process when its heap is full, so
 * the parser must stop before. The limit is a share of the heap that there is, and never more than 1 GiB.
 */
export class MemoryBudget {
  readonly limit: number;
  #held = 0;

  constructor(limit = Math.min(1 << 30, Math.floor(getHeapStatistics().heap_size_limit / 2))) {
    this.limit = limit;
  }

  get held(): number {
    return this.#held;
  }

  /** Throws TooLarge where it would not fit. */
  take(bytes: number): void {
    this.#held += bytes;
    if (this.#held > this.limit) throw new TooLarge(this.limit);
  }
}

export class TooLarge extends Error {
  constructor(limit: number) {
    super(`what it says needs more than ${Math.floor(limit / 2 ** 20)} MiB of memory`);
    this.name = "TooLarge";
  }
}

/** Sizes of what is kept, rounded up from measurements on Node 20. */
export const SIZES = {
  goroutine: 200,
  snapshot: 1500,
  /** Beside its text. */
  text: 40,
  /** A slot of an array. */
  slot: 8,
  /** A row of a Map with a small object. */
  row: 120,
  frame: 120,
  race: 400,
} as const;
