// The same program prints the same line in Node, Deno and Bun. Deno and Bun are run where they are on the PATH: from npm
// they are 195 MB, and the lock file cannot name Deno's builds for all systems, so they are no devDependencies;
// `node scripts/engines.mjs` fetches both, in exact versions, and compares them (bench/runtime/engines.txt).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

const SMOKE = fileURLToPath(new URL("./smoke.js", import.meta.url));
const line = (command: string, ...args: string[]): string => spawnSync(command, [...args, SMOKE], { encoding: "utf8", timeout: 60_000 }).stdout.trim();
const EXPECTED =
  '{"sum":45,"late":1,"err":"context deadline exceeded","panics":["send on closed channel"],"goroutines":1,"schedules":6,"leaks":3}';

for (const [engine, args] of [["node", []], ["deno", ["run", "--allow-all"]], ["bun", []]] as const) {
  const command = engine === "node" ? process.execPath : engine;
  const missing = spawnSync(command, ["--version"]).status === 0 ? false : `${engine} is not on the PATH: node scripts/engines.mjs fetches it`;
  it(engine, { skip: missing }, () => assert.equal(line(command, ...args), EXPECTED));
}
