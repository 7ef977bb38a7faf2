import { execFileSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import type { PatchedFile } from "../../model/results/fix.js";

/** A project beside the user's, in which a patch is tried: his files are copied, what he installed or built is linked. */
export class ProjectCopy {
  readonly #from: string;
  readonly #folder: string;
  readonly #to: string;

  /** `from`: the repository, or the project where there is none. */
  constructor(from: string) {
    this.#from = realpathSync(from);
    this.#folder = realpathSync(mkdtempSync(join(tmpdir(), "unpark-fix-")));
    this.#to = join(this.#folder, basename(this.#from) || "project");
    mkdirSync(this.#to);
    const known = gitFiles(this.#from);
    if (known === undefined) this.#copyFolder("");
    else {
      for (const path of known.own) this.#copy(path);
      for (const path of known.ignored) this.#link(path);
    }
    const above = nearestAbove(this.#from);
    if (above !== undefined) symlinkSync(above, join(this.#folder, "node_modules"), "junction");
  }

  /** Where a path of the user's is in the copy. */
  path(of: string): string {
    const rest = relative(this.#from, realpathSync(of));
    return rest.startsWith("..") ? of : join(this.#to, rest);
  }

  /** Is it a file of the copy's own? What is only linked is the user's. */
  holds(file: string): boolean {
    const path = this.path(file);
    return existsSync(path) && realpathSync(path).startsWith(join(this.#to, "/"));
  }

  /** What was said in the copy, as if it had been said of the user's files. */
  here<T>(said: T): T {
    const words = (path: string): string => JSON.stringify(path).slice(1, -1);
    return JSON.parse(JSON.stringify(said).replaceAll(words(this.#to), words(this.#from))) as T;
  }

  /** The copy with a patch, for as long as `use` lasts. */
  async with<T>(files: readonly PatchedFile[], use: () => Promise<T>): Promise<T> {
    const write = (which: "before" | "after"): void => {
      for (const one of files) writeFileSync(this.path(one.file), one[which]);
    };
    write("after");
    try {
      return await use();
    } finally {
      write("before");
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #copy(path: string): void {
    const from = join(this.#from, path);
    if (lstatSync(from, { throwIfNoEntry: false }) === undefined) return; // deleted, and git has not been told
    mkdirSync(dirname(join(this.#to, path)), { recursive: true });
    cpSync(from, join(this.#to, path), { recursive: true, verbatimSymlinks: true });
  }

  /** A package folder's entries each by themselves: what a runner writes beside them stays in the copy. */
  #link(given: string): void {
    const path = given.replace(/\/$/, "");
    const to = join(this.#to, path);
    mkdirSync(dirname(to), { recursive: true });
    if (basename(path) !== "node_modules") return symlinkSync(join(this.#from, path), to, "junction");
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(join(this.#from, path))) if (!name.startsWith(".") || name === ".bin") symlinkSync(join(this.#from, path, name), join(to, name), "junction");
  }

  #copyFolder(path: string): void {
    for (const { name } of readdirSync(join(this.#from, path), { withFileTypes: true })) {
      const inner = path === "" ? name : `${path}/${name}`;
      if (name === "node_modules") this.#link(inner);
      else if (name !== ".git") this.#copy(inner);
    }
  }
}

/** What is copied for a project: its repository, but where that ignores the project, or is none of it, the project alone. */
export function wholeOf(project: string, root: string): string {
  if (relative(root, project).startsWith("..")) return project;
  try {
    execFileSync("git", ["check-ignore", "-q", project], { cwd: root, stdio: "ignore" });
    return project;
  } catch {
    return root;
  }
}

/** What is installed for several projects at once. */
function nearestAbove(from: string): string | undefined {
  for (let above = dirname(from); above !== dirname(above); above = dirname(above)) if (existsSync(join(above, "node_modules"))) return join(above, "node_modules");
  return undefined;
}

function gitFiles(root: string): { readonly own: readonly string[]; readonly ignored: readonly string[] } | undefined {
  const list = (...words: readonly string[]): readonly string[] =>
    execFileSync("git", ["ls-files", "-z", "--exclude-standard", ...words], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 }).split("\0").filter((one) => one !== "");
  try {
    const own = list("-c", "-o");
    return own.length === 0 ? undefined : { own: own.filter((path) => !/(?:^|\/)node_modules(?:\/|$)/.test(path)), ignored: [...new Set([...list("-o", "-i", "--directory"), ...(existsSync(join(root, "node_modules")) ? ["node_modules"] : [])].map((path) => path.replace(/\/$/, "")))] };
  } catch {
    return undefined;
  }
}
