// Processor time of exploring GoKer's kernels (63 real bugs and a variant, in the Go distribution), one copy each:
// `node dist/bench/kernels.js [another tree of Unpark, built] [words of kernels' names]`: the other tree is measured beside this one, in turns.
// The default portfolio with seed 1, until it is complete or has made 400 schedules, without judging. Output kept in kernels.txt.
import { cpus } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cacheFolder } from "../src/base/user-folders.js";
import * as ownExplorer from "../src/explore/explorer.js";
import { findToolchain } from "../src/toolchain/go/go-command.js";
import * as ownSuite from "../test/goker/module.js";
import * as ownWorker from "../test/goker/worker.js";
import type { GoModule } from "../src/host/go-module.js";

const SCHEDULES = 400;
const BUDGET_MS = 60_000;

interface Tree {
  readonly explore: typeof ownExplorer.explore;
  readonly module: GoModule;
}

interface Explored {
  readonly ms: number;
  readonly schedules: number;
  readonly complete: boolean;
}

/** Milliseconds of this process's processor time. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

async function explored({ explore, module }: Tree, kernel: string): Promise<Explored> {
  const program = module.program(module.tests.indexOf(`Test${kernel}`));
  const start = cpu();
  const { coverage } = await explore(program, { budget: BUDGET_MS, schedules: SCHEDULES, seed: 1 }, () => []);
  return { ms: cpu() - start, schedules: coverage.schedules, complete: coverage.complete };
}

const [otherTree, ...words] = process.argv.slice(2);
const found = await findToolchain({ cwd: process.cwd(), env: process.env, cacheDir: cacheFolder(process.env) });
if (!found.ok) throw new Error(found.error.message);
const suite = ownSuite.readSuite(found.value.goroot);
if (suite === undefined) throw new Error(`Go ${found.value.version.text} carries no GoKer kernels (1.26 does)`);

async function treeAt(folder: string | undefined): Promise<Tree> {
  const of = <T>(file: string, own: T): Promise<T> => (folder === undefined ? Promise.resolve(own) : import(pathToFileURL(join(folder, file)).href) as Promise<T>);
  const { buildSuite } = await of("dist/test/goker/module.js", ownSuite);
  const { loadSuite } = await of("dist/test/goker/worker.js", ownWorker);
  const { explore } = await of("dist/src/explore/explorer.js", ownExplorer);
  return { explore, module: loadSuite((await buildSuite(found.ok ? found.value : fail(), suite!, { oneCopy: true, ending: "nothing" })).wasm) };
}

function fail(): never {
  throw new Error("no toolchain");
}

const trees = [await treeAt(undefined)];
if (otherTree !== undefined) trees.push(await treeAt(otherTree));
const names = suite.kernels.map(({ name }) => name).filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
const say = ({ ms, schedules, complete }: Explored): string => `${ms.toFixed(0).padStart(8)} ms ${String(schedules).padStart(4)}${complete ? ", all" : "     "}`;
const sum = (all: readonly Explored[], of: (one: Explored) => number): number => all.reduce((total, one) => total + of(one), 0);

console.log(`node ${process.version}, ${cpus()[0]?.model ?? "?"}; processor time, schedules${trees.length > 1 ? "; before" : ""}`);
const all = trees.map((): Explored[] => []);
const factors: number[] = [];
for (const name of names) {
  const row: Explored[] = [];
  for (const tree of trees) row.push(await explored(tree, name));
  row.forEach((one, index) => all[index]!.push(one));
  const [now, before] = row;
  const aRun = ({ ms, schedules }: Explored): number => ms / schedules;
  if (before !== undefined) factors.push(aRun(before) / aRun(now!));
  console.log(`${row.map(say).join("   ")}${before === undefined ? "" : `   a schedule: times ${factors.at(-1)!.toFixed(1).padStart(4)}`}  ${name}`);
}
console.log(all.map((one) => `${sum(one, ({ ms }) => ms).toFixed(0).padStart(8)} ms ${sum(one, ({ schedules }) => schedules)}, ${one.filter(({ complete }) => complete).length} of ${one.length} completely`).join("   "));
if (factors.length > 0) console.log(`a schedule, median: times ${factors.sort((a, b) => a - b)[factors.length >> 1]!.toFixed(1)}`);
