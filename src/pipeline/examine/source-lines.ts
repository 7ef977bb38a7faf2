import { readFileSync, statSync } from "node:fs";

/** No source file of a person's is larger; generated ones are left out rather than held in memory. */
const LARGEST = 4 * 1024 * 1024;

/** Reads source files for evidence and steps; each once. A file that is not there (any more) has no lines. */
export function sourceLines(): (file: string) => readonly string[] | undefined {
  const files = new Map<string, readonly string[] | undefined>();
  return (file) => {
    if (!files.has(file)) files.set(file, read(file));
    return files.get(file);
  };
}

function read(file: string): readonly string[] | undefined {
  try {
    if (!file.startsWith("/") || statSync(file).size > LARGEST) return undefined;
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return undefined;
  }
}
