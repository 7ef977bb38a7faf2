// For bench/watch/rules.py: every series as JSON lines, with what rules in TypeScript say of it. `node dist/bench/watch/rules-data.js > FILE`
import { readFileSync } from "node:fs";
import { Prng } from "../../src/base/prng.js";
import { DEFAULT_GROWTH, growthOf, type Sample } from "../../src/watch/growth.js";
import { SCENARIOS } from "../../src/watch/testing/simulated.js";
import { HELD_OUT } from "./held-out.js";
import { earlierGrowthOf } from "./earlier-rule.js";

const WINDOWS = [60, 120, 240];
const RULES = { earlier: earlierGrowthOf, now: growthOf };

/** Asked at every tenth sample, as a watch that runs on would be: after how many the first alarm came. */
function first(rule: typeof growthOf, series: readonly Sample[], window: number): number | null {
  for (let end = window; end <= series.length; end += 10) if (rule(series.slice(0, end), { ...DEFAULT_GROWTH, window })) return end;
  return null;
}

function say(set: string, name: string, leaks: boolean, series: readonly Sample[]): void {
  const told = Object.fromEntries(Object.entries(RULES).flatMap(([rule, of]) => WINDOWS.map((window) => [`${rule} ${window}`, first(of, series, window)])));
  process.stdout.write(`${JSON.stringify({ set, name, leaks, counts: series.map(({ count }) => count), told })}\n`);
}

const [seeds = 20] = process.argv.slice(2).map(Number);
for (const { name, leaks, series } of SCENARIOS) for (let seed = 0; seed < seeds / 2; seed++) say("tuned on: simulated", name, leaks, series(new Prng(seed)));
for (const { name, leaks, series } of HELD_OUT) for (let seed = 0; seed < seeds; seed++) say("held out: simulated", name, leaks, series(new Prng(10_000 + seed)));
const recorded = JSON.parse(readFileSync(new URL("../../../fixtures/watch/recorded.json", import.meta.url), "utf8")) as readonly { load: string; held: boolean; service: string; fixed: boolean; group: string; leaks: boolean; counts: readonly number[] }[];
for (const { load, held, service, fixed, group, leaks, counts } of recorded) {
  say(held ? "held out: recorded" : "tuned on: recorded", `${load}: ${service}${fixed ? ", fixed" : ""}: ${group}`, leaks, counts.map((count, i) => ({ at: i * 10, count })));
}
