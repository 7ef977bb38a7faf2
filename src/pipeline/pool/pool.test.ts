import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptThreads } from "./kept-threads.js";
import { Pool } from "./pool.js";
import type { PoolWorker } from "./pool-worker.js";
import type { ModuleSpec } from "../go/module-spec.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";

const spec: ModuleSpec = {
  name: "p", package: "p", kind: "main", wasm: "/nonexistent.wasm", args: [], environment: [], mounts: [], cwd: "/",
  goVersion: "1.26.8", reachability: true, limits: [],
};
const settings: ExploreSettings = { budget: 1, workers: 1, seed: 1, clock: { kind: "lazy" } };

test("one worker serves more jobs than one, and each answer is its own", async () => {
  const pool = new Pool({ size: 1 });
  const names = ["a", "b", "c"];
  const results = await Promise.all(names.map((name) => pool.examine({ ...spec, package: name }, { index: -1 }, settings, {})));
  await pool.close();
  assert.deepEqual(
    results.map((result) => result && !result.ok && result.error.package),
    names,
  );
  assert.match((results[0] as { error: { message: string } }).error.message, /cannot read the built module \/nonexistent\.wasm/);
});

test("after the signal nothing new is begun", async () => {
  const pool = new Pool({ size: 1, signal: AbortSignal.abort() });
  assert.equal(await pool.examine(spec, { index: -1 }, settings, {}), undefined);
  await pool.close();
});

test("a module's programs are listed by a thread that is then there for the first of them; with all at work, in this one", async () => {
  const pool = new Pool({ size: 1 });
  const idle = await pool.programs(spec);
  const examined = pool.examine(spec, { index: -1 }, settings, {});
  const busy = await pool.programs(spec);
  await Promise.all([examined, pool.close()]);
  for (const listed of [idle, busy]) assert.match(listed.ok ? "" : listed.error, /^cannot read the built module \/nonexistent\.wasm/);
});

test("a thread that nobody wanted any more is the next pool's; one at work is ended with its pool", async () => {
  const threads = new KeptThreads();
  const seen = new Set<PoolWorker>();
  const keep = threads.keep.bind(threads);
  threads.keep = (worker) => (seen.add(worker), keep(worker));
  for (const _ of [1, 2, 3]) {
    const pool = new Pool({ size: 2, threads });
    const listed = await pool.programs(spec);
    assert.match(listed.ok ? "" : listed.error, /^cannot read the built module/);
    await pool.close();
  }
  assert.equal(seen.size, 1);
  const pool = new Pool({ size: 1, threads });
  const cut = pool.examine(spec, { index: -1 }, settings, {});
  await new Promise((done) => setImmediate(done));
  await pool.close();
  const told = await cut;
  assert.match(told?.ok === false ? told.error.message : "", /its worker ended/);
  assert.equal(threads.take(), undefined);
});
