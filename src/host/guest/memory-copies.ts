import { MAP, PAGE, PAGE_BITS, SPILL } from "./dirty-pages.js";
import type { GuestMemory } from "./guest-memory.js";

/** All that may ever be written of a memory, as it was when it was saved. */
interface WholeCopy {
  readonly kind: "whole";
  /** Address of its first byte; behind its last one all was zero. */
  readonly from: number;
  readonly bytes: Uint8Array;
  /** The guest's break. */
  readonly used: number;
}

/** The pages that differed from the first copy. */
interface PagesCopy {
  readonly kind: "pages";
  /** In ascending order. */
  readonly pages: readonly number[];
  /** One page's bytes behind the other's, SPILL bytes more of each (dirty-pages.ts, W1). */
  readonly bytes: Uint8Array;
  readonly used: number;
}

export type MemoryCopy = WholeCopy | PagesCopy;

/**
 * Copies of one memory. The first is whole, and each one as long as the module does not note which pages it writes
 * (dirty-pages.ts); later ones hold the pages that have been written since, and so many are put back.
 *
 * V1. Each byte of a noted memory that no marked page covers is as in the first copy, behind that one's end zero.
 */
export class MemoryCopies {
  readonly #memory: GuestMemory;
  #isNoted = false;
  #first: WholeCopy | undefined;

  constructor(memory: GuestMemory) {
    this.#memory = memory;
  }

  /** From now on the module notes its pages. Which it wrote before is unknown. */
  note(): void {
    this.#isNoted = true;
    this.#markAll();
  }

  /** `from`: address of the first data that is ever written. `used`: the guest's break: nothing behind it was written. */
  save(from: number, used: number): MemoryCopy {
    const all = this.#memory.all();
    if (this.#first === undefined || !this.#isNoted) {
      const whole: WholeCopy = { kind: "whole", from, bytes: all.slice(from, used), used };
      this.#first ??= whole;
      return whole;
    }
    const pages: number[] = [];
    for (let page = from >>> PAGE_BITS; page <= (used - 1) >>> PAGE_BITS; page++) if (all[entryOf(page)] !== 0) pages.push(page);
    const bytes = new Uint8Array(pages.length * (PAGE + SPILL));
    pages.forEach((page, index) => bytes.set(all.subarray(page * PAGE, page * PAGE + PAGE + SPILL), index * (PAGE + SPILL)));
    return { kind: "pages", pages, bytes, used };
  }

  /** `used`: the guest's break before that. A memory never shrinks. */
  restore(copy: MemoryCopy, used: number): void {
    if (copy.kind === "pages") this.#restorePages(copy.pages, copy.bytes, Math.max(copy.used, used));
    else if (this.#isNoted && copy === this.#first) this.#restorePages([], NOTHING, Math.max(copy.used, used));
    else this.#restoreWhole(copy, used);
  }

  #restoreWhole({ from, bytes, used: saved }: WholeCopy, used: number): void {
    const all = this.#memory.all();
    all.set(bytes, from);
    if (used > saved) all.fill(0, saved, used);
    if (this.#isNoted) this.#markAll();
  }

  /** `pages` as in `bytes`, every other marked page as in the first copy. */
  #restorePages(pages: readonly number[], bytes: Uint8Array, used: number): void {
    const { from, bytes: first } = this.#first!;
    const all = this.#memory.all();
    const end = Math.min(all.length, used + SPILL);
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

  #markAll(): void {
    this.#memory.all().fill(1, MAP.at, MAP.at + MAP.entries);
  }
}

const NOTHING = new Uint8Array(0);
const entryOf = (page: number): number => MAP.at + (page & (MAP.entries - 1));
