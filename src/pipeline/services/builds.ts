import { appendFileSync } from "node:fs";
import { readPlainFile } from "../../base/plain-file.js";
import { err, ok, type Result } from "../../base/result.js";
import type { GateTarget } from "../../model/results/gate.js";

/** What a gate found, build by build, in a file of one JSON object a line: CI keeps it as it keeps a cache. */
export class Builds {
  readonly build: string;
  readonly #file: string;
  /** By a group's fingerprint, which survives a rebuild that moves lines: the first build that had it. */
  readonly #first = new Map<string, string>();

  private constructor(file: string, build: string) {
    this.#file = file;
    this.build = build;
  }

  static read(file: string, build: string): Result<Builds, string> {
    const builds = new Builds(file, build);
    let text = "";
    try {
      text = readPlainFile(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT") return err(`it cannot be read (${code ?? "unknown reason"})`);
    }
    for (const [i, line] of text.split("\n").entries()) {
      if (line.trim() === "") continue;
      const known = lineOf(line);
      if (!known) return err(`line ${i + 1} is none of unpark's`);
      for (const fingerprint of known.leaks) if (!builds.#first.has(fingerprint)) builds.#first.set(fingerprint, known.build);
    }
    return ok(builds);
  }

  /** The first build that had the leak, before this one. */
  since(fingerprint: string): string | undefined {
    const first = this.#first.get(fingerprint);
    return first === this.build ? undefined : first;
  }

  keep(targets: readonly GateTarget[], at: number): Result<void, string> {
    const line = {
      version: 1, build: this.build, at: new Date(at).toISOString(),
      targets: targets.map((one) => ({ target: one.target, state: one.state, ...(one.state === "leaking" ? { leaks: one.leaks.map(({ group }) => ({ group: group.fingerprint, goroutines: group.count })) } : {}) })),
    };
    try {
      appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
      return ok(undefined);
    } catch (error) {
      return err(`--builds: ${this.#file} cannot be written (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`);
    }
  }
}

function lineOf(line: string): { readonly build: string; readonly leaks: readonly string[] } | undefined {
  try {
    const { build, targets } = JSON.parse(line) as { build: string; targets: readonly { leaks?: readonly { group: string }[] }[] };
    return typeof build === "string" ? { build, leaks: targets.flatMap(({ leaks = [] }) => leaks.map(({ group }) => group)) } : undefined;
  } catch {
    return undefined;
  }
}
