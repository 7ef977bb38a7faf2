/**
 * Numbers by 32-bit hash, several for one hash if need be: open addressing in two arrays of numbers, because a Map with
 * 50,000 entries takes longer to grow than everything that is looked up in it.
 * Invariant: at most half of the slots are taken, so that each search ends at an empty one.
 */
export class HashIndex {
  #hashes = new Int32Array(FIRST_SIZE);
  /** The number plus one; 0: empty. */
  #numbers = new Int32Array(FIRST_SIZE);
  #size = 0;

  /** The first number at this hash that passes; -1: none does. */
  find(hash: number, passes: (number: number) => boolean): number {
    const last = this.#numbers.length - 1;
    for (let slot = slotOf(hash) & last; ; slot = (slot + 1) & last) {
      const number = this.#numbers[slot]! - 1;
      if (number < 0 || (this.#hashes[slot] === hash && passes(number))) return number;
    }
  }

  /** @param number an integer from 0 to 2^31 - 2. */
  add(hash: number, number: number): void {
    if (++this.#size * 2 > this.#numbers.length) this.#grow();
    this.#put(hash, number + 1);
  }

  #put(hash: number, taken: number): void {
    const last = this.#numbers.length - 1;
    let slot = slotOf(hash) & last;
    while (this.#numbers[slot] !== 0) slot = (slot + 1) & last;
    this.#hashes[slot] = hash;
    this.#numbers[slot] = taken;
  }

  #grow(): void {
    const [hashes, numbers] = [this.#hashes, this.#numbers];
    this.#hashes = new Int32Array(numbers.length * 4);
    this.#numbers = new Int32Array(numbers.length * 4);
    for (let slot = 0; slot < numbers.length; slot++) if (numbers[slot] !== 0) this.#put(hashes[slot]!, numbers[slot]!);
  }
}

const FIRST_SIZE = 256;

/** Hashes whose last bits are alike must not stand in one place. */
const slotOf = (hash: number): number => hash ^ (hash >>> 15);
