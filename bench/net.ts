// Steps and schedules a second of programs on sockets: `node dist/bench/net.js [another tree of Unpark, built]`, which is
// measured beside this one, in turns, on the same programs (fixtures/net). The natural schedule, without judging, each run from the
// beginning; then some explored as the command does it, where a run goes on from a saved state. Time is CPU time of this process.
// Output kept in net.txt.
import { cpus } from "node:os";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type { Choice } from "../src/model/run/choice.js";
import type { Pending, Program, Run } from "../src/model/run/program.js";
import { explore as ownExplore } from "../src/explore/explorer.js";
import * as own from "../test/guest-fixture.js";

const SECONDS = 1;
const ROUNDS = 5;
const EXPLORED_MS = 5_000;
/** To ask for the processor time costs as much as some steps. */
const AT_ONCE = 8;
const PROGRAMS = ["http/three", "http/get", "http/post", "http/tls", "http/2", "http/shutdown", "rpc/call", "tcp/ping-pong", "tcp/echo", "udp/echo", "tcp/big"];
const EXPLORED = ["http/three", "http/get", "http/cancel"];

type Fixture = Pick<typeof own, "buildFixture" | "loadFixture">;

/** Milliseconds of this process's CPU time. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function next(pending: readonly Pending[]): Choice {
  const first = pending.find(({ op, yielding, alternatives }) => op !== "clock" && yielding !== true && alternatives.length > 0);
  const clock = pending.at(-1)?.op === "clock" ? pending.at(-1) : undefined;
  return (first ?? clock ?? pending.find(({ alternatives }) => alternatives.length > 0))!.alternatives[0]!;
}

function oneRun(program: Program): number {
  const run = program.start() as Run;
  let steps = 0;
  for (; run.outcome() === undefined; steps++) void run.take(next(run.pending()));
  return steps;
}

function rate(program: Program): number {
  const start = cpu();
  let runs = 0;
  do {
    for (let n = 0; n < AT_ONCE; n++) oneRun(program);
    runs += AT_ONCE;
  } while (cpu() - start < 1_000 * SECONDS);
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

const trees = [undefined, process.argv[2]].flatMap((tree, index) => (index > 0 && tree === undefined ? [] : [tree]));
const folder = own.fixtureFolder("net");
const loaded = [];
for (const tree of trees) {
  const fixture = tree === undefined ? own : ((await import(pathToFileURL(join(tree, "dist/test/guest-fixture.js")).href)) as Fixture);
  const explore = tree === undefined ? ownExplore : ((await import(pathToFileURL(join(tree, "dist/src/explore/explorer.js")).href)) as { explore: typeof ownExplore }).explore;
  loaded.push({ fixture, explore, wasm: await fixture.buildFixture(folder, "main") });
}
console.log(`node ${process.version}, ${cpus()[0]?.model ?? "?"}, one core, CPU time; natural schedule, median of ${ROUNDS} rounds in turns`);
if (loaded.length > 1) console.log("program          steps     before   runs/s     before   times");
for (const name of PROGRAMS) {
  const programs = loaded.map(({ fixture, wasm }) => fixture.loadFixture(wasm, [name]).program());
  const steps = programs.map(oneRun);
  const rates = programs.map((): number[] => []);
  programs.forEach(rate); // V8 compiles the module's hot functions again
  for (let round = 0; round < ROUNDS; round++) programs.forEach((program, index) => rates[index]!.push(rate(program)));
  const [now, before] = rates.map(median);
  const cells = [String(steps[0]).padStart(5), String(steps[1] ?? "").padStart(10), now!.toFixed(0).padStart(8), before?.toFixed(0).padStart(10) ?? "", before === undefined ? "" : (now! / before).toFixed(1).padStart(7)];
  console.log(`${name.padEnd(16)} ${cells.join(" ")}`);
}
console.log(`explored for ${EXPLORED_MS / 1_000} s: schedules that differ, a second`);
for (const name of EXPLORED) {
  const rates = [];
  for (const { fixture, explore, wasm } of loaded) rates.push(await explored(explore, fixture.loadFixture(wasm, [name]).program()));
  console.log(`${name.padEnd(16)} ${rates.map((one) => one.toFixed(0).padStart(16)).join(" ")}`);
}
