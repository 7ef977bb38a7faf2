// What npm's readers of packages say of the package that a release would pack: publint and arethetypeswrong, fetched by npx at exact versions.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const registry = spawnSync("npm", ["view", "publint@0.3.25", "version"], { encoding: "utf8", shell: process.platform === "win32" });
const skip = registry.status === 0 ? false : "npm's registry cannot be had: publint and arethetypeswrong are fetched from there";

test("publint and arethetypeswrong find nothing in the package", { skip }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/lint-package.mjs"], { cwd: root, encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /All good!/); // publint's
  assert.match(stdout, /bundler/); // the last of the resolutions that arethetypeswrong tells of
});
