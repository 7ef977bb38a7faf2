// Runs a second on one core, and how a run's cost grows with goroutines and choices: `node dist/bench/host.js [another tree of
// Unpark, built] [words of the programs' names]`: the other tree is measured beside this one, in turns, on the same programs, each in a thread
// with the room that its pool gives one (host-side.ts). Random choices, no reduction, no judging: what the host alone costs. Output kept in host.txt.
import { cpus } from "node:os";
import type { Asked, Rate } from "./host-side.js";
import { sidesOf, type Side } from "./side.js";

const ROUNDS = 5;

/** Medians of some rounds, in turns. */
async function rates(program: number, sides: readonly Side<Asked>[]): Promise<readonly Rate[]> {
  for (const side of sides) await side.ask<undefined>({ program, warm: true });
  const all = sides.map((): Rate[] => []);
  for (let n = 0; n < ROUNDS; n++) for (const [index, side] of sides.entries()) all[index]!.push(await side.ask<Rate>({ program, warm: false }));
  return all.map((rounds) => rounds.sort((a, b) => a.runs - b.runs)[Math.floor(ROUNDS / 2)]!);
}

function row(what: string, [now, before]: readonly Rate[]): void {
  const micros = ({ runs, steps }: Rate): string => (1e6 / runs / steps).toFixed(1).padStart(7);
  const beside = before === undefined ? "" : ` before ${before.runs.toFixed(0).padStart(6)} runs/s ${micros(before)} µs/step, times ${(now!.runs / before.runs).toFixed(1).padStart(4)}`;
  console.log(`${now!.runs.toFixed(0).padStart(7)} runs/s ${now!.steps.toFixed(1).padStart(8)} steps/run ${micros(now!)} µs/step ${beside}  ${what}`);
}

const [other, ...words] = process.argv.slice(2);
const sides = await sidesOf<Asked>("./host-side.js", other);
console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, one core; median of ${ROUNDS} rounds in turns, CPU time`);
const isWanted = (what: string): boolean => words.length === 0 || words.some((word) => what.includes(word));
for (const [program, what] of sides[0]!.names.entries()) if (isWanted(what)) row(what, await rates(program, sides));
