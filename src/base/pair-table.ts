/**
 * A number for each pair of numbers that was met, from `first` on, in the order in which they came. Open addressing in
 * typed arrays: a Map would need a key for each pair, which is a number on the heap.
 */
export class PairTable {
  readonly #grown: (bytes: number) => void;
  #slots: Int32Array; // id + 1; 0 is free
  #lefts: Int32Array;
  #rights: Int32Array;
  #size = 0;

  /** @param grown is told how many bytes more are needed, before they are. */
  constructor(grown: (bytes: number) => void, size = 1 << 8) {
    this.#grown = grown;
    this.#slots = new Int32Array(2 * size);
    this.#lefts = new Int32Array(size);
    this.#rights = new Int32Array(size);
  }

  get size(): number {
    return this.#size;
  }

  left(id: number): number {
    return this.#lefts[id]!;
  }

  right(id: number): number {
    return this.#rights[id]!;
  }

  /** The pair's number; it is `size` as it was before where the pair is new. */
  id(left: number, right: number): number {
    const mask = this.#slots.length - 1;
    let slot = mixed(left, right) & mask;
    for (let id = this.#slots[slot]! - 1; id >= 0; id = this.#slots[slot]! - 1) {
      if (this.#lefts[id] === left && this.#rights[id] === right) return id;
      slot = (slot + 1) & mask;
    }
    if (this.#size === this.#lefts.length) {
      this.#grow();
      return this.id(left, right);
    }
    this.#slots[slot] = ++this.#size;
    this.#lefts[this.#size - 1] = left;
    this.#rights[this.#size - 1] = right;
    return this.#size - 1;
  }

  #grow(): void {
    const size = 2 * this.#lefts.length;
    this.#grown(16 * size);
    const lefts = new Int32Array(size);
    const rights = new Int32Array(size);
    lefts.set(this.#lefts);
    rights.set(this.#rights);
    const slots = new Int32Array(2 * size);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#size; id++) {
      let slot = mixed(lefts[id]!, rights[id]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    [this.#slots, this.#lefts, this.#rights] = [slots, lefts, rights];
  }
}

/**
 * Ids are given in the order of their coming, so nobody chooses them freely: a fixed mixture does (MurmurHash3's last
 * step, Austin Appleby, public domain).
 */
function mixed(left: number, right: number): number {
  let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  return hash ^ (hash >>> 13);
}
