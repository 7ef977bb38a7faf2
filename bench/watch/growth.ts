// The tables of right and wrong calls of the growth rule (src/watch/growth.ts), asked at every tenth sample as a watch
// that runs on would: the simulated series that it was tuned on (simulated.ts), series that it was not (held-out.ts), each
// with 100 seeds, and series recorded of real services (fixtures/watch). `node dist/bench/watch/growth.js`.
import { readFileSync } from "node:fs";
import { Prng } from "../../src/base/prng.js";
import { DEFAULT_GROWTH, growthOf, type Sample } from "../../src/watch/growth.js";
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
  readonly service: string;
  readonly fixed: boolean;
  readonly group: string;
  readonly leaks: boolean;
  readonly counts: readonly number[];
}

table("Tuned on:", SCENARIOS, 0);
table("Held out:", HELD_OUT, 10_000);
const recorded = JSON.parse(readFileSync(new URL("../../../fixtures/watch/recorded.json", import.meta.url), "utf8")) as readonly Recorded[];
console.log("\nRecorded (scripts/record-growth.mjs):\n| service | group | leak | first alarm, at look | right |\n|---|---|---|---|---|");
for (const { service, fixed, group, leaks, counts } of recorded) {
  const first = firstAlarm(counts.map((count, i) => ({ at: i / 4, count })));
  console.log(`| ${service}${fixed ? ", fixed" : ""} | ${group} | ${leaks ? "yes" : "no"} | ${first ?? ""} | ${(first !== undefined) === leaks ? "yes" : "no"} |`);
}
