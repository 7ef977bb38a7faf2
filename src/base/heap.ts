/** What a heap orders; `heapIndex` is kept by the heap (-1: not in it), so that removal needs no search. */
export interface HeapItem {
  heapIndex: number;
}

/** A binary heap with removal by item in O(log n). `before` must be a strict order; ties are the caller's to break. */
export class Heap<T extends HeapItem> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#up(item, this.#items.length - 1);
  }

  pop(): T | undefined {
    const top = this.#items[0];
    if (top) this.remove(top);
    return top;
  }

  /** False when the item is not in the heap. */
  remove(item: T): boolean {
    const at = item.heapIndex;
    if (at < 0 || this.#items[at] !== item) return false;
    item.heapIndex = -1;
    const last = this.#items.pop()!;
    if (last === item) return true;
    this.#up(last, at);
    this.#down(last, last.heapIndex);
    return true;
  }

  clear(): void {
    for (const item of this.#items) item.heapIndex = -1;
    this.#items.length = 0;
  }

  /** Takes out all others. */
  keep(stays: (item: T) => boolean): void {
    const kept = this.#items.filter(stays);
    this.clear();
    for (const item of kept) this.push(item);
  }

  /** All items, in no particular order. */
  values(): readonly T[] {
    return this.#items;
  }

  #up(item: T, from: number): void {
    let at = from;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#items[parentAt]!;
      if (!this.#before(item, parent)) break;
      this.#place(parent, at);
      at = parentAt;
    }
    this.#place(item, at);
  }

  #down(item: T, from: number): void {
    let at = from;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= this.#items.length) break;
      const right = this.#items[childAt + 1];
      if (right && this.#before(right, this.#items[childAt]!)) childAt++;
      const child = this.#items[childAt]!;
      if (!this.#before(child, item)) break;
      this.#place(child, at);
      at = childAt;
    }
    this.#place(item, at);
  }

  #place(item: T, at: number): void {
    this.#items[at] = item;
    item.heapIndex = at;
  }
}
