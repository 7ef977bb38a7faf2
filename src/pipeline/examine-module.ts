import { err, ok, type Result } from "../base/result.js";
import type { Examination, Failure } from "../model/examination.js";
import { optional } from "./build.js";
import { examine } from "./examine.js";
import { loadModule, type ModuleSpec } from "./module-spec.js";
import type { Progress, Settings } from "./settings.js";
import { sourceLines } from "./source-lines.js";
import { missingOf } from "./unsupported.js";

/** Which programs a module holds: -1 for a main, the number of each test that `-run` lets through. */
export function programsOf(spec: ModuleSpec): Result<readonly number[], string> {
  const loaded = loadModule(spec);
  if (!loaded.ok) return loaded;
  return ok(spec.kind === "main" ? [-1] : loaded.value.tests.map((_, index) => index));
}

export interface Watching {
  readonly output?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** One program of a module, examined in this thread. */
export async function examineModule(spec: ModuleSpec, index: number, settings: Settings, watching: Watching): Promise<Result<Examination, Failure>> {
  const loaded = loadModule(spec);
  if (!loaded.ok) return err({ package: spec.package, message: loaded.error });
  const program = loaded.value.program(index);
  const test = spec.kind === "main" ? undefined : program.name;
  const { output, progress, signal } = watching;
  const done = await examine(program, {
    package: spec.package,
    settings,
    lines: sourceLines(),
    reachability: spec.reachability,
    ...optional({ test, output, progress, signal }),
  });
  const missing = missingOf(done);
  if (missing !== undefined) return err({ package: spec.package, ...optional({ test }), message: missing });
  return ok({ ...done, limits: [...spec.limits, ...done.limits] });
}
