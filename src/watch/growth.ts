/**
 * Tells a leak from load, given how many goroutines a group had over time.
 *
 * What is under load rises and falls, and its count trembles: requests come and go. What leaks only rises, or, mixed
 * with load, rises in its floor: what is left when the load is gone. So there are two ways to an alarm, and both ask
 * for a rise of at least `minRise` and of `minShare` of where it began:
 *
 *   steady  over the last `window`, falls make up less than `maxFalls` of all movement, the robust slope (Theil–Sen:
 *           the median of all pairs' slopes; Sen 1968) carries at least half of the rise, and the last third of the
 *           window still rises at no less than 0.7 of that slope: a pool that fills up slows down, within about a window.
 *           What comes up to where it was before, and has fallen from since by half or more, is a wave until it goes beyond.
 *           The same over six windows, of each six samples the least: a leak below a load that trembles.
 *   floors  in all of the history, the troughs between the load's waves rise, each above the one before, three at
 *           least. A wave is a fall of half its own height.
 *
 * A fall to half or less of what it was in one step, that is not followed by a return, is a restart: what was before
 * it does not count any more (steady), and lower troughs break a row of rising ones (floors).
 *
 * What it cannot know: a warm-up that rises steadily for longer than the window looks like a leak, and a leak that
 * rises by less than `minRise` a window is only found by its floors, or by a longer window. How it does on series that
 * it was not tuned on, and what it gets wrong there, is in bench/watch/growth.txt; how others do, in bench/watch/rules.txt.
 */
export interface GrowthParameters {
  /** Samples that `steady` looks at; also the least number before any alarm. */
  readonly window: number;
  /** Goroutines. */
  readonly minRise: number;
  /** Part of the value at the window's start. */
  readonly minShare: number;
  /** Falls as a part of all movement, 0 to 1. A pure leak has 0, a trembling flat line 0.5. */
  readonly maxFalls: number;
}

export const DEFAULT_GROWTH: GrowthParameters = { window: 120, minRise: 10, minShare: 0.1, maxFalls: 0.1 };

export interface Sample {
  /** Seconds since any fixed time. */
  readonly at: number;
  readonly count: number;
}

export interface Growth {
  /** `stays`: by days.ts. */
  readonly how: "steady" | "floors" | "stays";
  /** Goroutines a minute. */
  readonly perMinute: number;
  readonly from: number;
  readonly to: number;
  /** Minutes that this is seen over. */
  readonly minutes: number;
}

export function growthOf(series: readonly Sample[], parameters: GrowthParameters = DEFAULT_GROWTH): Growth | undefined {
  const steady = steadyGrowth(series, parameters) ?? steadyGrowth(blockMinima(series, BLOCK), parameters);
  return steady ?? floorGrowth(series, parameters);
}

/** Windows that the rule looks back. */
export const REACH = 7;

/** Six windows, each sample the least of six: what trembles under load is gone, what stays is left. */
const BLOCK = 6;

export function blockMinima(series: readonly Sample[], size: number): readonly Sample[] {
  const minima: Sample[] = [];
  for (let end = series.length; end - size >= 0; end -= size) {
    const block = series.slice(end - size, end);
    minima.push({ at: block[size - 1]!.at, count: Math.min(...block.map(({ count }) => count)) });
  }
  return minima.reverse();
}

function steadyGrowth(series: readonly Sample[], p: GrowthParameters): Growth | undefined {
  const since = series.slice(lastRestart(series));
  if (since.length < p.window) return undefined;
  const window = since.slice(-p.window);
  const first = median(window.slice(0, 5).map(({ count }) => count));
  const last = median(window.slice(-5).map(({ count }) => count));
  if (last - first < Math.max(p.minRise, p.minShare * first)) return undefined;
  let rises = 0;
  let falls = 0;
  for (let i = 1; i < window.length; i++) {
    const step = window[i]!.count - window[i - 1]!.count;
    if (step > 0) rises += step;
    else falls -= step;
  }
  if (falls > p.maxFalls * (rises + falls)) return undefined;
  const slope = theilSen(window);
  const span = window[window.length - 1]!.at - window[0]!.at;
  if (slope * span < (last - first) / 2) return undefined;
  if (theilSen(window.slice(-Math.ceil(p.window / 3))) < LASTING * slope) return undefined;
  if (last <= peakBefore(since.slice(0, -p.window), first)) return undefined;
  return { how: "steady", perMinute: slope * 60, from: first, to: last, minutes: span / 60 };
}

