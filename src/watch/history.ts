import { DEFAULT_GROWTH, type Growth, type GrowthParameters, growthOf, type Sample } from "./growth.js";

/**
 * What one target's groups did over time, as far back as the growth rule looks. A group that a scrape does not show has
 * zero there. Pure memory: the store keeps the rest.
 */
export class History {
  readonly #parameters: GrowthParameters;
  readonly #capacity: number;
  readonly #series = new Map<string, Sample[]>();
  readonly #times: number[] = [];
  readonly #totals: Sample[] = [];

  constructor(parameters: GrowthParameters = DEFAULT_GROWTH) {
    this.#parameters = parameters;
    this.#capacity = parameters.window * 13;
  }

  /** @param at milliseconds since 1970, later than the one before. */
  add(at: number, total: number, counts: ReadonlyMap<string, number>): void {
    const seconds = at / 1000;
    for (const [fingerprint, count] of counts) {
      let series = this.#series.get(fingerprint);
      if (!series) this.#series.set(fingerprint, (series = this.#times.map((time) => ({ at: time, count: 0 }))));
      series.push({ at: seconds, count });
    }
    for (const [fingerprint, series] of this.#series) {
      if (!counts.has(fingerprint)) series.push({ at: seconds, count: 0 });
      if (series.length > this.#capacity) series.shift();
      if (series.every(({ count }) => count === 0)) this.#series.delete(fingerprint);
    }
    this.#times.push(seconds);
    if (this.#times.length > this.#capacity) this.#times.shift();
    this.#totals.push({ at: seconds, count: total });
    if (this.#totals.length > this.#capacity) this.#totals.shift();
  }

  /** The groups that grow, by the rule of growth.ts. */
  growing(): ReadonlyMap<string, Growth> {
    const growing = new Map<string, Growth>();
    for (const [fingerprint, series] of this.#series) {
      const counts = series.map(({ count }) => count);
      if (series[series.length - 1]!.count - Math.min(...counts) < this.#parameters.minRise) continue;
      const growth = growthOf(series, this.#parameters);
      if (growth) growing.set(fingerprint, growth);
    }
    return growing;
  }

  series(fingerprint: string): readonly Sample[] {
    return this.#series.get(fingerprint) ?? [];
  }

  totals(): readonly Sample[] {
    return this.#totals;
  }
}
