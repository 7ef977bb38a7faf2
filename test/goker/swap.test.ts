import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explore } from "../../src/explore/explorer.js";
import { Random } from "../../src/explore/strategies/random.js";
import { swapTest } from "../../src/explore/testing/swap.js";
import type { Schedule } from "../../src/model/run/schedule.js";
import { cacheFolder } from "../../src/base/user-folders.js";
import { findToolchain } from "../../src/toolchain/go/go-command.js";
import { walk } from "../pending-walk.js";
import { buildSuite, readSuite } from "./module.js";
import { loadSuite } from "./worker.js";

/** Longer runs are left out: each swap runs the whole schedule again. */
const STEPS = 400;

const found = await findToolchain({ cwd: process.cwd(), env: process.env, cacheDir: cacheFolder(process.env) });
assert.ok(found.ok, found.ok ? "" : found.error.message);
const suite = readSuite(found.value.goroot);
const skip = suite ? false : `Go ${found.value.version.text} carries no GoKer kernels: run with Go 1.26 or later`;

describe("GoKer under control: independent neighbours commute", { skip }, async () => {
  if (!suite) return;
  const built = await buildSuite(found.value, suite, { oneCopy: true, ending: "nothing" });
  const module = loadSuite(built.wasm);
  let swaps = 0;
  for (const { name } of suite.kernels) {
    it(name, async () => {
      const program = module.program(module.tests.indexOf(`Test${name}`));
      const schedules: Schedule[] = [];
      await explore(program, { strategy: new Random(1, 3), steps: STEPS, budget: Infinity }, (end) => {
        if (end.outcome?.kind === "quiescent") schedules.push(end.schedule.slice());
        return [];
      });
      for (const schedule of schedules) {
        const report = await swapTest(program, schedule, 8, 1);
        assert.deepEqual(report.failures, []);
        swaps += report.swaps;
      }
    });
  }

  it("after every step of a random walk, the table of who is pending says what looking at everybody says", () => {
    for (const [i] of module.tests.entries()) assert.ok(walk(module.program(i), 2) > 0);
  });

  it("there was something to swap", () => assert.ok(swaps > 500, `${swaps} swaps`));
});
