import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { temporaryFolder } from "../testing/go-fixture.js";
import { findToolchain } from "../go/go-command.js";
import { controlPatches } from "./control-patches.js";
import { patchFiles } from "../overlay/overlay.js";

const cacheDir = temporaryFolder();

describe("the control hooks fit", () => {
  for (const goVersion of ["1.24.10", "1.25.4", "1.26.8", "1.27.0"]) {
    it(`Go ${goVersion}`, async (t) => {
      const found = await findToolchain({ cwd: cacheDir, env: process.env, cacheDir, goVersion });
      if (!found.ok) return t.skip(`this machine cannot get Go ${goVersion} (run where the module proxy can be reached): ${found.error.message}`);
      const patched = patchFiles(found.value, [controlPatches()]);
      assert.ok(patched.ok, patched.ok ? "" : patched.error.message);
    });
  }
});
