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
  /** Pieces of it that were put back, by where they begin: most runs write the same pages. */
  readonly pieces: Map<number, Uint8Array>;
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
  /** The map of pages, four entries to a word. */
  #words: Int32Array = new Int32Array(0);

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
    const pages = this.#marked(from, used);
    const bytes = new Uint8Array(pages.length * (PAGE + SPILL));
    pages.forEach((page, index) => bytes.set(all.subarray(page * PAGE, page * PAGE + PAGE + SPILL), index * (PAGE + SPILL)));
    return { kind: "pages", base, pages, bytes, used };
  }

  /** A copy that is to be put back many times. */
  saveWhole(from: number, used: number): MemoryCopy {
    const whole: WholeCopy = { kind: "whole", from, bytes: this.#memory.all().slice(from, used), used, pieces: new Map() };
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
  #restorePages(base: WholeCopy, pages: readonly number[], bytes: Uint8Array, used: number): void {
    const all = this.#memory.all();
    const end = Math.min(all.length, used + SPILL);
    const marked = this.#marked(base.from, end);
    // Ascending: the spill of a page is written before the page behind it.
    for (let index = 0, at = 0; index < pages.length || at < marked.length; ) {
      const own = pages[index] ?? Infinity;
      const first = marked[at] ?? Infinity;
      if (own <= first) {
        const start = own * PAGE;
        const piece = bytes.subarray(index * (PAGE + SPILL), (index + 1) * (PAGE + SPILL));
        all.set(start + piece.length <= all.length ? piece : piece.subarray(0, all.length - start), start);
        index++;
        if (own === first) at++;
      } else {
        let last = first;
        for (at++; marked[at] === last + 1 && marked[at] !== own; at++) last++;
        restoreFrom(base, all, Math.max(first * PAGE, base.from), Math.min((last + 1) * PAGE + SPILL, end));
        // The page before is the copy's own: what was spilled over from there is not the base's.
        if (index > 0 && pages[index - 1] === first - 1) all.set(bytes.subarray(index * (PAGE + SPILL) - SPILL, index * (PAGE + SPILL)), first * PAGE);
      }
    }
    all.fill(0, MAP.at, MAP.at + MAP.entries);
    for (const page of pages) all[entryOf(page)] = 1;
  }

  /** The pages that are marked, in ascending order. Most are not, so sixteen entries are looked at at once. */
  #marked(from: number, end: number): readonly number[] {
    const all = this.#memory.all();
    if (this.#words.buffer !== all.buffer) this.#words = new Int32Array(all.buffer, MAP.at, MAP.entries / 4);
    const words = this.#words;
    const pages: number[] = [];
    const last = (end - 1) >>> PAGE_BITS;
    for (let page = from >>> PAGE_BITS; page <= last; page++) {
      const entry = page & (MAP.entries - 1);
      const word = entry >>> 2;
      if ((entry & 15) === 0 && (words[word]! | words[word + 1]! | words[word + 2]! | words[word + 3]!) === 0) page += 15;
      else if ((entry & 3) === 0 && words[word] === 0) page += 3;
      else if (all[MAP.at + entry] !== 0) pages.push(page);
    }
    return pages;
  }
}

function restoreFrom({ from, bytes, pieces }: WholeCopy, all: Uint8Array, start: number, stop: number): void {
  const zero = Math.min(stop, Math.max(start, from + bytes.length));
  let piece = pieces.get(start);
  if (piece?.length !== zero - start) pieces.set(start, (piece = bytes.subarray(start - from, zero - from)));
  all.set(piece, start);
  if (zero < stop) all.fill(0, zero, stop);
}

const NOTHING = new Uint8Array(0);
const entryOf = (page: number): number => MAP.at + (page & (MAP.entries - 1));
