import { optional } from "../base/optional.js";
import { err, ok, type Result } from "../base/result.js";
import type { Report } from "../model/results/examination.js";
import type { SaidSettings } from "../pipeline/config/settings.js";
import { isRunner, testTs } from "../pipeline/typescript/test-ts.js";
import type { ExploreFlags } from "./flags/explore-flags.js";
import type { Io } from "./io.js";
import { version } from "./version.js";

interface Given {
  readonly flags: ExploreFlags & { readonly run: string | undefined; readonly runner: string | undefined; readonly tags: string | undefined; readonly short: boolean };
  readonly rest?: readonly string[] | undefined;
}

/** What of `unpark test`'s words means TypeScript; undefined where none does, an error where the flags do not fit. */
export async function testScripts(patterns: readonly string[], { flags, rest = [] }: Given, said: SaidSettings, io: Io): Promise<Result<Report | undefined, string>> {
  const { run, runner, tags, short, strict } = flags;
  if (runner !== undefined && !isRunner(runner)) return err(`--runner takes vitest, jest or node, but got '${runner}'`);
  if (patterns.length === 0) return runner === undefined ? ok(undefined) : err("--runner is of TypeScript tests, but these are Go's: no package.json near them depends on unpark");
  if (tags !== undefined || short) return err(`-${short ? "short" : "tags"} is of Go tests, but ${patterns[0]} is TypeScript`);
  const report = await testTs(
    {
      cwd: io.cwd,
      env: io.env,
      patterns,
      args: rest,
      options: { ...said, ...(strict ? { strict } : {}) },
      unparkVersion: version(),
      signal: io.signal,
      ...optional({ run, runner, workers: said.workers }),
    },
    (_, bytes) => io.stderr.write(bytes),
  );
  return ok(report);
}
