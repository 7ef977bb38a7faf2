/** So many are looked through one by one. */
const FEW = 8;

/**
 * A set that mostly holds none, one or two: an array then, and a Set from FEW on, until it is empty again. V8's own Set makes a new table each time
 * that it is emptied, which costs more than all that is asked of so small a one.
 */
export class FewSet<T> {
  readonly #few: T[] = [];
  /** Defined while it holds many; then `#few` is empty. */
  #many: Set<T> | undefined;

  get size(): number {
    return this.#many === undefined ? this.#few.length : this.#many.size;
  }

  has(one: T): boolean {
    return this.#many === undefined ? this.#few.includes(one) : this.#many.has(one);
  }

  add(one: T): void {
    if (this.#many !== undefined) this.#many.add(one);
    else if (!this.#few.includes(one)) {
      this.#few.push(one);
      if (this.#few.length > FEW) {
        this.#many = new Set(this.#few);
        this.#few.length = 0;
      }
    }
  }

  delete(one: T): void {
    if (this.#many !== undefined) {
      this.#many.delete(one);
      if (this.#many.size === 0) this.#many = undefined;
      return;
    }
    const at = this.#few.indexOf(one);
    if (at < 0) return;
    for (let i = at + 1; i < this.#few.length; i++) this.#few[i - 1] = this.#few[i]!;
    this.#few.pop();
  }

  clear(): void {
    this.#many = undefined;
    while (this.#few.length > 0) this.#few.pop();
  }

  /** In the order in which they came. `act` leaves the set as it is. */
  forEach(act: (one: T) => void): void {
    if (this.#many !== undefined) return this.#many.forEach((one) => act(one));
    for (const one of this.#few) act(one);
  }

  /** All of them now. */
  all(): T[] {
    return this.#many === undefined ? this.#few.slice() : [...this.#many];
  }
}
