// The table of right and wrong calls of the growth rule (src/watch/growth.ts): each simulated series (simulated.ts) with
// 100 seeds, asked at every tenth sample as a watch that runs on would. `node dist/bench/watch/growth.js`.
import { Prng } from "../../src/base/prng.js";
import { DEFAULT_GROWTH, growthOf, type Sample } from "../../src/watch/growth.js";
import { SCENARIOS } from "../../src/watch/simulated.js";

const SEEDS = 100;

/** After how many samples the first alarm came. */
function firstAlarm(series: readonly Sample[]): number | undefined {
  for (let end = DEFAULT_GROWTH.window; end <= series.length; end += 10) if (growthOf(series.slice(0, end))) return end;
  return undefined;
}

console.log(`growth rule, ${SEEDS} seeds each, 720 samples 10 s apart, window ${DEFAULT_GROWTH.window} samples`);
console.log("| series | leak | alarms | right | first alarm, median |\n|---|---|---|---|---|");
for (const { name, leaks, series } of SCENARIOS) {
  const alarms = Array.from({ length: SEEDS }, (_, seed) => firstAlarm(series(new Prng(seed)))).filter((at) => at !== undefined);
  const median = alarms.sort((a, b) => a - b)[alarms.length >> 1];
  const right = leaks ? alarms.length : SEEDS - alarms.length;
  console.log(`| ${name} | ${leaks ? "yes" : "no"} | ${alarms.length} | ${right}/${SEEDS} | ${median === undefined ? "" : `${Math.round(median / 6)} min`} |`);
}
