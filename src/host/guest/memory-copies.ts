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

/** The pages that differed from `base`. */
interface PagesCopy {
  readonly kind: "pages";
  readonly base: WholeCopy;
  /** In ascending order. */
  readonly pages: readonly number[];
  /** One page's bytes behind the other's, SPILL bytes more of each (dirty-pages.ts, W1). */
  readonly bytes: Uint8Array;
  readonly used: number;
}

export type MemoryCopy = WholeCopy | PagesCopy;

/**
 * Copies of one memory: whole ones, as long as the module does not note which pages it writes (dirty-pages.ts); then the pages that
 * differ from the whole copy that was saved or put back last, the *base*. So many are put back, as long as that stays the base.
 *
 * V1. Each byte of a noted memory that no marked page covers is as in the base, behind that one's end zero.
 */
export class MemoryCopies {
  readonly #memory: GuestMemory;
  /** Defined once the memory is noted, and something was put back. */
  #base: WholeCopy | undefined;
  #isNoted = false;

  constructor(memory: GuestMemory) {
    this.#memory = memory;
  }

  /** From now on the module notes its pages. Which it wrote before is unknown. */
  note(): void {
    this.#isNoted = true;
  }

  get isNoted(): boolean {
    return this.#isNoted;
  }

  /** `from`: address of the first data that is ever written. `used`: the guest's break: nothing behind it was written. */
  save(from: number, used: number): MemoryCopy {
    const base = this.#base;
    if (base === undefined) return this.saveWhole(from, used);
    const all = this.#memory.all();
    const pages: number[] = [];
    for (let page = from >>> PAGE_BITS; page <= (used - 1) >>> PAGE_BITS; page++) if (all[entryOf(page)] !== 0) pages.push(page);
    const bytes = new Uint8Array(pages.length * (PAGE + SPILL));
    pages.forEach((page, index) => bytes.set(all.subarray(page * PAGE, page * PAGE + PAGE + SPILL), index * (PAGE + SPILL)));
    return { kind: "pages", base, pages, bytes, used };
  }

  /** A copy that is to be put back many times. */
  saveWhole(from: number, used: number): MemoryCopy {
    const whole: WholeCopy = { kind: "whole", from, bytes: this.#memory.all().slice(from, used), used };
    if (this.#isNoted) this.#isAs(whole);
    return whole;
  }

  /** `used`: the guest's break before that. A memory never shrinks. */
  restore(copy: MemoryCopy, used: number): void {
    const base = copy.kind === "whole" ? copy : copy.base;
    if (base !== this.#base) this.#restoreWhole(base, used);
    if (!this.#isNoted) return;
    const end = Math.max(base.used, copy.used, used);
    if (copy.kind === "pages") this.#restorePages(base, copy.pages, copy.bytes, end);
    else this.#restorePages(base, [], NOTHING, end);
  }

  #restoreWhole(copy: WholeCopy, used: number): void {
    const all = this.#memory.all();
    all.set(copy.bytes, copy.from);
    if (used > copy.used) all.fill(0, copy.used, used);
    if (this.#isNoted) this.#isAs(copy);
  }

  /** The memory is as in this copy. */
  #isAs(copy: WholeCopy): void {
    this.#base = copy;
    this.#memory.all().fill(0, MAP.at, MAP.at + MAP.entries);
  }

  /** `pages` as in `bytes`, every other marked page as in the base. */
  #restorePages({ from, bytes: whole }: WholeCopy, pages: readonly number[], bytes: Uint8Array, used: number): void {
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
        const zero = Math.min(stop, Math.max(start, from + whole.length));
        all.set(whole.subarray(start - from, zero - from), start);
        if (zero < stop) all.fill(0, zero, stop);
      }
    }
    all.fill(0, MAP.at, MAP.at + MAP.entries);
    for (const page of pages) all[entryOf(page)] = 1;
  }
}

const NOTHING = new Uint8Array(0);
const entryOf = (page: number): number => MAP.at + (page & (MAP.entries - 1));
