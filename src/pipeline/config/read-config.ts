import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "../../base/result.js";
import { CONFIG_FILE, NO_CONFIG, type Config } from "./config.js";
import type { SettingTables } from "./parse-config.js";

/** Nobody writes as much by hand: it is another file, or somebody wants to fill the memory. */
const MOST_BYTES = 4 * 2 ** 20;

/** Reads the nearest `.unpark.yaml`, from `cwd` up to the folder that holds go.mod or .git. */
export async function readConfig(cwd: string, tables: () => SettingTables): Promise<Result<Config, string>> {
  const path = configPath(cwd);
  if (path === undefined) return ok(NO_CONFIG);
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return err(`${path} is ${stat.isDirectory() ? "a folder" : "no plain file"}: settings are a file of that name (docs/config.md); rename it`);
    if (stat.size > MOST_BYTES) return err(`${path} has ${Math.ceil(stat.size / 2 ** 20)} MiB, and settings at most ${MOST_BYTES / 2 ** 20}: is it another file? Known findings by the thousand are a baseline's (--baseline)`);
    const { parseConfig } = await import("./parse-config.js"); // the YAML reader takes 40 ms to load: most projects have no such file
    return await parseConfig(readFileSync(path, "utf8"), path, tables());
  } catch (error) {
    return err(`cannot read ${path}: ${(error as Error).message}`);
  }
}

/** The nearest `.unpark.yaml`, where there is one. */
export function configPath(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, CONFIG_FILE);
    if (existsSync(path)) return path;
    if (isTop(folder) || dirname(folder) === folder) return undefined;
  }
}

const isTop = (folder: string): boolean => existsSync(join(folder, "go.mod")) || existsSync(join(folder, ".git"));

/** Where a project without a file gets one. */
export function newConfigPath(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (isTop(folder)) return join(folder, CONFIG_FILE);
    if (dirname(folder) === folder) return join(cwd, CONFIG_FILE);
  }
}
