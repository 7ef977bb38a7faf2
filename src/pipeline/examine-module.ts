import { err, ok, type Result } from "../base/result.js";
import type { Examination, Failure } from "../model/examination.js";
import { examine } from "./examine.js";
import { loadModule, type ModuleSpec } from "./module-spec.js";
import type { Listener } from "./run.js";
import type { Settings } from "./settings.js";
import { sourceLines } from "./source-lines.js";
import { optional } from "./build.js";

/** Which programs a module holds: -1 for a main, the number of each test that `-run` lets through. */
export function programsOf(spec: ModuleSpec): Result<readonly number[], string> {
  const loaded = loadModule(spec);
  if (!loaded.ok) return loaded;
  return ok(spec.kind === "main" ? [-1] : loaded.value.tests.map((_, index) => index));
}

export async function examineModule(
  spec: ModuleSpec,
  index: number,
  settings: Settings,
  listener: Listener,
  signal?: AbortSignal,
): Promise<Result<Examination, Failure>> {
  const loaded = loadModule(spec);
  if (!loaded.ok) return err({ package: spec.package, message: loaded.error });
  const program = loaded.value.program(index);
  const test = spec.kind === "main" ? undefined : program.name;
  const { output, progress } = listener;
  const done = await examine(program, {
    package: spec.package,
    settings,
    lines: sourceLines(),
    reachability: spec.reachability,
    ...optional({ test, output, progress, signal }),
  });
  return ok({ ...done, limits: [...spec.limits, ...done.limits] });
}
