// Runs a second on one core, and how a run's cost grows with goroutines and choices: `node dist/bench/host.js [another tree of
// Unpark, built]`, which is measured beside this one, in turns, on the same programs.
// Random choices, no reduction, no judging: what the host alone costs. Output kept in host.txt.
import { cpus } from "node:os";
import { Prng } from "../src/base/prng.js";
import type { Choice } from "../src/model/run/choice.js";
import type { Pending, Program, Run } from "../src/model/run/program.js";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import * as own from "../test/guest-fixture.js";

const SECONDS = 3;
const ROUNDS = 5;

/** To ask for the processor time costs as much as a small run. */
const AT_ONCE = 8;
const MANY = 1_000;

interface Rate {
  readonly runs: number;
  readonly steps: number;
}

type Fixture = Pick<typeof own, "buildFixture" | "loadFixture">;

/** The first who can go on from a place that is drawn: what is measured is the host, not this. */
function choiceOf(pending: readonly Pending[], random: Prng): Choice {
  const from = random.below(pending.length);
  for (let n = 0; n < pending.length; n++) {
    const { op, alternatives } = pending[(from + n) % pending.length]!;
    if (op !== "clock" && alternatives.length > 0) return alternatives[random.below(alternatives.length)]!;
  }
  return { kind: "clock" };
}

function oneRun(program: Program, random: Prng): number {
  const run = program.start() as Run;
  let steps = 0;
  for (; run.outcome() === undefined; steps++) void run.take(choiceOf(run.able?.() ?? run.pending(), random));
  return steps;
}

/** One round of a fixed CPU time: machines are shared. */
function round(program: Program, random: Prng): Rate {
  const start = process.cpuUsage();
  let runs = 0;
  let steps = 0;
  let elapsed = 0;
  do {
    const enough = steps + MANY;
    for (let n = 0; n < AT_ONCE && steps < enough; n++, runs++) steps += oneRun(program, random);
    const { user, system } = process.cpuUsage(start);
    elapsed = (user + system) / 1e6;
  } while (elapsed < SECONDS / ROUNDS);
  return { runs: runs / elapsed, steps: steps / runs };
}

/** Medians of some rounds, in turns. */
function rates(programs: readonly Program[]): readonly Rate[] {
  const random = programs.map(() => new Prng(1));
  programs.forEach((program, index) => {
    for (let i = 0, steps = 0; i < 200 && steps < 20_000; i++) steps += oneRun(program, random[index]!);
  });
  const all = programs.map((): Rate[] => []);
  for (let n = 0; n < ROUNDS; n++) programs.forEach((program, index) => all[index]!.push(round(program, random[index]!)));
  return all.map((rounds) => rounds.sort((a, b) => a.runs - b.runs)[Math.floor(ROUNDS / 2)]!);
}

function row(what: string, programs: readonly Program[]): void {
  const [now, before] = rates(programs);
  const micros = ({ runs, steps }: Rate): string => (1e6 / runs / steps).toFixed(1).padStart(7);
  const beside = before === undefined ? "" : ` before ${before.runs.toFixed(0).padStart(6)} runs/s ${micros(before)} µs/step, times ${(now!.runs / before.runs).toFixed(1).padStart(4)}`;
  console.log(`${now!.runs.toFixed(0).padStart(7)} runs/s ${now!.steps.toFixed(1).padStart(8)} steps/run ${micros(now!)} µs/step ${beside}  ${what}`);
}

const other = process.argv[2];
const fixtures: readonly Fixture[] = [own, ...(other === undefined ? [] : [(await import(pathToFileURL(join(other, "dist/test/guest-fixture.js")).href)) as Fixture])];
const loaded: { readonly fixture: Fixture; readonly main: Uint8Array; readonly tests: Uint8Array }[] = [];
for (const fixture of fixtures) {
  loaded.push({ fixture, main: await fixture.buildFixture(own.fixtureFolder("host"), "main"), tests: await fixture.buildFixture(own.fixtureFolder("testing"), "tests") });
}
const mains = (...args: readonly string[]): readonly Program[] => loaded.map(({ fixture, main }) => fixture.loadFixture(main, args, { maxSteps: 100_000 }).program());
console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, one core; median of ${ROUNDS} rounds in turns, CPU time`);
for (const name of ["query", "abba", "selects", "context"]) row(`main: ${name}`, mains(name));
const folder = own.fixtureFolder("testing");
const modules = loaded.map(({ fixture, tests }) => fixture.loadFixture(tests, ["-test.timeout=0"], { environment: ["PWD=/src"], mounts: [{ at: "/src", from: folder }], cwd: "/src" }));
for (const name of ["TestWorker", "TestParallelSubtests", "TestSometimesFails"]) row(`test binary: ${name}`, modules.map((module) => module.program(module.tests.indexOf(name))));
for (const [goroutines, steps] of [[2, 10], [2, 100], [2, 1000], [10, 10], [100, 10], [1000, 10]] as const) {
  row(`main: ${goroutines} goroutines, ${steps} steps each on one lock`, mains("grow", String(goroutines), String(steps)));
}
for (const [goroutines, steps] of [[10, 1000], [1000, 1000], [10_000, 1000]] as const) {
  row(`main: ${goroutines} goroutines stand still, 2 take ${steps} steps each on one lock`, mains("still", String(goroutines), String(steps)));
}
for (const [pairs, steps] of [[1, 10], [50, 10], [500, 10], [2000, 10]] as const) {
  row(`main: ${pairs} pairs of goroutines, each with objects of their own`, mains("copies", String(pairs), String(steps)));
}
