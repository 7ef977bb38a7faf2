// Every example under control: of recorded random runs, neighbours that the table calls independent are exchanged, and
// nothing may change. test/goker/swap.test.ts does the same for the kernels.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { explore } from "../../src/explore/explorer.js";
import { Random } from "../../src/explore/strategies/random.js";
import { swapTest } from "../../src/explore/testing/swap.js";
import type { Program } from "../../src/model/run/program.js";
import type { Schedule } from "../../src/model/run/schedule.js";
import { buildFixture, loadFixture } from "../guest-fixture.js";
import { readExpectations } from "./expectations.js";
import { EXAMPLES, examplePackages, type ExamplePackage } from "./packages.js";

/** Longer runs are left out: each swap runs the whole schedule again. */
const STEPS = 400;
/** A run that a goroutine spins in goes on until its jumps are counted out. */
const SPINS = ["32-endless-loop"];
/** Whose tests are many, and small. */
const RUNS = new Map([["fixed-kernels", 1]]);

async function programsOf({ folder, files }: ExamplePackage): Promise<readonly Program[]> {
  const read = readExpectations(files);
  assert.ok(read.ok, folder);
  const at = join(EXAMPLES, folder);
  const mains = read.value.filter(({ kind }) => kind === "main");
  const programs: Program[] = [];
  if (mains.length > 0) {
    const wasm = await buildFixture(at, "main");
    for (const { args } of mains) programs.push(loadFixture(wasm, args).program());
  }
  if (read.value.some(({ kind }) => kind === "test")) {
    const module = loadFixture(await buildFixture(at, "tests"), ["-test.timeout=0", "-test.parallel=8"]);
    programs.push(...module.tests.map((_, i) => module.program(i)));
  }
  return programs;
}

async function swapsOf(program: Program, runs: number): Promise<number> {
  const schedules: Schedule[] = [];
  await explore(program, { strategy: new Random(1, runs), steps: STEPS, budget: Infinity }, (end) => {
    if (end.outcome && WHOLE.has(end.outcome.kind)) schedules.push(end.schedule.slice());
    return [];
  });
  let swaps = 0;
  for (const schedule of schedules) {
    const report = await swapTest(program, schedule, 8, 1);
    assert.deepEqual(report.failures, [], program.name);
    swaps += report.swaps;
  }
  return swaps;
}

/** Ends to which every order of independent steps comes. */
const WHOLE: ReadonlySet<string> = new Set(["quiescent", "deadlock", "failed", "skipped"]);

describe("examples under control: independent neighbours commute", () => {
  let swaps = 0;
  const packages = examplePackages().filter(({ folder }) => !SPINS.includes(folder));
  for (const one of packages) {
    it(one.folder, async () => {
      const programs = await programsOf(one);
      assert.ok(programs.length > 0);
      for (const program of programs) swaps += await swapsOf(program, RUNS.get(one.folder) ?? 3);
    });
  }

  it("all 42 rows, and there was something to swap", () => {
    assert.ok(packages.length >= 41, `${packages.length} packages`);
    assert.ok(swaps > 200, `${swaps} swaps`);
  });
});
