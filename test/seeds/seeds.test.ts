// Every example under Unpark, held against what its comments expect: verdict, cause, number of goroutines, file:line, the
// notes, how the natural schedule ends and, for a main, what it prints. Nothing here is timed: times are virtual.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DEFAULT_CLOCK } from "../../src/explore/fairness.js";
import type { Examination } from "../../src/model/results/examination.js";
import { exploreGo } from "../../src/pipeline/go/run-go.js";
import { compare } from "./compare.js";
import { readExpectations, type Expectation } from "./expectations.js";
import { EXAMPLES, examplePackages } from "./packages.js";

/** Enough for everything that is to be found; a run with net/http takes 30 ms, and its leaks show in every schedule. */
const SCHEDULES = 200;
const WITH_HTTP = new Map([["11-dump-endpoint", 3], ["13-sum-server", 20], ["14-sum-server-fixed", 20], ["17-log-stream", 20], ["23-get-no-timeout", 20]]);
/**
 * A natural run that computes without end takes the whole of its budget: it could end a moment later. Milliseconds: within them it must
 * make two thousand million jumps (host/guest/jumps.ts, ENDLESS), which takes two seconds, and longer on a machine that others use:
 * the next one is for that.
 */
const SPINS = new Map([["32-endless-loop", [4_000, 30_000, 120_000]]]);
const BUDGETS = [120_000];
/** All schedules are tried: the repaired kernels are proved clean. The largest has some 240. */
const EXHAUSTIVE = new Map([["fixed-kernels", 5_000]]);

const schedulesOf = (folder: string): number => [EXHAUSTIVE, WITH_HTTP].map((some) => some.get(folder)).find((n) => n !== undefined) ?? SCHEDULES;

async function examine(folders: readonly string[], command: "run" | "test", args: readonly string[], budget: number): Promise<readonly Examination[]> {
  const report = await exploreGo(
    {
      command,
      cwd: EXAMPLES,
      env: process.env,
      patterns: folders.map((folder) => `./${folder}`),
      args,
      settings: {
        budget,
        schedules: schedulesOf(folders[0]!),
        workers: 1,
        seed: 1,
        clock: DEFAULT_CLOCK,
      },
      unparkVersion: "test",
    },
    {},
  );
  assert.deepEqual(report.failures, []);
  return report.examinations;
}

const isRunaway = ({ findings }: Examination): boolean => findings.some(({ verdict }) => verdict === "runaway");

async function examined(folders: readonly string[], command: "run" | "test", args: readonly string[]): Promise<readonly Examination[]> {
  let found: readonly Examination[] = [];
  for (const budget of SPINS.get(folders[0]!) ?? BUDGETS) {
    found = await examine(folders, command, args, budget);
    if (found.every(isRunaway)) break;
  }
  return found;
}

const packages = examplePackages().map(({ folder, files }) => ({ folder, read: readExpectations(files) }));
const hasTests = (folder: string): boolean => packages.some((one) => one.folder === folder && one.read.ok && one.read.value.some(({ kind }) => kind === "test"));
const tested = new Map<string, Promise<readonly Examination[]>>();

/** The tests of a folder; those of all folders with the same bounds are built and explored together. */
async function testsOf(folder: string): Promise<readonly Examination[]> {
  const bounds = (of: string): string => `${SPINS.has(of)} ${schedulesOf(of)}`;
  const all = tested.get(bounds(folder)) ?? examined(packages.map((one) => one.folder).filter((one) => hasTests(one) && bounds(one) === bounds(folder)), "test", []);
  tested.set(bounds(folder), all);
  return (await all).filter((one) => one.package.endsWith(`/${folder}`));
}

function assertAsExpected(expected: Expectation, found: Examination | undefined, folder: string): void {
  assert.ok(found, `${expected.label} was not examined`);
  assert.deepEqual(compare(expected, found), []);
  if (EXHAUSTIVE.has(folder)) assert.ok(found.coverage.complete, `not complete: ${found.coverage.stoppedBy}`);
}

for (const { folder, read } of packages) {
  if (!read.ok) continue; // expectations.test.ts fails for it
  describe(folder, () => {
    for (const expected of read.value.filter(({ kind }) => kind === "main")) {
      it(`main ${expected.args.join(" ")}`, async () => {
        const found = await examined([folder], "run", expected.args);
        assertAsExpected(expected, found[0], folder);
      });
    }
    const tests = read.value.filter(({ kind }) => kind === "test");
    if (tests.length === 0) return;
    for (const expected of tests) {
      it(expected.label, async () => {
        const found = await testsOf(folder);
        assertAsExpected(expected, found.find(({ name }) => name === expected.label), folder);
      });
    }
  });
}
