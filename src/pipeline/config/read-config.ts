import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "../../base/result.js";
import { CONFIG_FILE, type Config } from "./config.js";

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
