// Processor time of exploring GoKer's kernels (63 real bugs and a variant, in the Go distribution), one copy each:
// `node dist/bench/kernels.js [another tree of Unpark, built] [words of kernels' names]`: the other tree is measured beside this one, in turns,
// each in a thread with the room that its own pool gives one (side.ts).
// The default portfolio with seed 1, until it is complete or has made 400 schedules, without judging. Output kept in kernels.txt.
import { cpus } from "node:os";
import type { Explored } from "./kernels-side.js";
import { sidesOf } from "./side.js";

const [otherTree, ...words] = process.argv.slice(2);
const sides = await sidesOf<string>("./kernels-side.js", otherTree);
const names = sides[0]!.names.filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
const say = ({ ms, schedules, complete }: Explored): string => `${ms.toFixed(0).padStart(8)} ms ${String(schedules).padStart(4)}${complete ? ", all" : "     "}`;
const sum = (all: readonly Explored[], of: (one: Explored) => number): number => all.reduce((total, one) => total + of(one), 0);

console.log(`node ${process.version}, ${cpus()[0]?.model ?? "?"}; processor time, schedules${sides.length > 1 ? "; before" : ""}`);
const all = sides.map((): Explored[] => []);
const factors: number[] = [];
for (const name of names) {
  const row: Explored[] = [];
  for (const side of sides) row.push(await side.ask<Explored>(name));
  row.forEach((one, index) => all[index]!.push(one));
  const [now, before] = row;
  const aRun = ({ ms, schedules }: Explored): number => ms / schedules;
  if (before !== undefined) factors.push(aRun(before) / aRun(now!));
  console.log(`${row.map(say).join("   ")}${before === undefined ? "" : `   a schedule: times ${factors.at(-1)!.toFixed(1).padStart(4)}`}  ${name}`);
}
console.log(all.map((one) => `${sum(one, ({ ms }) => ms).toFixed(0).padStart(8)} ms ${sum(one, ({ schedules }) => schedules)}, ${one.filter(({ complete }) => complete).length} of ${one.length} completely`).join("   "));
if (factors.length > 0) console.log(`a schedule, median: times ${factors.sort((a, b) => a - b)[factors.length >> 1]!.toFixed(1)}`);
