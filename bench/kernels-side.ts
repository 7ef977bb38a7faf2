// A thread of bench/kernels.ts: the kernels as one tree of Unpark (`workerData`) builds and explores them. First it says their names.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { cacheFolder } from "../src/base/user-folders.js";
import type * as explorer from "../src/explore/explorer.js";
import type * as host from "../src/host/go-program.js";
import { findToolchain } from "../src/toolchain/go/go-command.js";
import type * as suites from "../test/goker/module.js";

const SCHEDULES = 400;
const BUDGET_MS = 60_000;

export interface Explored {
  readonly ms: number;
  readonly schedules: number;
  readonly complete: boolean;
}

/** Milliseconds of this process's processor time. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const of = <T>(file: string): Promise<T> => import(pathToFileURL(join(workerData as string, file)).href) as Promise<T>;
const { buildSuite, readSuite } = await of<typeof suites>("dist/test/goker/module.js");
const { loadGo } = await of<typeof host>("dist/src/host/go-program.js");
const { explore } = await of<typeof explorer>("dist/src/explore/explorer.js");
const found = await findToolchain({ cwd: process.cwd(), env: process.env, cacheDir: cacheFolder(process.env) });
if (!found.ok) throw new Error(found.error.message);
const suite = readSuite(found.value.goroot);
if (suite === undefined) throw new Error(`Go ${found.value.version.text} carries no GoKer kernels (1.26 does)`);
const { wasm } = await buildSuite(found.value, suite, { oneCopy: true, ending: "nothing" });
const loaded = loadGo({ name: "goker", wasm: readFileSync(wasm), args: ["goker.test", "-test.v=false"], environment: ["PWD=/"], mounts: [], cwd: "/" });
if (!loaded.ok) throw new Error(loaded.error);
const module = loaded.value;

async function explored(kernel: string): Promise<Explored> {
  const program = module.program(module.tests.indexOf(`Test${kernel}`));
  const start = cpu();
  const { coverage } = await explore(program, { budget: BUDGET_MS, schedules: SCHEDULES, seed: 1 }, () => []);
  return { ms: cpu() - start, schedules: coverage.schedules, complete: coverage.complete };
}

parentPort!.on("message", (kernel: string) => void explored(kernel).then((one) => parentPort!.postMessage(one)));
parentPort!.postMessage(suite.kernels.map(({ name }) => name));
