import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export interface Project {
  readonly folder: string;
  readonly remove: () => void;
}

/**
 * A user's project with Unpark installed: the files that npm would install (package.json, `files`) are copied into its
 * node_modules, so that every runner sees a package and not a folder of sources. It lies below this repository, whose
 * node_modules holds the runners.
 */
export function userProject(name: string, devDependencies: Readonly<Record<string, string>>, source = "test/runners/project"): Project {
  const folder = join(ROOT, "dist", "projects", `${name}-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  const unpark = join(folder, "node_modules", "unpark");
  mkdirSync(unpark, { recursive: true });
  for (const path of ["package.json", "bin", "dist/src"]) cpSync(join(ROOT, path), join(unpark, path), { recursive: true });
  cpSync(join(ROOT, source), folder, { recursive: true });
  const manifest = { name: `project-${name}`, private: true, type: "module", devDependencies: { unpark: "*", ...devDependencies } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A program of this repository's node_modules. */
export const tool = (path: string): string => join(ROOT, "node_modules", path);
