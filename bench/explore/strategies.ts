// Runs and time to the first bug, by strategy, on the model programs; ten seeds for those that draw.
//   npm run build && node dist/bench/explore/strategies.js      Kept output: strategies.txt
import { cpus } from "node:os";
import { explore } from "../../src/explore/explorer.js";
import { DEFAULT_CLOCK } from "../../src/explore/fairness.js";
import { STRATEGIES } from "../../src/explore/strategies/registry.js";
import { ModelProgram } from "../../src/explore/testing/model-program.js";
import { signatureOf } from "../../src/explore/testing/signatures.js";
import { BUGS } from "./programs.js";

const MOST = 20_000;
const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);
/** One run is no search. */
const SEARCHES = STRATEGIES.filter(({ kind }) => kind !== "once");

console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "?"} (${cpus().length} cores, shared)`);
console.log(`runs to the first bug (median; most of ${SEEDS.length} seeds) and milliseconds; >${MOST}: not found\n`);
console.log(["".padEnd(44), ...SEARCHES.map(({ name }) => name.padStart(22))].join(""));
for (const { name, text, shows } of BUGS) {
  const cells: string[] = [];
  for (const strategy of SEARCHES) {
    const draws = strategy.kind === "draws" || strategy.name === "portfolio";
    const runs: number[] = [];
    const times: number[] = [];
    for (const seed of draws ? SEEDS : [1]) {
      const start = performance.now();
      const options = { strategy: strategy.make({ seed, clock: DEFAULT_CLOCK }), schedules: MOST, budget: Infinity, until: () => true };
      const result = await explore(new ModelProgram(text), options, (end) => signatureOf(end).filter(({ key }) => shows(key)));
      runs.push(result.found[0]?.run ?? Infinity);
      times.push(performance.now() - start);
    }
    const [median, most] = [sorted(runs)[runs.length >> 1]!, sorted(runs).at(-1)!];
    const told = (n: number): string => (n === Infinity ? `>${MOST}` : String(n));
    cells.push(`${told(median)}${draws ? `; ${told(most)}` : ""} (${sorted(times)[times.length >> 1]!.toFixed(1)})`.padStart(22));
  }
  console.log([name.padEnd(44), ...cells].join(""));
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
