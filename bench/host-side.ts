// A thread of bench/host.ts: the programs as one tree of Unpark (`workerData`) builds and loads them. First it says their names.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { Prng } from "../src/base/prng.js";
import { drawnRun, hostPrograms, type Fixture } from "./programs.js";

const SECONDS = 0.6;

/** To ask for the processor time costs as much as a small run, or three. */
const AT_ONCE = 64;
const MANY = 1_000;

export interface Asked {
  /** Index into the names. */
  readonly program: number;
  readonly warm: boolean;
}

export interface Rate {
  readonly runs: number;
  readonly steps: number;
}

/** One round of a fixed CPU time: machines are shared. */
function round(run: () => number): Rate {
  const start = process.cpuUsage();
  let runs = 0;
  let steps = 0;
  let elapsed = 0;
  do {
    const enough = steps + MANY;
    for (let n = 0; n < AT_ONCE && steps < enough; n++, runs++) steps += run();
    const { user, system } = process.cpuUsage(start);
    elapsed = (user + system) / 1e6;
  } while (elapsed < SECONDS);
  return { runs: runs / elapsed, steps: steps / runs };
}

function warmUp(run: () => number): undefined {
  for (let i = 0, steps = 0; i < 200 && steps < 20_000; i++) steps += run();
}

const fixture = (await import(pathToFileURL(join(workerData as string, "dist/test/guest-fixture.js")).href)) as Fixture;
const programs = await hostPrograms(fixture);
const randoms = programs.map(() => new Prng(1));
parentPort!.on("message", ({ program, warm }: Asked) => {
  const run = (): number => drawnRun(programs[program]!.program, randoms[program]!);
  parentPort!.postMessage(warm ? warmUp(run) : round(run));
});
parentPort!.postMessage(programs.map(({ what }) => what));
