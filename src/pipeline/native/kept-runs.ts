import { createHash, randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { hash64 } from "../../base/short-hash.js";
import { isAlive } from "../../toolchain/go/lifeline.js";
import type { PackageResult } from "./native-output.js";

/**
 * What test binaries wrote, kept, so that a package that `go test` takes from its own cache (`(cached)`) is judged by the
 * report of the very run that is repeated.
 *
 * R1. Go repeats a run only for the same binary, words, files and variables that the run looked at (cmd/go/internal/test,
 *     computeTestInputsID). This folder and the package's token are such variables (go/native/testing/unpark.go): what Go
 *     repeats ran with both.
 * R2. A report stands for a repeated run only where exactly one run of the package began with its token: each leaves a file
 *     when it begins. Else the package is run again by itself, and nothing of it is kept.
 * R3. Where another run began with the token, the package gets a new one. Its next run is no repetition.
 * R4. A run that failed is never repeated, so it does not count. Of one whose end is not known nobody knows: a new token.
 * R5. One command at a time uses a folder; another one beside it keeps nothing.
 */
export class KeptRuns {
  readonly dir: string;
  /** Of earlier runs. */
  readonly #before: ReadonlySet<string>;

  private constructor(dir: string) {
    this.dir = dir;
    this.#before = new Set(readdirSync(dir));
  }

  /** `question`: all that decides which tests are run, and how they are built. Undefined: nothing can be kept (R5). */
  static open(cacheDir: string, question: readonly string[]): KeptRuns | undefined {
    const dir = join(cacheDir, "native", createHash("sha256").update(JSON.stringify(question)).digest("hex").slice(0, 32));
    try {
      mkdirSync(dir, { recursive: true });
      return lock(join(dir, BUSY)) ? new KeptRuns(dir) : undefined;
    } catch {
      return undefined; // a cache that cannot be written to
    }
  }

  /** For the test binaries. */
  get env(): Readonly<Record<string, string>> {
    const tokens = [...this.#before].filter((name) => name.endsWith(TOKEN)).map((name): [string, string] => [`UNPARK_TOKEN_${name.slice(0, -TOKEN.length)}`, readFileSync(join(this.dir, name), "utf8")]);
    return { UNPARK_NATIVE: this.dir, UNPARK_KEPT: "1", ...Object.fromEntries(tokens) };
  }

  /** Was it written in this run? */
  readonly isNew = (name: string): boolean => !this.#before.has(name);

  /** Does this file's report stand for how one of these packages ended now (R2)? */
  standsFor(packages: readonly PackageResult[]): (name: string) => boolean {
    const repeated = new Set(packages.filter((one) => this.#isKnown(one)).map(({ path }) => nameOf(path)));
    return (name) => this.isNew(name) || repeated.has(packageOf(name));
  }

  /** Those that Go repeated without our knowing which run (R2). */
  unknown(packages: readonly PackageResult[]): readonly string[] {
    return packages.filter((one) => one.cached === true && !this.#isKnown(one)).map(({ path }) => path);
  }

  #isKnown({ path, cached }: PackageResult): boolean {
    return cached === true && this.#begun(nameOf(path)).length === 1;
  }

  /** Once all is read. */
  close(packages: readonly PackageResult[]): void {
    const kinds = new Map(packages.map(({ path, kind }) => [nameOf(path), kind]));
    for (const name of new Set(readdirSync(this.dir).filter((file) => file.endsWith(BEGUN) && this.isNew(file)).map(packageOf))) {
      if (kinds.get(name) === "failed") this.#remove((file) => packageOf(file) === name && this.isNew(file)); // R4
      else if (kinds.get(name) !== "passed" || this.#begun(name).length > 1) this.#renew(name); // R3, R4
    }
    for (const path of this.unknown(packages)) this.#renew(nameOf(path));
    rmSync(join(this.dir, BUSY), { force: true });
  }

  #begun(name: string): readonly string[] {
    return readdirSync(this.dir).filter((file) => packageOf(file) === name && file.endsWith(BEGUN));
  }

  #renew(name: string): void {
    this.#remove((file) => packageOf(file) === name);
    writeFileSync(join(this.dir, `${name}${TOKEN}`), randomUUID());
  }

  #remove(test: (name: string) => boolean): void {
    for (const file of readdirSync(this.dir)) if (test(file)) rmSync(join(this.dir, file), { force: true });
  }
}

const BUSY = "busy";
const BEGUN = ".begun";
const TOKEN = ".token";

/** As go/native/testing/unpark.go names a package in a file's name: FNV-1a of its path. */
function nameOf(path: string): string {
  const { high, low } = hash64(path);
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

const packageOf = (file: string): string => file.slice(0, file.indexOf("."));

/** Takes over what a process that is gone has left. */
function lock(path: string): boolean {
  for (const again of [true, false]) {
    try {
      const file = openSync(path, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !again) return false;
    }
    if (isAlive(Number(readFileSync(path, "utf8")) || process.pid)) return false; // just made: its number is not in it yet
    rmSync(path, { force: true });
  }
  return false;
}
