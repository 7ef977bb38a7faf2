// What a test that timed out says with one line in vitest's setupFiles: proved, where nothing can settle what it awaits; only
// pending, where a module or a timer may; nothing of tests that pass or fail by themselves.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, it } from "node:test";
import { tool, userProject } from "./project.js";

const project = userProject("timeouts", { vitest: "*" }, "test/runners/timeouts");
after(() => project.remove());

it("vitest: a time-out is explained", () => {
  const { stdout, status } = spawnSync(process.execPath, [tool("vitest/vitest.mjs"), "run", "--reporter=json"], { cwd: project.folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  assert.equal(status, 1);
  const { testResults } = JSON.parse(stdout) as { readonly testResults: readonly { readonly assertionResults: readonly { readonly title: string; readonly status: string; readonly failureMessages: readonly string[] }[] }[] };
  const said = new Map(testResults[0]!.assertionResults.map(({ title, failureMessages }) => [title, failureMessages.join("\n").split("\n").filter((line) => line.startsWith("unpark: ") || line.startsWith("    nothing"))]));
  assert.deepEqual(said.get("its own pool is empty"), [
    "unpark: the await at pool.ts:7 can never go on: proved",
    "    nothing that could settle the promise that it awaits is reachable any more; it was made at pool.ts:7",
  ]);
  assert.deepEqual(said.get("a pool of the module is empty"), ["unpark: the await at pool.ts:7 has not gone on; something that is still reachable may settle it"]);
  assert.deepEqual(said.get("is slow"), ["unpark: the await at hang.spec.ts:16 has not gone on; something that is still reachable may settle it"]);
  assert.deepEqual([said.get("passes"), said.get("fails")], [[], []]);
});
