import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

test("what is installed at run time is what the SBOM and the licences file say, each with its reason in SECURITY.md", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/sbom.mjs"), "--check"], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<"dependencies" | "optionalDependencies", Record<string, string>>;
  const installed = Object.keys({ ...own.dependencies, ...own.optionalDependencies });
  assert.deepEqual(installed.sort(), ["fzstd", "vscode-jsonrpc", "yaml"]);
  const said = readFileSync(join(ROOT, "SECURITY.md"), "utf8");
  for (const name of installed) assert.ok(said.includes(`\`${name}\` (`), name);
  assert.ok(Object.values({ ...own.dependencies, ...own.optionalDependencies }).every((version) => /^\d+\.\d+\.\d+$/.test(version)), "exact versions");
});
