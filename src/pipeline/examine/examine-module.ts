import type { MessagePort } from "node:worker_threads";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { help } from "../../explore/workers/helper.js";
import type { GoModule } from "../../host/go-module.js";
import type { Examination, Failure } from "../../model/results/examination.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Program } from "../../model/run/program.js";
import { examine } from "./examine.js";
import type { ExamineOptions, SubtestSource } from "./examine-options.js";
import type { RaceSource } from "./data-races.js";
import { raceSource } from "./watched-module.js";
import { withEveryStep } from "./every-step.js";
import { loadModule, type Load } from "../go/load-module.js";
import { programOf, scopeOf, isFuzzTarget, type ModuleSpec, type ProgramRef } from "../go/module-spec.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";
import { goSyntax } from "../../toolchain/go/syntax-tool.js";
import { sourceLines } from "./source-lines.js";
import { namingBlocked } from "./bubble-deadlock.js";
import { TracedReplayer, type ExaminationTarget } from "./traced-replayer.js";
import { outOfReach } from "./missing-capabilities.js";

/**
 * The module that was loaded last. The programs of one module share one start, which compiles it and runs its init
 * functions: with hundreds of tests that is most of the time. Every run begins with a copy of that start (host/go-program.ts).
 */
export class LastModule {
  #spec = "";
  readonly #modules = new Map<boolean, GoModule>();

  readonly load: Load = (spec, watched = false) => {
    const key = JSON.stringify(spec);
    if (this.#spec !== key) this.#modules.clear();
    this.#spec = key;
    const known = this.#modules.get(watched);
    if (known !== undefined) return ok(known);
    const loaded = loadModule(spec, watched);
    if (loaded.ok) this.#modules.set(watched, loaded.value);
    return loaded;
  };
}

type Watching = Pick<ExamineOptions, "output" | "progress" | "signal" | "helpers">;

/** One program of a module, examined in this thread, with whoever helps. */
export async function examineModule(spec: ModuleSpec, which: ProgramRef, settings: ExploreSettings, watching: Watching, load: Load = loadModule): Promise<Result<Examination, Failure>> {
  const opened = open(spec, which, load);
  if (!opened.ok) return err({ package: spec.package, message: opened.error });
  const { program, subject, module } = opened.value;
  module.inputs.begin();
  const subtests = spec.kind === "main" ? {} : { subtests: subtestsOf(module, which) };
  const races = (ref: ProgramRef): RaceSource =>
    raceSource(() => {
      const watched = load(spec, true);
      return watched.ok ? watched.value : undefined;
    }, ref);
  const common = { ...subject, ...subtests, isFastUntraced: true };
  const first = await examine(program, { ...common, settings, ...watching, races: races(which) });
  const done = await withEveryStep(first, (spent) => {
    const every = { ...which, everyStep: true as const };
    const { signal, progress } = watching; // helpers have the other program
    return examine(programOf(module, every), { ...common, settings: { ...settings, budget: Math.max(0, settings.budget - spent) }, races: races(every), ...optional({ signal, progress }) });
  });
  const missing = outOfReach(done);
  if (missing !== undefined && done.subtests === undefined) return err({ package: spec.package, ...optional({ test: subject.test }), ...missing });
  // One of its subtests lacks something: that one says so by itself.
  return ok({ ...done, ...(missing === undefined ? {} : { outcome: "no verdict" }), inputs: module.inputs.all, limits: [...spec.limits, ...done.limits] });
}

const subtestsOf = (module: GoModule, { index, subtest }: ProgramRef): SubtestSource => ({
  isFuzz: subtest === undefined && isFuzzTarget(module.tests[index] ?? ""),
  seen: () => module.subtests.filter((name) => Buffer.byteLength(name) <= LONGEST_NAME),
  list: module.program(index, { list: subtest }),
});

/** go/testing/unpark.go, unparkPartText */
const LONGEST_NAME = 4096;

/** Helps another thread to examine a program, until that one has enough of it or `recalled` says so. */
export function helpModule(spec: ModuleSpec, which: ProgramRef, port: MessagePort, recalled: AbortSignal, load: Load = loadModule): Promise<void> {
  return help(
    port,
    ({ context }) => {
      const opened = open(spec, which, load);
      if (!opened.ok) throw new Error(opened.error);
      const { program, subject } = opened.value;
      const judge = new TracedReplayer(program, subject).judge(context as Outcome);
      return { program, judge: (end) => judge.judge(end) };
    },
    recalled,
  );
}

function open(spec: ModuleSpec, which: ProgramRef, load: Load): Result<{ readonly program: Program; readonly subject: ExaminationTarget; readonly module: GoModule }, string> {
  const loaded = load(spec);
  if (!loaded.ok) return loaded;
  const program = programOf(loaded.value, which);
  const test = spec.kind === "main" ? undefined : program.name;
  const { package: path, reachability } = spec;
  return ok({ program, module: loaded.value, subject: { package: path, naming: namingBlocked, lines: sourceLines(), syntax: goSyntax(spec.syntaxTool), testsOnly: spec.testsOnly === true, reachability, ...optional({ test, scope: scopeOf(test) }) } });
}
