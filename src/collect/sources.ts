import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { spellOutLines } from "../base/spell-out.js";

/** Reads lines of source files for reports; a file that is not here gives undefined, never an error. */
export class SourceLines {
  readonly #cwd: string;
  readonly #files = new Map<string, readonly string[] | undefined>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  line(file: string, line: number): string | undefined {
    let lines = this.#files.get(file);
    if (!this.#files.has(file)) this.#files.set(file, (lines = this.#read(file)));
    const text = lines?.[line - 1]?.trim();
    return text === undefined ? undefined : spellOutLines(text).slice(0, MOST_LINE);
  }

  #read(file: string): readonly string[] | undefined {
    const path = this.#find(file);
    if (path === undefined) return undefined;
    try {
      const stat = statSync(path); // a stranger named it: it may be a pipe, or endless
      return stat.isFile() && stat.size <= MOST_SOURCE ? readFileSync(path, "utf8").split("\n") : undefined;
    } catch {
      return undefined;
    }
  }

  /** As named; or, built elsewhere or with -trimpath, the longest tail of its name that exists below the folder. */
  #find(file: string): string | undefined {
    if (file.length > MOST_PATH || !/\.(go|ts|js|mts|mjs)$/.test(file)) return undefined;
    if (isAbsolute(file) && existsSync(file)) return file;
    const parts = file.split(/[\\/]/).filter((part) => part !== "" && part !== "..");
    for (let from = 0; from < parts.length - 1; from++) {
      const path = join(this.#cwd, ...parts.slice(from));
      if (existsSync(path)) return path;
    }
    return undefined;
  }
}

/** PATH_MAX; and no source file is larger, no line that tells anything longer. */
const MOST_PATH = 4096;
const MOST_SOURCE = 1 << 24;
const MOST_LINE = 1000;
