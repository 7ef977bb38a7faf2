// The packages of examples/go, with their sources.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceFile } from "./expectations.js";

/** The folder of the examples' module. Compiled tests run in dist/test/seeds. */
export const EXAMPLES = fileURLToPath(new URL("../../../examples/go/", import.meta.url));

export interface ExamplePackage {
  /** Below examples/go, with forward slashes: `06-full-buffer`. */
  readonly folder: string;
  readonly files: readonly SourceFile[];
}

export function examplePackages(): readonly ExamplePackage[] {
  const byFolder = new Map<string, SourceFile[]>();
  for (const path of readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" }).sort()) {
    if (!path.endsWith(".go")) continue;
    const folder = dirname(path);
    const files = byFolder.get(folder) ?? [];
    files.push({ path, text: readFileSync(join(EXAMPLES, path), "utf8") });
    byFolder.set(folder, files);
  }
  return [...byFolder].map(([folder, files]) => ({ folder, files }));
}
