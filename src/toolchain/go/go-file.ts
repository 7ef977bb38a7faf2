import { statSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Does a word of the command line name a Go file? An import path may end with `.go`, too (github.com/nats-io/nats.go): as for the go
 * command (golang.org/issue/34653) a file is what is there and no folder; and, to be missed by name, what cannot be an import path.
 */
export function namesGoFile(word: string, cwd: string): boolean {
  if (!word.endsWith(".go")) return false;
  const there = statSync(resolve(cwd, word), { throwIfNoEntry: false });
  return there === undefined ? !IMPORT_PATH.test(word) : !there.isDirectory();
}

/** Its first element is a domain. */
const IMPORT_PATH = /^[^./\\][^/\\]*\.[^/\\]*\//;
