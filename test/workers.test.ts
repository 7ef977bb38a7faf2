// Real Go tests with many schedules, explored by one, two and three workers: the reports are the same, apart from times.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Examination } from "../src/model/results/examination.js";
import { buildModule, openBuildContext, type BuildRequest } from "../src/pipeline/go/build-context.js";
import { programsOf } from "../src/pipeline/go/load-module.js";
import type { ModuleSpec } from "../src/pipeline/go/module-spec.js";
import { Pool } from "../src/pipeline/pool/pool.js";
import type { Listening } from "../src/pipeline/pool/pool-worker.js";
import type { ExploreSettings } from "../src/explore/explore-settings.js";
import { fixtureFolder } from "./guest-fixture.js";

const request = (test: string): BuildRequest => ({
  purpose: "tests", patterns: ["."], cwd: fixtureFolder("many-schedules"), env: process.env, args: [], run: `^${test}$`,
});
const SETTINGS: ExploreSettings = { budget: 300_000, workers: 3, seed: 1, clock: { kind: "any", early: 3 } };

async function specOf(test: string): Promise<ModuleSpec> {
  const workshop = await openBuildContext(request(test));
  assert.ok(workshop.ok, workshop.ok ? "" : workshop.error);
  const spec = await buildModule(workshop.value, workshop.value.packages[0]!, request(test));
  assert.ok(spec.ok, spec.ok ? "" : spec.error);
  assert.deepEqual(programsOf(spec.value), { ok: true, value: [test] });
  return spec.value;
}

async function examined(spec: ModuleSpec, workers: number, settings: Partial<ExploreSettings> = {}, listening: Listening = {}, signal?: AbortSignal): Promise<Examination> {
  const pool = new Pool({ size: workers, ...(signal ? { signal } : {}) });
  const result = await pool.examine(spec, { index: 0 }, { ...SETTINGS, ...settings, workers }, listening);
  await pool.close();
  assert.ok(result?.ok, result?.ok === false ? result.error.message : "");
  return result.value;
}

/** Times, and how many runs were given up as repetitions, are not the same for any number of workers. */
const withoutTimes = (one: Examination): unknown => ({ ...one, coverage: { ...one.coverage, milliseconds: 0, repeated: 0 } });

/** Schedules that differ: derived (fixtures/many-schedules), or as one worker counts them. */
const PROGRAMS: readonly [string, number | undefined, readonly string[]][] = [
  ["TestLocks", 1_680, []],
  ["TestTimeout", undefined, ["leaked"]],
  ["TestClosing", undefined, ["panics"]],
  ["TestSpins", undefined, ["flaky"]],
  ["TestDraws", undefined, ["leaked"]], // one that draws 3 sends nothing, and who receives waits for ever
];

/** They take longest: with UNPARK_EFFORT=3 two workers are asked about them, too. */
const LONG = ["TestLocks", "TestSpins"];
const EFFORT = Number(process.env["UNPARK_EFFORT"] ?? 1);

describe("any number of workers says the same", () => {
  for (const [test, schedules, verdicts] of PROGRAMS) {
    it(test, async () => {
      const spec = await specOf(test);
      const alone = await examined(spec, 1);
      assert.equal(alone.coverage.complete, true);
      if (schedules !== undefined) assert.equal(alone.coverage.schedules, schedules);
      assert.deepEqual([...new Set(alone.findings.map(({ verdict }) => verdict))].sort(), verdicts);
      assert.deepEqual(withoutTimes(await examined(spec, 3)), withoutTimes(alone), "3 workers");
      if (EFFORT < 3 && LONG.includes(test)) return;
      assert.deepEqual(withoutTimes(await examined(spec, 2, { seed: 9 })), withoutTimes(alone), "2 workers, another seed");
    });
  }
});

describe("a program too large to finish", () => {
  it("is worked on by all; interrupted, it ends with what there is", async () => {
    const spec = await specOf("TestEndlessLocks");
    const interrupt = new AbortController();
    let most = 0;
    const { coverage } = await examined(spec, 3, {}, {
      progress: ({ workers }) => {
        most = Math.max(most, workers);
        if (workers === 3) interrupt.abort();
      },
    }, interrupt.signal);
    assert.equal(most, 3);
    assert.equal(coverage.complete, false);
    assert.equal(coverage.stoppedBy, "interrupted");
    assert.ok(coverage.schedules > 0);
  });

  it("ends at the number of schedules, all workers together", async () => {
    const { coverage } = await examined(await specOf("TestEndlessLocks"), 2, { schedules: 500 });
    assert.match(coverage.stoppedBy!, /--schedules/);
    assert.ok(coverage.schedules <= 500, `${coverage.schedules}`);
  });

  it("gives a helper back when another program is to be examined", async () => {
    const [endless, other] = [await specOf("TestEndlessLocks"), await specOf("TestClosing")];
    const interrupt = new AbortController();
    const pool = new Pool({ size: 2, signal: interrupt.signal });
    let first: ReturnType<Pool["examine"]> | undefined;
    await new Promise<void>((helped) => {
      first = pool.examine(endless, { index: 0 }, SETTINGS, { progress: ({ workers }) => void (workers === 2 && helped()) });
    });
    const second = await pool.examine(other, { index: 0 }, SETTINGS, {});
    assert.equal(second?.ok && second.value.coverage.complete, true);
    interrupt.abort();
    const ended = await first;
    assert.equal(ended?.ok && ended.value.coverage.stoppedBy, "interrupted");
    await pool.close();
  });
});
