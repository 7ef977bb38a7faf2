// A thread of bench/net.ts: the programs as one tree of Unpark (`workerData`) builds and loads them. First it says their names.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { Program } from "../src/model/run/program.js";
import type { explore as ownExplore } from "../src/explore/explorer.js";
import { naturalRun, NET, netFolder, type Fixture } from "./programs.js";

/** To ask for the processor time costs as much as some steps. */
const AT_ONCE = 8;

export interface Asked {
  /** Of the natural run; runs a second; or schedules that differ a second, explored anew. */
  readonly kind: "steps" | "rate" | "explored";
  readonly name: string;
  readonly seconds?: number;
}

/** Seconds of this process's CPU time. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function rate(program: Program, seconds: number): number {
  const start = cpu();
  let runs = 0;
  do {
    for (let n = 0; n < AT_ONCE; n++) naturalRun(program);
    runs += AT_ONCE;
  } while (cpu() - start < seconds);
  return runs / (cpu() - start);
}

const at = (path: string): string => pathToFileURL(join(workerData as string, "dist", path)).href;
const { buildFixture, loadFixture } = (await import(at("test/guest-fixture.js"))) as Fixture;
const { explore } = (await import(at("src/explore/explorer.js"))) as { explore: typeof ownExplore };
const wasm = await buildFixture(netFolder(), "main");
const load = (name: string): Program => loadFixture(wasm, [name]).program();
const loaded = new Map<string, Program>();

async function explored(program: Program, seconds: number): Promise<number> {
  let calls = 0;
  let last = 0;
  const now = (): number => (calls++ % AT_ONCE === 0 ? (last = 1_000 * cpu()) : last);
  const start = cpu();
  const { coverage } = await explore(program, { budget: 1_000 * seconds, wall: { now, turn: () => new Promise((resolve) => setImmediate(resolve)) }, seed: 1 }, () => []);
  return coverage.schedules / (cpu() - start);
}

function answer({ kind, name, seconds = 0 }: Asked): number | Promise<number> {
  if (kind === "explored") return explored(load(name), seconds);
  const program = loaded.get(name) ?? load(name);
  loaded.set(name, program);
  return kind === "steps" ? naturalRun(program) : rate(program, seconds);
}

parentPort!.on("message", (asked: Asked) => void Promise.resolve(answer(asked)).then((one) => parentPort!.postMessage(one)));
parentPort!.postMessage(NET);
