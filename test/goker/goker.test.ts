import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cacheFolder } from "../../src/base/user-folders.js";
import { findToolchain } from "../../src/toolchain/go/go-command.js";
import { examine } from "./examine.js";
import { buildSuite, readSuite } from "./module.js";
import { loadSuite } from "./worker.js";

const ONE_COPY = { oneCopy: true, ending: "nothing" } as const;
/** No schedule of it leaks (test/goker/variants.ts): then the exploration must be complete. */
const CANNOT_LEAK = ["Moby27782"];

const found = await findToolchain({ cwd: process.cwd(), env: process.env, cacheDir: cacheFolder(process.env) });
assert.ok(found.ok, found.ok ? "" : found.error.message);
const toolchain = found.value;
const suite = readSuite(toolchain.goroot);
const skip = suite ? false : `Go ${toolchain.version.text} carries no GoKer kernels: run with Go 1.26 or later`;

describe("GoKer, one copy of each kernel, the default portfolio with seed 1", { skip }, async () => {
  if (!suite) return;
  const built = await buildSuite(toolchain, suite, ONE_COPY);
  const module = loadSuite(built.wasm);

  it("has 63 kernels and a variant, each with documented leaks", () => {
    assert.equal(suite.kernels.length, 63 + 1);
    assert.deepEqual(suite.kernels.filter(({ name }) => !suite.documented.has(name)), []);
    assert.deepEqual([...module.tests].sort(), suite.kernels.map(({ name }) => `Test${name}`).sort());
  });

  // The budget is no measure of speed: it ends what is not found at all, on a machine that does much else as well (the slowest takes 16 s of a processor).
  for (const { name } of suite.kernels) {
    it(name, async () => {
      const program = module.program(module.tests.indexOf(`Test${name}`));
      const examination = await examine(program, name, suite.documented.get(name)!, { seed: 1, budget: 600_000, more: 0 });
      assert.equal(examination.diverged, undefined);
      if (CANNOT_LEAK.includes(name)) {
        assert.equal(examination.first, undefined);
        assert.equal(examination.coverage.complete, true);
      } else {
        assert.ok(examination.first, `not found in ${examination.runs} runs: ${JSON.stringify(examination.outcomes)}`);
        assert.ok(examination.first.replayed, `${examination.first.leak}: the replay shows no such leaked goroutine`);
      }
    });
  }
});
