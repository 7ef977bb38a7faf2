// Runs a second on one core, and how a run's cost grows with goroutines and choices: `node dist/bench/host.js`.
// Random choices, no reduction, no judging: what the host alone costs. Output kept in host.txt.
import { cpus } from "node:os";
import { Prng } from "../src/base/prng.js";
import type { Choice } from "../src/model/choice.js";
import type { Program, Run } from "../src/model/program.js";
import { buildFixture, fixtureFolder, loadFixture } from "../test/guest-fixture.js";

const SECONDS = 3;
const ROUNDS = 5;

interface Rate {
  readonly runs: number;
  readonly steps: number;
  readonly restore: number;
}

function oneRun(program: Program, random: Prng): number {
  const run = program.start() as Run;
  let steps = 0;
  while (run.outcome() === undefined) {
    const choices: Choice[] = [];
    for (const one of run.pending()) if (one.op !== "clock") choices.push(...one.alternatives);
    if (choices.length === 0) choices.push({ kind: "clock" });
    void run.take(choices[random.below(choices.length)]!);
    steps++;
  }
  return steps;
}

/** Median of some rounds of a fixed time; machines are shared. */
function rate(program: Program): Rate {
  const random = new Prng(1);
  for (let i = 0, steps = 0; i < 200 && steps < 20_000; i++) steps += oneRun(program, random);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = process.hrtime.bigint();
    let runs = 0;
    let steps = 0;
    let elapsed = 0;
    do {
      steps += oneRun(program, random);
      runs++;
      elapsed = Number(process.hrtime.bigint() - start) / 1e9;
    } while (elapsed < SECONDS / ROUNDS);
    return { runs: runs / elapsed, steps: steps / runs, restore: 0 };
  }).sort((a, b) => a.runs - b.runs);
  return rounds[Math.floor(ROUNDS / 2)]!;
}

function row(what: string, program: Program): void {
  const { runs, steps } = rate(program);
  const micros = 1e6 / runs;
  console.log(`${runs.toFixed(0).padStart(7)} runs/s ${steps.toFixed(1).padStart(8)} steps/run ${(micros / steps).toFixed(1).padStart(7)} µs/step  ${what}`);
}

const main = await buildFixture(fixtureFolder("host"), "main");
const tests = await buildFixture(fixtureFolder("testing"), "tests");
console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, one core; median of ${ROUNDS} rounds`);
for (const name of ["query", "abba", "selects", "context"]) row(`main: ${name}`, loadFixture(main, [name]).program());
const module = loadFixture(tests, ["-test.timeout=0"], { environment: ["PWD=/src"], mounts: [{ at: "/src", from: fixtureFolder("testing") }], cwd: "/src" });
for (const name of ["TestWorker", "TestParallelSubtests", "TestSometimesFails"]) row(`test binary: ${name}`, module.program(module.tests.indexOf(name)));
for (const [goroutines, steps] of [[2, 10], [2, 100], [2, 1000], [10, 10], [100, 10], [1000, 10]] as const) {
  row(`main: ${goroutines} goroutines, ${steps} steps each on one lock`, loadFixture(main, ["grow", String(goroutines), String(steps)], { maxSteps: 100_000 }).program());
}
for (const [pairs, steps] of [[1, 10], [50, 10], [500, 10], [2000, 10]] as const) {
  row(`main: ${pairs} pairs of goroutines, each with objects of their own`, loadFixture(main, ["copies", String(pairs), String(steps)], { maxSteps: 100_000 }).program());
}
