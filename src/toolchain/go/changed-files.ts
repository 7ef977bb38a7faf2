import { realpathSync } from "node:fs";
import { join } from "node:path";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { exec } from "./exec.js";

/** Where and as whom git is asked. */
interface GitOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/**
 * The files that differ from where this branch left `ref`: committed, changed and new ones, deleted ones too; absolute.
 * From the merge base, as a pull request is shown: what others did on `ref` meanwhile is not this branch's.
 */
export async function changedFiles(ref: string, options: GitOptions): Promise<Result<readonly string[], string>> {
  if (ref === "" || ref.startsWith("-")) return err(`--changed takes a branch, tag or commit, but got '${ref}'`);
  const top = await git(["rev-parse", "--show-toplevel"], options);
  if (!top.ok) return err(`--changed asks git, which says: ${top.error}`);
  const base = await git(["merge-base", ref, "HEAD"], options);
  if (!base.ok) return err(`git finds no common commit of ${ref} and HEAD${base.error === "" ? "" : ` (${base.error})`}: fetch it first; a shallow clone needs its history, too (git fetch --unshallow; fetch-depth: 0 of actions/checkout)`);
  const root = realpathSync(top.value.trimEnd());
  const changed = await git(["diff", "--name-only", "--no-renames", "-z", base.value.trim(), "--"], { ...options, cwd: root });
  if (!changed.ok) return err(`git diff failed: ${changed.error}`);
  const fresh = await git(["ls-files", "--others", "--exclude-standard", "-z"], { ...options, cwd: root });
  if (!fresh.ok) return err(`git ls-files failed: ${fresh.error}`);
  return ok([...new Set(`${changed.value}${fresh.value}`.split("\0").filter((path) => path !== ""))].sort().map((path) => join(root, path)));
}

async function git(args: readonly string[], { cwd, env, signal }: GitOptions): Promise<Result<string, string>> {
  const outcome = await exec("git", args, { cwd, env, ...optional({ signal }) });
  if (outcome.kind === "interrupted") return err("interrupted");
  if (outcome.kind === "not-started") return err(`it cannot be run: ${outcome.message}`);
  return outcome.status === 0 ? ok(outcome.stdout) : err(outcome.stderr.trim().split("\n")[0]!.replace(/^fatal: /, ""));
}
