// Runs a second on one core, and how a run's cost grows with goroutines and choices: `node dist/bench/host.js [another tree of
// Unpark, built] [words of the programs' names]`: the other tree is measured beside this one, in turns, on the same programs.
// Random choices, no reduction, no judging: what the host alone costs. Output kept in host.txt.
import { cpus } from "node:os";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { Prng } from "../src/base/prng.js";
import type { Program } from "../src/model/run/program.js";
import * as own from "../test/guest-fixture.js";
import { drawnRun, hostPrograms, type BenchProgram, type Fixture } from "./programs.js";

const SECONDS = 3;
const ROUNDS = 5;

/** To ask for the processor time costs as much as a small run, or three. */
const AT_ONCE = 64;
const MANY = 1_000;

interface Rate {
  readonly runs: number;
  readonly steps: number;
}

/** One round of a fixed CPU time: machines are shared. */
function round(program: Program, random: Prng): Rate {
  const start = process.cpuUsage();
  let runs = 0;
  let steps = 0;
  let elapsed = 0;
  do {
    const enough = steps + MANY;
    for (let n = 0; n < AT_ONCE && steps < enough; n++, runs++) steps += drawnRun(program, random);
    const { user, system } = process.cpuUsage(start);
    elapsed = (user + system) / 1e6;
  } while (elapsed < SECONDS / ROUNDS);
  return { runs: runs / elapsed, steps: steps / runs };
}

/** Medians of some rounds, in turns. */
function rates(programs: readonly Program[]): readonly Rate[] {
  const random = programs.map(() => new Prng(1));
  programs.forEach((program, index) => {
    for (let i = 0, steps = 0; i < 200 && steps < 20_000; i++) steps += drawnRun(program, random[index]!);
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

const [other, ...words] = process.argv.slice(2);
const fixtures: readonly Fixture[] = [own, ...(other === undefined ? [] : [(await import(pathToFileURL(join(other, "dist/test/guest-fixture.js")).href)) as Fixture])];
const trees: (readonly BenchProgram[])[] = [];
for (const fixture of fixtures) trees.push(await hostPrograms(fixture));
console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, one core; median of ${ROUNDS} rounds in turns, CPU time`);
const isWanted = (what: string): boolean => words.length === 0 || words.some((word) => what.includes(word));
trees[0]!.forEach(({ what }, index) => isWanted(what) && row(what, trees.map((programs) => programs[index]!.program)));
