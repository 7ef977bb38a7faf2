// Modules from the proxy for the scripts that measure over them: a writable copy of each, and what a command in it does and takes.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export function run(command, args, cwd, env = {}) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1 << 30, env: { ...process.env, ...env } });
  return { status, stdout, stderr, seconds: (performance.now() - started) / 1000 };
}

/** A writable copy of the module as the proxy gives it, below `work`. */
export function moduleCopy({ module, version }, work) {
  const { status, stdout, stderr } = run("go", ["mod", "download", "-json", `${module}@${version}`], work);
  if (status !== 0) throw new Error(`${module}@${version}: ${stderr || stdout}`);
  const folder = join(work, module.replaceAll("/", "_"));
  cpSync(JSON.parse(stdout).Dir, folder, { recursive: true });
  for (const path of [".", ...readdirSync(folder, { recursive: true, encoding: "utf8" })]) chmodSync(join(folder, path), 0o755);
  if (!existsSync(join(folder, "go.mod"))) writeFileSync(join(folder, "go.mod"), `module ${module}\n\ngo 1.24\n`);
  return folder;
}
