// What a step costs each strategy where many goroutines can go on: `node dist/bench/able.js [another tree of Unpark, built]`, which is measured beside
// this one, in turns. Each goroutine takes steps on a lock of its own (fixtures/host, apart). What a run costs before its first steps is taken out:
// of a run of many steps that of a shorter one is subtracted. The sum of all schedules' hashes has to be equal: the same seed, the same runs. Output kept in able.txt.
import { createHash } from "node:crypto";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as engine from "../src/explore/engine.js";
import type * as fairness from "../src/explore/fairness.js";
import type { RunEnd } from "../src/explore/strategy.js";
import type * as registry from "../src/explore/strategies/registry.js";
import type { Program } from "../src/model/run/program.js";
import { formatChoice } from "../src/model/run/choice.js";
import * as own from "../test/guest-fixture.js";
import type { Fixture } from "./programs.js";

const ROUNDS = 3;
const STRATEGIES = ["natural", "random", "pct", "pos", "surw"];
const ABLE = [10, 100, 1_000, 2_000];
const FIRST = 4_000;
const STEPS = 16_000;

interface Side {
  /** Microseconds a step. */
  cost(program: number, strategy: string): number;
  /** Of all schedules so far. */
  hash(): string;
}

async function sideOf(tree: string): Promise<Side> {
  const load = async <T>(path: string): Promise<T> => (await import(pathToFileURL(join(tree, "dist", path)).href)) as T;
  const { buildFixture, loadFixture } = await load<Fixture>("test/guest-fixture.js");
  const { driveRun } = await load<typeof engine>("src/explore/engine.js");
  const { DEFAULT_CLOCK } = await load<typeof fairness>("src/explore/fairness.js");
  const { strategyNamed } = await load<typeof registry>("src/explore/strategies/registry.js");
  const main = await buildFixture(own.fixtureFolder("host"), "main");
  const programs = ABLE.map((n) => loadFixture(main, ["apart", String(n), String((2 * (FIRST + STEPS)) / n)], { maxSteps: 2 * STEPS }).program());
  const hash = createHash("sha256");
  const timed = (program: Program, name: string, steps: number): number => {
    const named = strategyNamed(name);
    if (!named.ok) throw new Error(named.error);
    const strategy = named.value.make({ seed: 1, clock: DEFAULT_CLOCK });
    const start = process.cpuUsage();
    const { schedule } = driveRun(program, strategy, strategy.begin()!, { clock: DEFAULT_CLOCK, steps, run: {} }) as RunEnd;
    const { user, system } = process.cpuUsage(start);
    if (schedule.length !== steps) throw new Error(`${schedule.length} steps for ${steps}`);
    for (const choice of schedule) hash.update(formatChoice(choice));
    return user + system;
  };
  return {
    cost: (index, name) => {
      const first = timed(programs[index]!, name, FIRST);
      return (timed(programs[index]!, name, FIRST + STEPS) - first) / STEPS;
    },
    hash: () => hash.copy().digest("hex").slice(0, 12),
  };
}

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;

const [other] = process.argv.slice(2);
const sides: Side[] = [];
for (const tree of [fileURLToPath(new URL("../..", import.meta.url)), ...(other === undefined ? [] : [resolve(other)])]) sides.push(await sideOf(tree));
console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, one core; µs a step, CPU time, median of ${ROUNDS} rounds in turns${other === undefined ? "" : "; before"}`);
console.log(`able     ${STRATEGIES.map((name) => name.padStart(16)).join("")}`);
for (const [index, n] of ABLE.entries()) {
  const cells = STRATEGIES.map((name) => {
    const costs = sides.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round++) for (const [which, side] of sides.entries()) costs[which]!.push(side.cost(index, name));
    return costs.map((all) => median(all).toFixed(1).padStart(7)).join(" ").padStart(16);
  });
  console.log(`${String(n).padStart(5)}    ${cells.join("")}`);
}
console.log(`schedules ${sides.map((side) => side.hash()).join(", ")}`);
