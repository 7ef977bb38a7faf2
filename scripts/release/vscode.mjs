// `node scripts/release/vscode.mjs [FOLDER]`: the VS Code extension as unpark-VERSION.vsix, by vsce. Its tools are no
// dependencies of Unpark: they are installed beside the extension, by its own lock file.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Builds it into `out`; answers its path. */
export async function buildVscode(root, out) {
  const folder = join(root, "editors", "vscode");
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
  if (version !== own) throw new Error(`editors/vscode/package.json says ${version}, package.json ${own}`);
  const vsce = join(folder, "node_modules", "@vscode", "vsce", "vsce");
  if (!existsSync(vsce)) run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: folder, entryPoints: ["extension.mjs"], outfile: "dist/extension.cjs", bundle: true, minify: true, platform: "node", format: "cjs", target: "node18",
    external: ["vscode"], logLevel: "error",
  });
  mkdirSync(out, { recursive: true });
  const file = join(out, `unpark-${version}.vsix`);
  run(process.execPath, [vsce, "package", "--no-dependencies", "--out", file], folder);
  return file;
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `${stdout}${stderr}`}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
  console.log(await buildVscode(root, resolve(process.argv[2] ?? join(root, "release"))));
}
