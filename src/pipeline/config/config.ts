import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "../../base/result.js";
import type { Verdict } from "../../model/finding.js";

/** What a project says in its `.unpark.yaml`; see docs/config.md. */
export interface Config {
  /** Where it was read; undefined where there is none. */
  readonly path: string | undefined;
  readonly ignore: readonly Ignore[];
}

/** Findings that are known and accepted for a time. `*` in a pattern stands for anything. */
export interface Ignore {
  /** Of the place where it is blocked, or of the one that created it: `example.com/pool.(*Pool).*`. */
  readonly function: string;
  readonly test?: string;
  readonly package?: string;
  readonly verdict?: Verdict;
  readonly reason: string;
  /** The last day on which it holds: `2027-03-31`. */
  readonly expires: string;
  /** Its line in the file, for what is said about it. */
  readonly line: number;
}

export const CONFIG_FILE = ".unpark.yaml";

/** Reads the nearest `.unpark.yaml`, from `cwd` up to the folder that holds go.mod or .git. */
export async function readConfig(cwd: string): Promise<Result<Config, string>> {
  const path = findUp(cwd);
  if (path === undefined) return ok({ path, ignore: [] });
  const { parseConfig } = await import("./parse-config.js"); // the YAML reader takes 40 ms to load: most projects have no such file
  try {
    return parseConfig(readFileSync(path, "utf8"), path);
  } catch (error) {
    return err(`cannot read ${path}: ${(error as Error).message}`);
  }
}

function findUp(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, CONFIG_FILE);
    if (existsSync(path)) return path;
    if (existsSync(join(folder, "go.mod")) || existsSync(join(folder, ".git")) || dirname(folder) === folder) return undefined;
  }
}
