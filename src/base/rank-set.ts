const FEW = 64;

/**
 * A set of small whole numbers that tells its how-manieth member, in order, in O(log n): a Fenwick tree of bits (Fenwick, "A new data structure
 * for cumulative frequency tables", 1994).
 */
export class RankSet {
  #has = new Uint8Array(FEW);
  /** `#sums[i]`, from 1: how many members there are among the last `i & -i` numbers below i. */
  #sums = new Int32Array(FEW + 1);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(one: number): boolean {
    return one < this.#has.length && this.#has[one] === 1;
  }

  add(one: number): void {
    if (this.has(one)) return;
    if (one >= this.#has.length) this.#grow(one);
    this.#set(one, 1);
  }

  delete(one: number): void {
    if (this.has(one)) this.#set(one, -1);
  }

  clear(): void {
    this.#has.fill(0);
    this.#sums.fill(0);
    this.#size = 0;
  }

  /** The one with `rank` members before it; `rank` is below `size`. */
  at(rank: number): number {
    let before = 0;
    let left = rank;
    for (let step = this.#has.length; step > 0; step >>= 1) {
      const next = before + step;
      if (next <= this.#has.length && this.#sums[next]! <= left) {
        before = next;
        left -= this.#sums[next]!;
      }
    }
    return before;
  }

  #set(one: number, by: 1 | -1): void {
    this.#has[one] = by === 1 ? 1 : 0;
    this.#size += by;
    for (let i = one + 1; i <= this.#has.length; i += i & -i) this.#sums[i]! += by;
  }

  /** The length stays a power of two. */
  #grow(one: number): void {
    const members: number[] = [];
    for (const [member, is] of this.#has.entries()) if (is === 1) members.push(member);
    let length = this.#has.length;
    while (length <= one) length *= 2;
    this.#has = new Uint8Array(length);
    this.#sums = new Int32Array(length + 1);
    this.#size = 0;
    for (const member of members) this.#set(member, 1);
  }
}
