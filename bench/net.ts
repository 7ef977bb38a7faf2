// Steps and schedules a second of programs on sockets: `node dist/bench/net.js [another tree of Unpark, built] [words of the programs' names]`:
// the other tree is measured beside this one, in turns, on the same programs (fixtures/net). The natural schedule, without judging, each run from
// the beginning: in the first seconds, while V8 compiles what is hot once more, and later. Then some explored as the command does it,
// where a run goes on from a saved state. Time is CPU time of this process. Output kept in net.txt.
import { cpus } from "node:os";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type { Program } from "../src/model/run/program.js";
import { explore as ownExplore } from "../src/explore/explorer.js";
import * as own from "../test/guest-fixture.js";
import { naturalRun, NET, netFolder, netPrograms, type Fixture } from "./programs.js";

const FIRST = 5;
const BETWEEN = 5;
const SECONDS = 0.6;
const ROUNDS = 5;
const EXPLORED_MS = 5_000;
/** To ask for the processor time costs as much as some steps. */
const AT_ONCE = 8;
const EXPLORED = ["http/three", "http/get", "http/cancel"];

/** Milliseconds of this process's CPU time. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function rate(program: Program, seconds: number): number {
  const start = cpu();
  let runs = 0;
  do {
    for (let n = 0; n < AT_ONCE; n++) naturalRun(program);
    runs += AT_ONCE;
  } while (cpu() - start < 1_000 * seconds);
  return (1_000 * runs) / (cpu() - start);
}

/** Schedules that differ, a second. */
async function explored(explore: typeof ownExplore, program: Program): Promise<number> {
  let calls = 0;
  let last = 0;
  const now = (): number => (calls++ % AT_ONCE === 0 ? (last = cpu()) : last);
  const start = cpu();
  const { coverage } = await explore(program, { budget: EXPLORED_MS, wall: { now, turn: () => new Promise((resolve) => setImmediate(resolve)) }, seed: 1 }, () => []);
  return (1_000 * coverage.schedules) / (cpu() - start);
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

const [otherTree, ...words] = process.argv.slice(2);
const isWanted = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word));
const trees = otherTree === undefined ? [undefined] : [undefined, otherTree];
const folder = netFolder();
const loaded = [];
for (const tree of trees) {
  const fixture = tree === undefined ? own : ((await import(pathToFileURL(join(tree, "dist/test/guest-fixture.js")).href)) as Fixture);
  const explore = tree === undefined ? ownExplore : ((await import(pathToFileURL(join(tree, "dist/src/explore/explorer.js")).href)) as { explore: typeof ownExplore }).explore;
  loaded.push({ fixture, explore, wasm: await fixture.buildFixture(folder, "main") });
}
console.log(`node ${process.version}, ${cpus()[0]?.model ?? "?"}, one core, CPU time; natural schedule, median of ${ROUNDS} rounds in turns`);
console.log(`program          steps   first ${FIRST} s: runs/s      later${loaded.length > 1 ? "       before: steps   first    later   times: first  later" : ""}`);
for (const name of NET.filter(isWanted)) {
  const programs = [];
  for (const { fixture } of loaded) programs.push((await netPrograms(fixture, [name], folder))[0]!.program);
  const steps = programs.map(naturalRun);
  const first = programs.map((program) => rate(program, FIRST));
  const rates = programs.map((): number[] => []);
  for (const program of programs) rate(program, BETWEEN);
  for (let round = 0; round < ROUNDS; round++) programs.forEach((program, index) => rates[index]!.push(rate(program, SECONDS)));
  const later = rates.map(median);
  const now = [String(steps[0]).padStart(5), first[0]!.toFixed(0).padStart(18), later[0]!.toFixed(0).padStart(10)];
  const beside = loaded.length < 2 ? [] : [String(steps[1]).padStart(19), first[1]!.toFixed(0).padStart(7), later[1]!.toFixed(0).padStart(8), (first[0]! / first[1]!).toFixed(1).padStart(14), (later[0]! / later[1]!).toFixed(1).padStart(6)];
  console.log(`${name.padEnd(16)} ${[...now, ...beside].join(" ")}`);
}
console.log(`explored for ${EXPLORED_MS / 1_000} s: schedules that differ, a second`);
for (const name of EXPLORED.filter(isWanted)) {
  const rates = [];
  for (const { fixture, explore, wasm } of loaded) rates.push(await explored(explore, fixture.loadFixture(wasm, [name]).program()));
  console.log(`${name.padEnd(16)} ${rates.map((one) => one.toFixed(0).padStart(16)).join(" ")}`);
}
