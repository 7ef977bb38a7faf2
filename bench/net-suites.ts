// Test suites of published modules that use net/http, explored by this tree and by another one (built), test by test in turns:
// `node dist/bench/net-suites.js OTHER-TREE FOLDER...`, each folder a package; `FOLDER@TestX`: the subtests of its TestX, each by itself, for a
// suite (grpctest) is too much for anybody as one program (docs/exploring.md, Suites). Time is CPU time of this process, so that what else the
// machine does counts little. Output kept in net-suites.txt.
import { cpus } from "node:os";
import { pathToFileURL } from "node:url";
import { basename, dirname, join } from "node:path";
import type { Program, Run } from "../src/model/run/program.js";
import { explore as ownExplore, type ExplorerOptions } from "../src/explore/explorer.js";
import type { GoModule } from "../src/host/go-module.js";
import * as own from "../test/guest-fixture.js";

const BUDGET = 3_000;

type Explore = (program: Program, options: ExplorerOptions, judge: () => readonly []) => ReturnType<typeof ownExplore>;

interface Tree {
  readonly fixture: Pick<typeof own, "buildFixture" | "loadFixture">;
  readonly explore: Explore;
}

interface Sum {
  steps: number;
  runs: number;
  milliseconds: number;
  complete: number;
  refuted: number;
  repeated: number;
}

/** Milliseconds of this process's CPU time. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** To ask for the processor time costs as much as some steps. */
const AT_ONCE = 8;
let calls = 0;
let last = 0;
const now = (): number => (calls++ % AT_ONCE === 0 ? (last = cpu()) : last);
const wall = { now, turn: (): Promise<void> => new Promise((resolve) => setImmediate(resolve)) };

async function one({ explore }: Tree, program: Program, sum: Sum): Promise<void> {
  const before = cpu();
  const { coverage, runs } = await explore(program, { budget: BUDGET, wall, seed: 1 }, () => []);
  sum.milliseconds += cpu() - before;
  sum.runs += runs;
  sum.repeated += coverage.repeated ?? 0;
  if (coverage.complete) sum.complete++;
  if (program.isRefuted?.() === true) sum.refuted++;
}

/** Steps of the run in which the first who can goes on. */
function steps(program: Program): number {
  const run = program.start() as Run;
  let count = 0;
  for (; run.outcome() === undefined && count < 20_000; count++) {
    const pending = run.pending();
    const able = pending.filter(({ alternatives }) => alternatives.length > 0);
    const first = able.find(({ op, yielding }) => op !== "clock" && yielding !== true) ?? able.find(({ op }) => op === "clock") ?? able[0];
    void run.take(first!.alternatives[0]!);
  }
  return count;
}

/** Those that its natural run comes to, without their own. */
function subtestsOf(module: GoModule, suite: string): readonly string[] {
  steps(module.program(module.tests.indexOf(suite)));
  return module.subtests.filter((name) => name.split("/").length === 2);
}

const [other, ...folders] = process.argv.slice(2);
const at = (path: string): string => pathToFileURL(join(other!, "dist", path)).href;
const trees: readonly Tree[] = [
  { fixture: own, explore: ownExplore },
  { fixture: (await import(at("test/guest-fixture.js"))) as Tree["fixture"], explore: ((await import(at("src/explore/explorer.js"))) as { explore: Explore }).explore },
];
console.log(`node ${process.version}, ${cpus()[0]?.model ?? "?"}, one core; ${BUDGET / 1_000} s of CPU time for each test; "before" is the other tree, in turns`);
console.log("package                          tests    steps   before   complete  before   schedules a second   before   refuted  given up");
for (const argument of folders) {
  const [folder, suite] = argument.split("@") as [string, string?];
  const built: Uint8Array[] = [];
  for (const { fixture } of trees) built.push(await fixture.buildFixture(folder, "tests"));
  const load = (index: number, run: string): GoModule => trees[index]!.fixture.loadFixture(built[index]!, ["-test.timeout=0", "-test.parallel=8", `-test.run=${run}`], { cwd: folder, mounts: [{ at: folder, from: folder }] });
  const sums = trees.map((): Sum => ({ steps: 0, runs: 0, milliseconds: 0, complete: 0, refuted: 0, repeated: 0 }));
  const wholes = suite === undefined ? trees.map((_, index) => load(index, ".")) : [];
  const tests = suite === undefined ? wholes[0]!.tests : subtestsOf(load(0, `^${suite}$`), suite);
  for (const [test, name] of tests.entries()) {
    for (const [index, tree] of trees.entries()) {
      const program = suite === undefined ? wholes[index]!.program(test) : load(index, `^${name.replace("/", "$/^")}$`).program(0);
      try {
        sums[index]!.steps += steps(program);
        await one(tree, program, sums[index]!);
      } catch (error) {
        console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  const [now, before] = sums as [Sum, Sum];
  const rate = ({ runs, milliseconds }: Sum): string => (runs / (milliseconds / 1_000)).toFixed(0);
  console.log(
    `${join(basename(dirname(folder)), basename(argument)).padEnd(30)} ${String(tests.length).padStart(7)} ${String(now.steps).padStart(8)} ${String(before.steps).padStart(8)} ${String(now.complete).padStart(10)} ${String(before.complete).padStart(7)} ${rate(now).padStart(20)} ${rate(before).padStart(8)} ${String(now.refuted).padStart(9)} ${`${((100 * now.repeated) / now.runs).toFixed(1)} %`.padStart(9)}`,
  );
}
