/** A map that begins as another one, which never changes: what is set since stands beside it. To begin costs nothing, whatever that one holds. */
export class LayeredMap<K, V extends NonNullable<unknown>> {
  #below: ReadonlyMap<K, V>;
  /** Undefined: nothing was set since. */
  #own: Map<K, V> | undefined;

  constructor(below: ReadonlyMap<K, V> = new Map()) {
    this.#below = below;
  }

  get(key: K): V | undefined {
    return this.#own?.get(key) ?? (this.#below.size === 0 ? undefined : this.#below.get(key));
  }

  set(key: K, value: V): void {
    (this.#own ??= new Map()).set(key, value);
  }

  /** In the order in which they were first set. */
  *keys(): Iterable<K> {
    yield* this.#below.keys();
    for (const key of this.#own?.keys() ?? []) if (!this.#below.has(key)) yield key;
  }

  /** As it is now: never changed. */
  save(): ReadonlyMap<K, V> {
    if (this.#own !== undefined) this.#below = this.#below.size === 0 ? this.#own : new Map([...this.#below, ...this.#own]);
    this.#own = undefined;
    return this.#below;
  }

  restore(saved: ReadonlyMap<K, V>): void {
    this.#below = saved;
    this.#own = undefined;
  }
}
