/**
 * Seeded random numbers whose state can be read and put back: xoshiro128** (Blackman & Vigna, "Scrambled linear
 * pseudorandom number generators", 2021), seeded by splitmix32. Not for secrets.
 */
export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Equal seeds give equal sequences; any number may be a seed. */
  constructor(seed: number) {
    let state = Math.trunc(seed) | 0;
    const mix = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state ^ (state >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) | 0;
    };
    this.#a = mix();
    this.#b = mix();
    this.#c = mix();
    this.#d = mix() | 1; // the all-zero state would stay zero for ever
  }

  /** An unsigned 32-bit number. */
  next(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** 0 ≤ n < bound, for bounds up to 2^32. Multiplies instead of taking the rest; the bias is below bound / 2^32. */
  below(bound: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * bound);
  }

  /** A new generator whose numbers do not depend on how many this one still draws. */
  split(): Prng {
    return new Prng(this.next());
  }
}
