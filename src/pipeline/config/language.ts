import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findJsProject, hasTestFile, isScript } from "../../toolchain/js/js-project.js";

/** The words of a command line, by the language that each is meant in. */
export interface Words {
  readonly go: readonly string[];
  readonly ts: readonly string[];
}

/**
 * A file says it by its name. A folder (or `./...`) is TypeScript's where a package.json that depends on unpark is at
 * least as near as a go.mod or go.work, and Go's where that is at least as near; both, where they stand side by side and there
 * is a TypeScript test (who installs unpark by npm to test a Go module has a package.json, and none).
 * What is no folder is a Go import path.
 */
export function byLanguage(words: readonly string[], cwd: string): Words {
  const of = words.map((word) => ({ word, languages: languagesOf(word, cwd) }));
  const all = (language: "go" | "ts"): readonly string[] => of.flatMap(({ word, languages }) => (languages.includes(language) ? [word] : []));
  return { go: all("go"), ts: all("ts") };
}

function languagesOf(word: string, cwd: string): readonly ("go" | "ts")[] {
  if (word.endsWith(".go")) return ["go"];
  if (isScript(word)) return ["ts"];
  const folder = resolve(cwd, folderOf(word));
  if (!existsSync(folder)) return ["go"];
  const ts = findJsProject(folder);
  if (ts === undefined) return ["go"];
  const go = goRoot(folder);
  if (go === undefined || ts.length > go.length) return ["ts"];
  return go.length > ts.length || !hasTestFile(folder) ? ["go"] : ["go", "ts"];
}

/** `./server/...` is about `./server`. */
export const folderOf = (word: string): string => word.replace(/\/?\.\.\.$/, "") || ".";

function goRoot(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "go.mod")) || existsSync(join(folder, "go.work"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
