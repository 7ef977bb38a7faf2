// Steps and schedules a second of programs on sockets: `node dist/bench/net.js [another tree of Unpark, built, or -] [words of the programs' names]`:
// the other tree is measured beside this one, in turns, on the same programs (fixtures/net), each in a thread with the room that its pool gives one
// (side.ts). The natural schedule, without judging, each run from the beginning: in the first seconds, while V8 compiles what is hot once more, and
// later. Then some explored as the command does it, where a run goes on from a saved state. Time is CPU time of this process. Output kept in net.txt.
import { cpus } from "node:os";
import type { Asked } from "./net-side.js";
import { sidesOf } from "./side.js";

const FIRST = 5;
const BETWEEN = 5;
const SECONDS = 0.6;
const ROUNDS = 5;
const EXPLORED_SECONDS = 5;
const EXPLORED = ["http/three", "http/get", "http/cancel"];

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

const [other, ...words] = process.argv.slice(2);
const isWanted = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word));
const sides = await sidesOf<Asked>("./net-side.js", other === "-" ? undefined : other);
/** One after the other. */
async function ofEach(asked: Asked): Promise<readonly number[]> {
  const answers: number[] = [];
  for (const side of sides) answers.push(await side.ask<number>(asked));
  return answers;
}

console.log(`node ${process.version}, ${cpus()[0]?.model ?? "?"}, one core, CPU time; natural schedule, median of ${ROUNDS} rounds in turns`);
console.log(`program          steps   first ${FIRST} s: runs/s      later${sides.length > 1 ? "       before: steps   first    later   times: first  later" : ""}`);
for (const name of sides[0]!.names.filter(isWanted)) {
  const steps = await ofEach({ kind: "steps", name });
  const first = await ofEach({ kind: "rate", name, seconds: FIRST });
  await ofEach({ kind: "rate", name, seconds: BETWEEN });
  const rounds: (readonly number[])[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await ofEach({ kind: "rate", name, seconds: SECONDS }));
  const later = sides.map((_, side) => median(rounds.map((round) => round[side]!)));
  const now = [String(steps[0]).padStart(5), first[0]!.toFixed(0).padStart(18), later[0]!.toFixed(0).padStart(10)];
  const beside = sides.length < 2 ? [] : [String(steps[1]).padStart(19), first[1]!.toFixed(0).padStart(7), later[1]!.toFixed(0).padStart(8), (first[0]! / first[1]!).toFixed(1).padStart(14), (later[0]! / later[1]!).toFixed(1).padStart(6)];
  console.log(`${name.padEnd(16)} ${[...now, ...beside].join(" ")}`);
}
console.log(`explored for ${EXPLORED_SECONDS} s: schedules that differ, a second`);
for (const name of EXPLORED.filter(isWanted)) {
  const rates = await ofEach({ kind: "explored", name, seconds: EXPLORED_SECONDS });
  console.log(`${name.padEnd(16)} ${rates.map((one) => one.toFixed(0).padStart(16)).join(" ")}`);
}
