import { DEFAULT_GROWTH, REACH, type Growth, type GrowthParameters, growthOf, type Sample } from "./growth.js";

/**
 * What one target's groups did over time, as far back as the growth rule looks. A group that a scrape does not show has
 * zero there. Pure memory: the store keeps the rest.
 */
export class History {
  readonly #parameters: GrowthParameters;
  readonly #capacity: number;
  /** Of each group its counts, the last of them at the last of `#times`. */
  readonly #series = new Map<string, number[]>();
  readonly #times: number[] = [];
  readonly #totals: number[] = [];
  #crowded = false;

  constructor(parameters: GrowthParameters = DEFAULT_GROWTH) {
    this.#parameters = parameters;
    this.#capacity = parameters.window * REACH;
  }

  /** @param at milliseconds since 1970; where a clock was set back, it counts as a moment after the one before. */
  add(at: number, total: number, counts: ReadonlyMap<string, number>): void {
    const seconds = Math.max(at / 1000, (this.#times.at(-1) ?? -Infinity) + 0.001);
    for (const [fingerprint, count] of counts) {
      let series = this.#series.get(fingerprint);
      // In a crowd nobody knows whether it was there before: it begins now.
      if (!series) this.#series.set(fingerprint, (series = this.#crowded ? [] : this.#times.map(() => 0)));
      series.push(count);
    }
    for (const [fingerprint, series] of this.#series) {
      if (!counts.has(fingerprint)) series.push(0);
      if (series.length > this.#capacity) series.shift();
      if (series.every((count) => count === 0)) this.#series.delete(fingerprint);
    }
    for (const [list, value] of [[this.#times, seconds], [this.#totals, total]] as const) {
      list.push(value);
      if (list.length > this.#capacity) list.shift();
    }
    if (this.#series.size > MOST_SERIES) this.#forgetSmallest();
  }

  /** A target whose names are new at each look: what grows is large, and stays. */
  #forgetSmallest(): void {
    this.#crowded = true;
    const bySize = [...this.#series].sort((a, b) => b[1].at(-1)! - a[1].at(-1)!);
    for (const [fingerprint] of bySize.slice(MOST_SERIES / 2)) this.#series.delete(fingerprint);
  }

  /** The groups that grow, by the rule of growth.ts. */
  growing(): ReadonlyMap<string, Growth> {
    const growing = new Map<string, Growth>();
    for (const [fingerprint, counts] of this.#series) {
      if (counts[counts.length - 1]! - Math.min(...counts) < this.#parameters.minRise) continue;
      const growth = growthOf(this.series(fingerprint), this.#parameters);
      if (growth) growing.set(fingerprint, growth);
    }
    return growing;
  }

  series(fingerprint: string): readonly Sample[] {
    return this.#samples(this.#series.get(fingerprint) ?? []);
  }

  totals(): readonly Sample[] {
    return this.#samples(this.#totals);
  }

  get groups(): number {
    return this.#series.size;
  }

  #samples(counts: readonly number[]): readonly Sample[] {
    const first = this.#times.length - counts.length;
    return counts.map((count, i) => ({ at: this.#times[first + i]!, count }));
  }
}

/** Each has up to 780 counts of eight bytes. */
const MOST_SERIES = 2000;
