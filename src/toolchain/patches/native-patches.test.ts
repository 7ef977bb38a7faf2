import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { temporaryFolder } from "../testing/go-fixture.js";
import { findToolchain } from "../go/go-command.js";
import { deepPatches } from "./deep-patches.js";
import { lightPatches, nativePatches } from "./native-patches.js";
import { calmPatches, stressPatches } from "./stress-patches.js";
import { patchFiles } from "../overlay/overlay.js";

const cacheDir = temporaryFolder();

describe("the native hooks fit", () => {
  for (const goVersion of ["1.24.10", "1.25.4", "1.26.8", "1.27.0"]) {
    it(`Go ${goVersion}`, async (t) => {
      const found = await findToolchain({ cwd: cacheDir, env: process.env, cacheDir, goVersion });
      if (!found.ok) return t.skip(`this machine cannot get Go ${goVersion} (run where the module proxy can be reached): ${found.error.message}`);
      const patched = patchFiles(found.value, [nativePatches(), lightPatches(true), calmPatches()]);
      assert.ok(patched.ok, patched.ok ? "" : patched.error.message);
      assert.deepEqual(
        [...patched.value.keys()].filter((file) => !/^(testing|runtime\/pprof)\//.test(file)),
        [], // anything else would be built again for every package
      );
      const stress = patchFiles(found.value, [nativePatches(), lightPatches(true), stressPatches()]);
      assert.ok(stress.ok, stress.ok ? "" : stress.error.message);
      const deep = patchFiles(found.value, [nativePatches(), deepPatches(), stressPatches()]);
      if (/^1\.2[67]/.test(goVersion)) assert.ok(deep.ok, deep.ok ? "" : deep.error.message);
    });
  }
});
