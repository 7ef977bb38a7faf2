import { chmodSync, readFileSync, realpathSync, statSync } from "node:fs";
import { err, ok, type Result } from "../../base/result.js";
import type { PatchedFile } from "../../model/results/fix.js";
import { exec } from "../../toolchain/go/exec.js";
import { writeWhole } from "../go/save.js";

type Env = Readonly<Record<string, string | undefined>>;

/** The top of the git repository, from which `git apply` reads paths; the folder itself where there is none. */
export async function repositoryRoot(cwd: string, env: Env): Promise<string> {
  const asked = await exec("git", ["rev-parse", "--show-toplevel"], { cwd, env });
  return asked.kind === "ended" && asked.status === 0 && asked.stdout.trim() !== "" ? asked.stdout.trimEnd() : cwd;
}

/** Those of the files that git would not bring back: changed since the last commit, or not known to it. None where there is no repository. */
export async function dirtyFiles(files: readonly string[], cwd: string, env: Env): Promise<readonly string[]> {
  const asked = await exec("git", ["status", "--porcelain", "--ignored", "--untracked-files=all", "--", ...files], { cwd, env });
  if (asked.kind !== "ended" || asked.status !== 0) return [];
  return asked.stdout.split("\n").filter((line) => line !== "").map((line) => line.slice(3));
}

/** All files, or none: a file that is another now than what was proved is refused. */
export function writeFixes(files: readonly PatchedFile[]): Result<readonly string[], string> {
  const changed = files.find(({ file, before }) => readFileSync(file, "utf8") !== before);
  if (changed !== undefined) return err(`not written: ${changed.file} has changed since the patch was proved`);
  const written: string[] = [];
  for (const { file, after } of files) {
    const target = realpathSync(file); // a link stays one
    const { mode } = statSync(target);
    const saved = writeWhole(after, target);
    if (saved.ok) chmodSync(target, mode);
    else return err(`${file} ${saved.error}${written.length > 0 ? `; written before: ${written.join(", ")}` : ""}`);
    written.push(file);
  }
  return ok(written);
}
