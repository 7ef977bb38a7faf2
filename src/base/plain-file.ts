import { readFileSync, statSync } from "node:fs";

/**
 * The text of a file that is written to, too: never of a pipe or a device, for which a process would wait in a call that nothing interrupts.
 * Throws as readFileSync does, and where it is something else than a file.
 */
export function readPlainFile(path: string): string {
  if (!statSync(path).isFile()) throw Object.assign(new Error(`${path} is no plain file`), { code: "no plain file" });
  return readFileSync(path, "utf8");
}
