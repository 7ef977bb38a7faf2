// Tests that vitest runs at the same time in one file: each finding has the name of its own test, or of its line; others are not touched.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, describe, it } from "node:test";
import { tool, userProject } from "./project.js";

describe("vitest, it.concurrent", () => {
  const project = userProject("concurrent", {}, "test/runners/concurrent");
  after(() => project.remove());
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined, CI: "1" };
  const { stdout, stderr } = spawnSync(process.execPath, [tool("vitest/vitest.mjs"), "run", "--reporter=verbose"], { cwd: project.folder, env, encoding: "utf8", timeout: 120_000 });
  const text = `${stdout}\n${stderr}`;

  it("names the test that explores", () => {
    const names = [...text.matchAll(/^--- FAIL: (.*?) {2}\(/gm)].map(([, name]) => name);
    assert.deepEqual([...new Set(names)].sort(), ["at the same time > first", "at the same time > second", "vitest.spec.ts:21"], text);
  });

  it("touches no other", () => assert.match(text, /✓ .*clean[\s\S]*✓ .*beside|✓ .*beside[\s\S]*✓ .*clean/, text));
});