/** Part of the window's slope that its last third must still have. What fills up (1 − e^(−t/T)) has 0.69 of it where T is the window, and less where T is shorter. */
const LASTING = 0.7;

/** A height that was reached before, and fell by half or more to where the window begins: a wave comes up to it again. */
function peakBefore(earlier: readonly Sample[], begin: number): number {
  const peak = Math.max(...smoothed(earlier, 5).map(({ count }) => count), 0);
  return peak >= 2 * begin ? peak : 0;
}

/** The index of the first sample after the last restart (a fall to half or less, from four on): 0 where there was none. */
export function lastRestart(series: readonly Sample[]): number {
  for (let i = series.length - 1; i > 0; i--) {
    const before = series[i - 1]!.count;
    const after = series[i]!.count;
    if (before >= 4 && after * 2 <= before) return i;
  }
  return 0;
}

export function floorGrowth(series: readonly Sample[], p: GrowthParameters): Growth | undefined {
  if (series.length < p.window) return undefined;
  const troughs = troughsOf(smoothed(series, Math.max(3, Math.floor(p.window / 12))), p.minRise);
  // The longest row of rising troughs that ends with the last.
  let start = troughs.length - 1;
  while (start > 0 && troughs[start - 1]!.count < troughs[start]!.count) start--;
  const row = troughs.slice(start);
  if (row.length < 3) return undefined;
  const first = row[0]!;
  const last = row[row.length - 1]!;
  const noise = 2 * Math.sqrt(Math.max(1, first.count)); // counts of independent arrivals tremble by their root
  const rise = last.count - first.count;
  if (rise < Math.max(p.minRise, p.minShare * first.count, noise)) return undefined;
  if (row.some((trough, i) => i > 0 && trough.count - row[i - 1]!.count < rise / (4 * row.length))) return undefined;
  return { how: "floors", perMinute: theilSen(row) * 60, from: first.count, to: last.count, minutes: (last.at - first.at) / 60 };
}

/** Lows between highs, where the way down and the way up are each half of the wave's height, and more than trembling. */
function troughsOf(series: readonly Sample[], least: number): readonly Sample[] {
  const enough = (height: number, top: number): number => Math.max(least, height / 2, 4 * Math.sqrt(top));
  const troughs: Sample[] = [];
  let high = series[0]!;
  let low = series[0]!;
  let falling = false;
  for (const sample of series) {
    if (falling) {
      if (sample.count < low.count) low = sample;
      if (sample.count - low.count >= enough(high.count - low.count, high.count)) {
        troughs.push(low);
        falling = false;
        high = sample;
      }
    } else {
      if (sample.count > high.count) high = sample;
      if (high.count - sample.count >= enough(high.count - low.count, high.count)) {
        falling = true;
        low = sample;
      }
    }
  }
  return troughs;
}

/** Running medians: a single odd sample is no trough. */
function smoothed(series: readonly Sample[], width: number): readonly Sample[] {
  const half = Math.floor(width / 2);
  return series.map(({ at }, i) => ({ at, count: median(series.slice(Math.max(0, i - half), i + half + 1).map(({ count }) => count)) }));
}

/** The median of the slopes between all pairs, per second: a quarter of the samples may be nonsense without harm. */
export function theilSen(series: readonly Sample[]): number {
  const slopes: number[] = [];
  for (let i = 0; i < series.length; i++) {
    for (let j = i + 1; j < series.length; j++) {
      const dt = series[j]!.at - series[i]!.at;
      if (dt > 0) slopes.push((series[j]!.count - series[i]!.count) / dt);
    }
  }
  return slopes.length === 0 ? 0 : median(slopes);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
