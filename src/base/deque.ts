/**
 * A queue in a ring of power-of-two size: O(1) at both ends, no moving of what is in it, memory kept at its high water.
 * Freed slots are cleared so that nothing is kept alive by the queue.
 */
export class Deque<T> {
  #ring: (T | undefined)[];
  #head = 0;
  #size = 0;

  constructor(capacity = 16) {
    let size = 1;
    while (size < capacity) size *= 2;
    this.#ring = new Array<T | undefined>(size).fill(undefined);
  }

  get size(): number {
    return this.#size;
  }

  push(value: T): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = value;
    this.#size++;
  }

  /** The oldest value; undefined when empty (check `size` where undefined is a value). */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const value = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#size--;
    return value;
  }

  clear(): void {
    this.#ring.fill(undefined);
    this.#head = this.#size = 0;
  }

  #grow(): void {
    const old = this.#ring;
    const ring = new Array<T | undefined>(old.length * 2).fill(undefined);
    for (let i = 0; i < this.#size; i++) ring[i] = old[(this.#head + i) & (old.length - 1)];
    this.#ring = ring;
    this.#head = 0;
  }
}
