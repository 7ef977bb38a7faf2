// The runtime in Node, Deno and Bun: the same program must print the same line. Fetches the engines from npm where they
// are not installed: `npm run build && node scripts/engines.mjs > bench/runtime/engines.txt`. Exit code 0 alike, 1 different, 2 an engine is missing.
import { spawnSync } from "node:child_process";

const file = "dist/test/engines/smoke.js";
const ENGINES = {
  node: ["node", file],
  deno: ["npm", "exec", "--yes", "--package=deno@2.9.6", "--", "deno", "run", file],
  bun: ["npm", "exec", "--yes", "--package=bun@1.4.5", "--", "bun", file],
};
console.log(`node ${process.version}, ${ENGINES.deno[3].slice(10)}, ${ENGINES.bun[3].slice(10)}\n`);
let code = 0;
let expected;
for (const [name, [command, ...args]] of Object.entries(ENGINES)) {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: "utf8", timeout: 300_000 });
  const line = stdout.trim();
  if (status !== 0 || line === "") {
    console.error(`${name}: could not run: ${stderr.trim().split("\n").slice(-6).join("\n")}`);
    code = 2;
    continue;
  }
  expected ??= line;
  if (line !== expected) code = Math.max(code, 1);
  console.log(`${name.padEnd(5)} ${line === expected ? "as node" : "DIFFERENT"}: ${line}`);
}
process.exit(code);
