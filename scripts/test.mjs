// `npm test`: builds, then the types, the import law, the lint, and every *.test.js under dist/ in Node's own
// runner, one process a file. `npm test -- host explore` runs only the tests whose path contains a word.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const words = process.argv.slice(2);
const run = (...argv) => {
  const { status } = spawnSync(argv[0], argv.slice(1), { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};
run(process.execPath, "scripts/build.mjs", ...(words.length === 0 ? ["--clean"] : []));
if (words.length === 0) {
  run(process.execPath, "scripts/layers.mjs");
  run(process.execPath, "node_modules/eslint/bin/eslint.js", "--max-warnings=0", ".");
}
const tests = ["dist/src", "dist/test"]
  .filter((dir) => existsSync(join(root, dir)))
  .flatMap((dir) => readdirSync(join(root, dir), { recursive: true, encoding: "utf8" }).map((f) => join(dir, f)))
  .filter((f) => f.endsWith(".test.js") && (words.length === 0 || words.some((w) => f.includes(w))))
  .sort();
run(process.execPath, "--enable-source-maps", "--test", "--test-concurrency=2", ...tests);
