// Compiles src, test, bench and examples/ts to dist/ with the native TypeScript compiler (about 1 s).
// `prepare` calls this on `npm ci`, so a fresh clone is ready to run after that one command.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = fileURLToPath(new URL("../node_modules/typescript-native/bin/tsc", import.meta.url));
if (!existsSync(compiler)) {
  // Installed as somebody's dependency: dist/ is in the package, there is nothing to build. A package without it is none.
  if (process.argv.includes("--pack") && !existsSync(new URL("../dist/src/cli/main.js", import.meta.url))) {
    console.error("there is no dist/ to pack, and no compiler to make it: run 'npm ci' first");
    process.exit(1);
  }
  process.exit(0);
}
if (process.argv.includes("--clean")) rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.json"], { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);
