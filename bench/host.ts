// Runs a second on one core, and how a run's cost grows with goroutines and choices: `node dist/bench/host.js [another tree of
// Unpark, built] [words of the programs' names]`: the other tree is measured beside this one, in turns, on the same programs, each in a thread
// with the room that its pool gives one (host-side.ts). Random choices, no reduction, no judging: what the host alone costs. Output kept in host.txt.
import { cpus } from "node:os";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type * as shortLived from "../src/host/guest/short-lived.js";
import type { Asked, Rate } from "./host-side.js";

const ROUNDS = 5;

/** One tree, in its thread. */
interface Side {
  readonly names: readonly string[];
  /** A round of a program; undefined: it only runs until V8 has compiled it. */
  ask(asked: Asked): Promise<Rate | undefined>;
}

async function sideOf(tree: string): Promise<Side> {
  const { ROOM_FOR_A_RUN } = (await import(pathToFileURL(join(tree, "dist/src/host/guest/short-lived.js")).href).catch(() => ({}))) as Partial<typeof shortLived>;
  const thread = new Worker(new URL("./host-side.js", import.meta.url), { workerData: tree, ...(ROOM_FOR_A_RUN && { resourceLimits: ROOM_FOR_A_RUN }) });
  thread.unref();
  const answer = async (): Promise<unknown> => ((await once(thread, "message")) as readonly unknown[])[0];
  const names = (await answer()) as readonly string[];
  return {
    names,
    ask: (asked) => {
      thread.postMessage(asked);
      return answer() as Promise<Rate | undefined>;
    },
  };
}

/** Medians of some rounds, in turns. */
async function rates(program: number, sides: readonly Side[]): Promise<readonly Rate[]> {
  for (const side of sides) await side.ask({ program, warm: true });
  const all = sides.map((): Rate[] => []);
  for (let n = 0; n < ROUNDS; n++) for (const [index, side] of sides.entries()) all[index]!.push((await side.ask({ program, warm: false }))!);
  return all.map((rounds) => rounds.sort((a, b) => a.runs - b.runs)[Math.floor(ROUNDS / 2)]!);
}

function row(what: string, [now, before]: readonly Rate[]): void {
  const micros = ({ runs, steps }: Rate): string => (1e6 / runs / steps).toFixed(1).padStart(7);
  const beside = before === undefined ? "" : ` before ${before.runs.toFixed(0).padStart(6)} runs/s ${micros(before)} µs/step, times ${(now!.runs / before.runs).toFixed(1).padStart(4)}`;
  console.log(`${now!.runs.toFixed(0).padStart(7)} runs/s ${now!.steps.toFixed(1).padStart(8)} steps/run ${micros(now!)} µs/step ${beside}  ${what}`);
}

const [other, ...words] = process.argv.slice(2);
const sides: Side[] = [];
for (const tree of [fileURLToPath(new URL("../..", import.meta.url)), ...(other === undefined ? [] : [resolve(other)])]) sides.push(await sideOf(tree));
console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, one core; median of ${ROUNDS} rounds in turns, CPU time`);
const isWanted = (what: string): boolean => words.length === 0 || words.some((word) => what.includes(word));
for (const [program, what] of sides[0]!.names.entries()) if (isWanted(what)) row(what, await rates(program, sides));
