import type { MessagePort } from "node:worker_threads";
import { err, ok, type Result } from "../../base/result.js";
import { help } from "../../explore/workers/helper.js";
import type { Examination, Failure } from "../../model/examination.js";
import type { Outcome } from "../../model/outcome.js";
import type { Program } from "../../model/program.js";
import { optional } from "../go/build-context.js";
import { examine, type ExamineOptions } from "./examine.js";
import { loadModule, type ModuleSpec } from "../go/module-spec.js";
import type { Settings } from "../config/settings.js";
import { goSyntax } from "../../toolchain/go/syntax-tool.js";
import { sourceLines } from "./source-lines.js";
import { TracedReplayer, type ExaminationTarget } from "./traced-replayer.js";
import { missingOf } from "./missing-capabilities.js";

/** Which programs a module holds: -1 for a main, the number of each test that `-run` lets through. */
export function programsOf(spec: ModuleSpec): Result<readonly number[], string> {
  const loaded = loadModule(spec);
  if (!loaded.ok) return loaded;
  return ok(spec.kind === "main" ? [-1] : loaded.value.tests.map((_, index) => index));
}

export type Watching = Pick<ExamineOptions, "output" | "progress" | "signal" | "hands">;

/** One program of a module, examined in this thread, with whoever helps. */
export async function examineModule(spec: ModuleSpec, index: number, settings: Settings, watching: Watching): Promise<Result<Examination, Failure>> {
  const opened = open(spec, index);
  if (!opened.ok) return err({ package: spec.package, message: opened.error });
  const { program, subject } = opened.value;
  const done = await examine(program, { ...subject, settings, ...watching });
  const missing = missingOf(done);
  if (missing !== undefined) return err({ package: spec.package, ...optional({ test: subject.test }), message: missing });
  return ok({ ...done, limits: [...spec.limits, ...done.limits] });
}

/** Helps another thread to examine a program, until that one has enough of it or `recalled` says so. */
export function helpModule(spec: ModuleSpec, index: number, port: MessagePort, recalled: AbortSignal): Promise<void> {
  return help(
    port,
    ({ context }) => {
      const opened = open(spec, index);
      if (!opened.ok) throw new Error(opened.error);
      const { program, subject } = opened.value;
      const judge = new TracedReplayer(program, subject).judge(context as Outcome);
      return { program, judge: (end) => judge.judge(end) };
    },
    recalled,
  );
}

function open(spec: ModuleSpec, index: number): Result<{ readonly program: Program; readonly subject: ExaminationTarget }, string> {
  const loaded = loadModule(spec);
  if (!loaded.ok) return loaded;
  const program = loaded.value.program(index);
  const test = spec.kind === "main" ? undefined : program.name;
  const { package: path, reachability } = spec;
  return ok({ program, subject: { package: path, lines: sourceLines(), syntax: goSyntax(spec.syntaxTool), reachability, ...optional({ test }) } });
}
