import { MemoryBudget, SIZES } from "../memory.js";

/**
 * Equal runs of bytes get equal small numbers, so that a line which a dump repeats 100,000 times is decoded once.
 * A table with open addressing (linear probing, at most half full); the bytes are compared, not just their hashes.
 */
export class Interner<T> {
  readonly #make: (text: string) => T;
  readonly #budget: MemoryBudget;
  readonly #values: T[] = [];
  #slots = new Int32Array(1024); // id + 1; 0 is free
  #hashes = new Int32Array(512);
  #ends = new Int32Array(512); // where the id's bytes end in the arena
  #arena = new Uint8Array(1 << 15);
  #used = 0;
  #byText: Map<string, number> | undefined; // when the table is crowded

  /** @param make what an id stands for, made once from the text (decoded as UTF-8). */
  constructor(make: (text: string) => T, budget = new MemoryBudget()) {
    this.#make = make;
    this.#budget = budget;
  }

  value(id: number): T {
    return this.#values[id]!;
  }

  /**
   * The number of bytes `[start, end)` of `bytes`.
   * @param guess the number that is likely: where it is right, the bytes are compared, and not hashed.
   */
  id(bytes: Uint8Array, start: number, end: number, guess = -1): number {
    if (guess >= 0 && this.#same(guess, bytes, start, end)) return guess;
    let hash = 0x811c9dc5 | 0; // FNV-1a of bytes, as hashString (base) of a text: inline, for it runs over each line of a dump
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 16777619);
    hash ^= hash >>> 15;
    if (this.#byText) return this.#idByText(this.#byText, bytes, start, end, hash);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let looks = 0; looks < CROWD; looks++, slot = (slot + 1) & mask) {
      const id = this.#slots[slot]! - 1;
      if (id < 0) return this.#add(bytes, start, end, hash, slot);
      if (this.#hashes[id] === hash && this.#same(id, bytes, start, end)) return id;
    }
    this.#byText = this.#texts();
    return this.#idByText(this.#byText, bytes, start, end, hash);
  }

  /** Somebody made texts that all have the same hash: from then on V8's own table does it, whose hashes have a secret seed. */
  #idByText(known: Map<string, number>, bytes: Uint8Array, start: number, end: number, hash: number): number {
    const text = latin1(bytes, start, end);
    let id = known.get(text);
    if (id === undefined) {
      this.#budget.take(SIZES.row + text.length);
      known.set(text, (id = this.#add(bytes, start, end, hash, -1)));
    }
    return id;
  }

  #texts(): Map<string, number> {
    return new Map(this.#values.map((_, id) => [latin1(this.#arena, id === 0 ? 0 : this.#ends[id - 1]!, this.#ends[id]!), id]));
  }

  #same(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = id === 0 ? 0 : this.#ends[id - 1]!;
    const length = end - start;
    if (this.#ends[id]! - from !== length) return false;
    const arena = this.#arena;
    for (let i = length - 1; i >= 0; i--) if (arena[from + i] !== bytes[start + i]) return false; // lines differ at their ends
    return true;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const id = this.#values.length;
    this.#budget.take(SIZES.row + 4 * (end - start));
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
    this.#values.push(this.#make(text));
    if (this.#used + end - start > this.#arena.length) {
      this.#arena = grown(this.#arena, new Uint8Array(2 * (this.#used + end - start)));
    }
    this.#arena.set(bytes.subarray(start, end), this.#used);
    this.#used += end - start;
    if (id === this.#ends.length) {
      this.#ends = grown(this.#ends, new Int32Array(id * 2));
      this.#hashes = grown(this.#hashes, new Int32Array(id * 2));
    }
    this.#ends[id] = this.#used;
    this.#hashes[id] = hash;
    if (slot < 0) return id;
    this.#slots[slot] = id + 1;
    if (2 * (id + 1) > this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    this.#budget.take(4 * slots.length);
    for (let id = 0; id < this.#values.length; id++) {
      let slot = this.#hashes[id]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

/** At most half full, a table of honest texts hardly ever has so long a row of taken slots: log2(n), a few times. */
const CROWD = 512;

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");

function grown<A extends Uint8Array | Int32Array>(old: A, bigger: A): A {
  bigger.set(old);
  return bigger;
}
