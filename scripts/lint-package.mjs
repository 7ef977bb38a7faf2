// publint and arethetypeswrong on the packed npm package: what package.json says is there, and its types are found.
//
//   npm run lint:package                         of this tree, as it is built: what a release would pack
//   npm run lint:package release/unpark-x.tgz    of a release
//
// They are fetched by npx at exact versions, for they bring a compiler of their own. The package is of ES modules only: what
// the resolution of before Node 12.7 makes of it is not asked (attw's profile esm-only), and the types of what `require` finds are those of the
// ES module, for it gives the same names (attw's rule false-esm; test/runners/commonjs.test.ts).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { stage } from "./release/stage.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "unpark-lint-"));
const run = (command, args) => spawnSync(command, args, { cwd: ROOT, stdio: "inherit", shell: process.platform === "win32" }).status ?? 1;

async function packed() {
  const staged = join(folder, "package");
  await stage(ROOT.replace(/\/$/, ""), staged);
  if (run("npm", ["pack", staged, "--ignore-scripts", "--silent", "--pack-destination", folder]) !== 0) exit(1);
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")));
}

try {
  const tarball = argv[2] === undefined ? await packed() : resolve(argv[2]);
  const publint = run("npx", ["--yes", "publint@0.3.25", "run", tarball, "--strict"]);
  const types = run("npx", ["--yes", "@arethetypeswrong/cli@0.18.5", tarball, "--profile", "esm-only", "--ignore-rules", "false-esm", "--format", "table"]);
  process.exitCode = publint === 0 && types === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
