import { blockMinima, floorGrowth, type Growth, type GrowthParameters, lastRestart, median, type Sample, theilSen } from "../../src/watch/growth.js";

const EARLIER: GrowthParameters = { window: 60, minRise: 10, minShare: 0.1, maxFalls: 0.1 };
/** Twelve windows, each sample the least of twelve. */
const BLOCK = 12;

/**
 * The rule before bench/watch/rules.txt was made, kept to be compared with: a window of 60 looks, whose last third has to keep a third of the slope,
 * and no word of what was reached before. What has not changed since is that of today (src/watch/growth.ts).
 */
export function earlierGrowthOf(series: readonly Sample[], parameters: GrowthParameters = EARLIER): Growth | undefined {
  const steady = steadyGrowth(series, parameters) ?? steadyGrowth(blockMinima(series, BLOCK), parameters);
  return steady ?? floorGrowth(series, parameters);
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
  if (theilSen(window.slice(-Math.ceil(p.window / 3))) < slope / 3) return undefined;
  return { how: "steady", perMinute: slope * 60, from: first, to: last, minutes: span / 60 };
}
