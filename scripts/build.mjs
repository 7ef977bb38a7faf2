// Compiles src, test, bench and examples/ts to dist/ with the native TypeScript compiler (about 1 s).
// `prepare` calls this on `npm ci`, so a fresh clone is ready to run after that one command.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, posix } from "node:path";
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
commonJsEntries();
process.exit(status ?? 1);

/** What `require` finds, where it cannot load the ES module: src/cjs/require.cts, with the name of the module below src/. */
function commonJsEntries() {
  const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  for (const { require: file, default: module } of Object.values(exports)) {
    if (file === undefined) continue;
    const path = new URL(`../${file}`, import.meta.url);
    mkdirSync(dirname(fileURLToPath(path)), { recursive: true });
    writeFileSync(path, `module.exports = require("./${posix.relative(dirname(file), "./dist/src/cjs/require.cjs")}")("${posix.relative("./dist/src", module)}");\n`);
  }
}
