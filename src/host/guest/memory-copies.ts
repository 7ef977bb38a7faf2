import { MAP, PAGE, PAGE_BITS, SPILL } from "./dirty-pages.js";
import type { GuestMemory } from "./guest-memory.js";

/** The pages of a memory that differ from what it was at first, as they were when it was saved. */
export interface MemoryCopy {
  /** In ascending order. */
  readonly pages: readonly number[];
  /** One page's bytes behind the other's, SPILL bytes more of each (dirty-pages.ts, W1). */
  readonly bytes: Uint8Array;
  /** The guest's break. */
  readonly used: number;
}

/** The first copy: all that may ever be written. */
interface FirstCopy {
  readonly from: number;
  readonly bytes: Uint8Array;
}

/**
 * Copies of one memory. The first is whole; later ones hold the pages that have been written since (dirty-pages.ts), and so many
 * are put back.
 *
 * V1. Each byte of the memory that no marked page covers is as in the first copy, behind that one's end zero.
 */
export class MemoryCopies {
  readonly #memory: GuestMemory;
  #first: FirstCopy | undefined;

  constructor(memory: GuestMemory) {
    this.#memory = memory;
  }

  /** `from`: address of the first data that is ever written. `used`: the guest's break: nothing behind it was written. */
  save(from: number, used: number): MemoryCopy {
    const all = this.#memory.all();
    if (this.#first === undefined) {
      this.#first = { from, bytes: all.slice(from, used) };
      all.fill(0, MAP.at, MAP.at + MAP.entries);
      return { pages: [], bytes: new Uint8Array(0), used };
    }
    const pages: number[] = [];
    for (let page = this.#first.from >>> PAGE_BITS; page <= (used - 1) >>> PAGE_BITS; page++) if (all[entryOf(page)] !== 0) pages.push(page);
    const bytes = new Uint8Array(pages.length * (PAGE + SPILL));
    pages.forEach((page, index) => bytes.set(all.subarray(page * PAGE, page * PAGE + PAGE + SPILL), index * (PAGE + SPILL)));
    return { pages, bytes, used };
  }

  /** `used`: the guest's break before that. A memory never shrinks. */
  restore({ pages, bytes, used: saved }: MemoryCopy, used: number): void {
    const { from, bytes: first } = this.#first!;
    const all = this.#memory.all();
    const end = Math.min(all.length, Math.max(saved, used) + SPILL);
    // Ascending: the spill of a page is written before the page behind it.
    for (let page = from >>> PAGE_BITS, index = 0; page <= (end - 1) >>> PAGE_BITS; page++) {
      const at = page * PAGE;
      if (pages[index] === page) {
        const piece = bytes.subarray(index * (PAGE + SPILL), (index + 1) * (PAGE + SPILL));
        all.set(at + piece.length <= all.length ? piece : piece.subarray(0, all.length - at), at);
        index++;
      } else if (all[entryOf(page)] !== 0) {
        const start = Math.max(at, from);
        const stop = Math.min(at + PAGE + SPILL, end);
        const zero = Math.min(stop, Math.max(start, from + first.length));
        all.set(first.subarray(start - from, zero - from), start);
        if (zero < stop) all.fill(0, zero, stop);
      }
    }
    all.fill(0, MAP.at, MAP.at + MAP.entries);
    for (const page of pages) all[entryOf(page)] = 1;
  }
}

/** Copies of a memory whose module notes nothing: the whole of it each time. */
export class WholeCopies {
  readonly #memory: GuestMemory;
  #from = 0;

  constructor(memory: GuestMemory) {
    this.#memory = memory;
  }

  save(from: number, used: number): MemoryCopy {
    this.#from = from;
    return { pages: [], bytes: this.#memory.all().slice(from, used), used };
  }

  restore({ bytes, used: saved }: MemoryCopy, used: number): void {
    const all = this.#memory.all();
    all.set(bytes, this.#from);
    if (used > saved) all.fill(0, saved, used);
  }
}

const entryOf = (page: number): number => MAP.at + (page & (MAP.entries - 1));
