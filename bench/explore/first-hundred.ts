// How much the strategies that draw show in their first 100 runs, alone and in turns of two: distinct ends of random
// model programs (what each goroutine saw, and where it stopped), of all that any of them, or 1,000 runs of the reduced
// search, met. `rare`: ends that fewer than five of the strategies alone showed with a seed.
//   npm run build && node dist/bench/explore/first-hundred.js [programs]      Kept output: first-hundred.txt
import { cpus } from "node:os";
import fc from "fast-check";
import { explore } from "../../src/explore/explorer.js";
import { DEFAULT_CLOCK } from "../../src/explore/fairness.js";
import type { Strategy } from "../../src/explore/strategy.js";
import { RoundRobin } from "../../src/explore/strategies/portfolio.js";
import { STRATEGIES, strategyNamed } from "../../src/explore/strategies/registry.js";
import { ModelProgram } from "../../src/explore/testing/model-program.js";
import { randomProgram, type Family } from "../../src/explore/testing/random-program.js";
import { signatureOf } from "../../src/explore/testing/signatures.js";
import { spawn, type ModelProgramText } from "../../src/explore/testing/model-operations.js";

const FIRST = 100;
const SEEDS = [1, 2, 3];
const FAMILIES: readonly (readonly Family[])[] = [
  ["mutex", "atomic"], ["rwmutex", "mutex"], ["buffered", "unbuffered"], ["select", "buffered", "waitgroup"], ["cond", "mutex"], ["timer", "unbuffered", "sleep"],
];
const perFamily = Math.ceil(Number(process.argv[2] ?? 180) / FAMILIES.length);

/** Two random programs beside each other on the same objects: up to eight goroutines. */
const programs: readonly ModelProgramText[] = FAMILIES.flatMap((families) =>
  fc.sample(fc.tuple(randomProgram(families), randomProgram(families)), { seed: 1, numRuns: perFamily }).map(([a, b]) => ({ channels: a.channels!, main: [spawn(...b.main), ...a.main] })),
);

function made(name: string, seed: number): Strategy {
  const named = strategyNamed(name);
  if (!named.ok) throw new Error(named.error);
  return named.value.make({ seed, clock: DEFAULT_CLOCK });
}

async function ends(text: ModelProgramText, strategy: Strategy, schedules: number): Promise<readonly string[]> {
  const { found } = await explore(new ModelProgram(text), { strategy, schedules, budget: Infinity }, signatureOf);
  return found.map(({ key }) => key);
}

const ALONE = STRATEGIES.filter(({ kind }) => kind === "draws").map(({ name }) => name);
const PAIRS = ALONE.flatMap((a, i) => ALONE.slice(i + 1).map((b) => [a, b] as const));
const SEARCHES: readonly { readonly title: string; readonly make: (seed: number) => Strategy }[] = [
  ...ALONE.map((name) => ({ title: name, make: (seed: number) => made(name, seed) })),
  ...PAIRS.map(([a, b]) => ({ title: `${a} + ${b}`, make: (seed: number) => new RoundRobin([made(a, seed), made(b, seed)]) })),
  { title: "portfolio", make: (seed: number) => made("portfolio", seed) },
];

const shown = SEARCHES.map(() => ({ all: 0, rare: 0 }));
let possible = 0;
let rarePossible = 0;
for (const text of programs) {
  const bySearch: ReadonlySet<string>[][] = [];
  for (const { make } of SEARCHES) {
    const sets: ReadonlySet<string>[] = [];
    for (const seed of SEEDS) sets.push(new Set(await ends(text, make(seed), FIRST)));
    bySearch.push(sets);
  }
  const known = new Set([...bySearch.flat().flatMap((set) => [...set]), ...(await ends(text, made("reduced", 1), 1_000))]);
  const alone = bySearch.slice(0, ALONE.length).flat();
  const rare = new Set([...known].filter((key) => alone.filter((set) => set.has(key)).length < 5));
  possible += known.size * SEEDS.length;
  rarePossible += rare.size * SEEDS.length;
  for (const [i, sets] of bySearch.entries()) {
    for (const set of sets) {
      shown[i]!.all += set.size;
      for (const key of set) if (rare.has(key)) shown[i]!.rare++;
    }
  }
}

console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "?"}; ${programs.length} random programs, ${FIRST} runs each, seeds ${SEEDS.join(", ")}\n`);
console.log(`${"".padEnd(20)}${"ends".padStart(16)}${"rare ones".padStart(16)}`);
const share = (n: number, of: number): string => `${n} (${((100 * n) / of).toFixed(1)} %)`.padStart(16);
for (const [i, { title }] of SEARCHES.entries()) console.log(`${title.padEnd(20)}${share(shown[i]!.all, possible)}${share(shown[i]!.rare, rarePossible)}`);
console.log(`${"of".padEnd(20)}${String(possible).padStart(16)}${String(rarePossible).padStart(16)}`);
