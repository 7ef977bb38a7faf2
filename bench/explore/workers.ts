// One thread and two on one schedule tree: a model program, and a Go test (fixtures/many-schedules), both of 3 goroutines
// that each take one lock four times, 12!/(4!)^3 = 34,650 schedules.
//   npm run build && node dist/bench/explore/workers.js [model|go]      Kept output: workers.txt
// On a machine that is busy otherwise the processor time says more than the clock: it is the overhead of sharing. It
// includes the start of the threads and their compilers, about 0.3 s each.
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { explore } from "../../src/explore/explorer.js";
import { LAZY_CLOCK } from "../../src/explore/fairness.js";
import { ModelWorkers } from "../../src/explore/testing/model-workers.js";
import { ModelProgram } from "../../src/explore/testing/model-program.js";
import { lock, spawn, unlock } from "../../src/explore/testing/model-operations.js";
import { signatureOf } from "../../src/explore/testing/signatures.js";
import type { Coverage } from "../../src/model/results/examination.js";
import { buildModule, openBuildContext, type BuildRequest } from "../../src/pipeline/go/build-context.js";
import { Pool } from "../../src/pipeline/pool/pool.js";

const SIZES = [1, 2, 1, 2];

async function model(workers: number): Promise<Coverage> {
  const body = Array.from({ length: 4 }, () => [lock(1), unlock(1)]).flat();
  const text = { main: [spawn(...body), spawn(...body), spawn(...body)] };
  const hands = await new ModelWorkers(text, workers - 1).start();
  const { coverage } = await explore(new ModelProgram(text), { clock: LAZY_CLOCK, budget: 120_000, helpers: hands }, signatureOf);
  await hands.end();
  return coverage;
}

async function goTest(test: string): Promise<(workers: number) => Promise<Coverage>> {
  const cwd = fileURLToPath(new URL("../../../fixtures/many-schedules", import.meta.url));
  const request: BuildRequest = { purpose: "tests", patterns: ["."], cwd, env: process.env, args: [], run: `^${test}$` };
  const workshop = await openBuildContext(request);
  if (!workshop.ok) throw new Error(workshop.error);
  const spec = await buildModule(workshop.value, workshop.value.packages[0]!, request);
  if (!spec.ok) throw new Error(spec.error);
  return async (workers) => {
    const pool = new Pool({ size: workers });
    const done = await pool.examine(spec.value, { index: 0 }, { budget: 300_000, workers, seed: 1, clock: LAZY_CLOCK }, {});
    await pool.close();
    if (!done?.ok) throw new Error(done?.error.message);
    return done.value.coverage;
  };
}

async function measure(name: string, run: (workers: number) => Promise<Coverage>): Promise<void> {
  for (const workers of SIZES) {
    const before = process.cpuUsage();
    const { schedules, complete, milliseconds } = await run(workers);
    const { user, system } = process.cpuUsage(before);
    const told = [`${workers} worker${workers === 1 ? " " : "s"}`, `${schedules} schedules${complete ? "" : " (not all)"}`, `${(milliseconds / 1000).toFixed(2)} s`];
    console.log(`${name.padEnd(14)} ${told.join(", ")}, processor ${((user + system) / 1e6).toFixed(2)} s, load ${loadavg()[0]!.toFixed(1)}`);
  }
}

console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "?"} (${cpus().length} cores, shared)\n`);
const wanted = process.argv[2];
if (wanted !== "go") await measure("model", model);
if (wanted !== "model") await measure("TestManyLocks", await goTest("TestManyLocks"));
