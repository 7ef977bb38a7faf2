import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";

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
    return lines?.[line - 1]?.trim();
  }

  #read(file: string): readonly string[] | undefined {
    const path = this.#find(file);
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, "utf8").split("\n");
    } catch {
      return undefined;
    }
  }

  /** As named; or, built elsewhere or with -trimpath, the longest tail of its name that exists below the folder. */
  #find(file: string): string | undefined {
    if (!/\.(go|ts|js|mts|mjs)$/.test(file)) return undefined;
    if (isAbsolute(file) && existsSync(file)) return file;
    const parts = file.split(/[\\/]/).filter((part) => part !== "" && part !== "..");
    for (let from = 0; from < parts.length - 1; from++) {
      const path = join(this.#cwd, ...parts.slice(from));
      if (existsSync(path)) return path;
    }
    return undefined;
  }
}
