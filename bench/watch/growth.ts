// The tables of right and wrong calls of the growth rule (src/watch/growth.ts), asked at every tenth sample as a watch
// that runs on would: the simulated series that it was tuned on (simulated.ts), series that it was not (held-out.ts), each
// with 100 seeds, and series recorded of real services (fixtures/watch). `node dist/bench/watch/growth.js`.
import { readFileSync } from "node:fs";
import { Prng } from "../../src/base/prng.js";
import { DEFAULT_GROWTH, growthOf, REACH, type Sample } from "../../src/watch/growth.js";
import { HELD_OUT, type HeldOut } from "./held-out.js";
import { SCENARIOS } from "../../src/watch/testing/simulated.js";

const SEEDS = 100;

/** After how many samples the first alarm came. */
function firstAlarm(series: readonly Sample[]): number | undefined {
  for (let end = DEFAULT_GROWTH.window; end <= series.length; end += 10) if (growthOf(series.slice(0, end))) return end;
  return undefined;
}

console.log(`Growth rule: ${SEEDS} seeds each, 720 samples 10 s apart, window ${DEFAULT_GROWTH.window} samples`);

function table(title: string, scenarios: readonly HeldOut[], firstSeed: number): void {
  console.log(`\n${title}\n| series | leak | alarms | right | first alarm, median |\n|---|---|---|---|---|`);
  let all = 0;
  for (const { name, leaks, series } of scenarios) {
    const alarms = Array.from({ length: SEEDS }, (_, seed) => firstAlarm(series(new Prng(firstSeed + seed)))).filter((at) => at !== undefined);
    const median = alarms.sort((a, b) => a - b)[alarms.length >> 1];
    const right = leaks ? alarms.length : SEEDS - alarms.length;
    all += right;
    const minutes = median === undefined ? "" : `${Math.round((median * series(new Prng(0))[1]!.at) / 60)} min`;
    console.log(`| ${name} | ${leaks ? "yes" : "no"} | ${alarms.length} | ${right}/${SEEDS} | ${minutes} |`);
  }
  console.log(`right: ${all} of ${SEEDS * scenarios.length}`);
}

interface Recorded {
  readonly load: string;
  readonly service: string;
  readonly fixed: boolean;
  readonly group: string;
  readonly leaks: boolean;
  readonly counts: readonly number[];
}

table("Tuned on:", SCENARIOS, 0);
table("Held out:", HELD_OUT, 10_000);
const recorded = JSON.parse(readFileSync(new URL("../../../fixtures/watch/recorded.json", import.meta.url), "utf8")) as readonly Recorded[];
console.log("\nRecorded (scripts/record-growth.mjs):\n| load | service | group | leak | first alarm, at look | right |\n|---|---|---|---|---|---|");
for (const { load, service, fixed, group, leaks, counts } of recorded) {
  const first = firstAlarm(counts.map((count, i) => ({ at: i / 4, count })));
  console.log(`| ${load} | ${service}${fixed ? ", fixed" : ""} | ${group} | ${leaks ? "yes" : "no"} | ${first ?? ""} | ${(first !== undefined) === leaks ? "yes" : "no"} |`);
}

/** Minutes until a leak is known that begins after an hour of `base`; looks 10 s apart, as far back as a watch looks. */
function minutesUntilKnown(perMinute: number, base: (i: number, random: Prng) => number, random: Prng): number | undefined {
  const series: Sample[] = [];
  let leaked = 0;
  for (let i = 0; i < 360 + 6 * 360; i++) {
    if (i >= 360) leaked += perMinute / 6;
    series.push({ at: i * 10, count: Math.max(0, Math.round(base(i, random) + Math.floor(leaked))) });
    if (i > 360 && i % 10 === 0 && growthOf(series.slice(-REACH * DEFAULT_GROWTH.window))) return Math.round((i - 360) / 6);
  }
  return undefined;
}

const trembling = (mean: number) => (_: number, random: Prng): number => mean + (Array.from({ length: 12 }, () => random.next() / 2 ** 32).reduce((sum, one) => sum + one, 0) - 6) * Math.sqrt(mean);
const BASES = [
  ["nothing else there", () => 0],
  ["8 workers", () => 8],
  ["20 in flight, trembling", trembling(20)],
  ["200 in flight, trembling", trembling(200)],
  ["waves of 30 min, 0 to 100 in flight", (i: number, random: Prng) => trembling(50 - 50 * Math.cos((2 * Math.PI * i) / 180))(i, random)],
] as const;
const RATES = [0.1, 0.5, 1, 2, 5, 10, 60];
console.log(`\nMinutes until a leak of k goroutines a minute is known (looks 10 s apart; median and most of 10 seeds; within six hours)\n| at the same place | ${RATES.map((rate) => `k = ${rate}`).join(" | ")} |\n|---|${RATES.map(() => "---|").join("")}`);
for (const [name, base] of BASES) {
  const cells = RATES.map((rate) => {
    const known = Array.from({ length: 10 }, (_, seed) => minutesUntilKnown(rate, base, new Prng(seed + 500))).filter((one) => one !== undefined).sort((a, b) => a - b);
    return known.length < 6 ? `${known.length} of 10 known` : `${known[known.length >> 1]}, ${known.length < 10 ? `${10 - known.length} not` : known.at(-1)}`;
  });
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
