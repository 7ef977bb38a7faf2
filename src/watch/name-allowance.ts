import type { StoredGroup } from "./store.js";

/**
 * How many different groups of one target the store learns by name. A target with thousands of new names at each look (a
 * generator of names, or somebody's joke) would fill the disk; what is beyond is counted together, as one group.
 */
export class NameAllowance {
  readonly #names = new Set<string>();
  #left: number;
  readonly #most: number;
  readonly #refill: number;

  constructor(most = 10_000, refill = 10) {
    this.#most = most;
    this.#refill = refill;
    this.#left = most;
  }

  /** The counts with the names that there is room for: the largest first, for these are what one looks for. */
  known(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    this.#left = Math.min(this.#most, this.#left + this.#refill);
    const fresh = [...counts].filter(([name]) => !this.#names.has(name)).sort((a, b) => b[1] - a[1]);
    for (const [name] of fresh.slice(0, this.#left)) this.#names.add(name);
    for (const name of this.#names) {
      if (this.#names.size <= 2 * this.#most || counts.has(name)) break;
      this.#names.delete(name); // the oldest: should it come again, it is a new one
    }
    if (fresh.length <= this.#left) {
      this.#left -= fresh.length;
      return counts;
    }
    this.#left = 0;
    const kept = new Map([...counts].filter(([name]) => this.#names.has(name)));
    const rest = [...counts].reduce((sum, [name, count]) => (kept.has(name) ? sum : sum + count), 0);
    return kept.set(OTHERS.fingerprint, rest);
  }

  named(groups: readonly StoredGroup[]): readonly StoredGroup[] {
    const kept = groups.filter(({ fingerprint }) => this.#names.has(fingerprint));
    return kept.length === groups.length ? groups : [...kept, OTHERS];
  }
}

const OTHERS: StoredGroup = { fingerprint: "others", kind: "other", waitReason: "", frame: { function: "(others: too many different places)", file: "", line: 0 } };
