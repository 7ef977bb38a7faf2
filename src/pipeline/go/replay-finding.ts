import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import type { Examination, Failure, Report } from "../../model/results/examination.js";
import { hasEveryStep, parseSchedule, type Schedule } from "../../model/run/schedule.js";
import { buildModule, openBuildContext } from "./build-context.js";
import { markEveryStep } from "../examine/every-step.js";
import { namingBlocked } from "../examine/bubble-deadlock.js";
import { replayProgram } from "./replay-program.js";
import { settingsOfPackage } from "../config/package-match.js";
import { loadModule } from "./load-module.js";
import { programCalled, programOf, scopeOf, type ModuleSpec, type ProgramRef } from "./module-spec.js";
import { selectionOf } from "./test-selection.js";
import { buildRequest, originOf } from "./run-go.js";
import type { Listener, ExploreRequest } from "./explore-request.js";
import { goSyntax } from "../../toolchain/go/syntax-tool.js";
import { sourceLines } from "../examine/source-lines.js";

interface ReplayRequest extends ExploreRequest {
  /** Printable. */
  readonly schedule: string;
  /** The test that it is a schedule of; undefined for a `main`. */
  readonly test?: string;
}

/** Builds the program again and does one schedule of it, step by step. What does not fit is a failure in words. */
export async function replayGo(request: ReplayRequest, listener: Listener): Promise<Report> {
  const name = request.patterns.join(" ");
  const failed = (message: string): Report => ({ examinations: [], failures: [{ package: name, message, ...optional({ test: request.test }) }] });
  const schedule = parseSchedule(request.schedule);
  if (!schedule.ok) return failed(schedule.error);
  const selected = request.test === undefined ? request : { ...request, ...selectionOf(request.test, request) };
  const build = buildRequest(selected, listener);
  const buildContext = await openBuildContext(build);
  if (!buildContext.ok) return failed(buildContext.error);
  const { packages, failures, toolchain } = buildContext.value;
  const [pkg, ...more] = packages;
  if (!pkg) return { examinations: [], failures: failures.length > 0 ? failures : [{ package: name, message: "there is no such package" }] };
  if (more.length > 0) return failed(`a schedule is one program's, but ${name} matches ${packages.length} packages: name one`);
  const { faults } = settingsOfPackage(request.settings, request.overrides ?? [], pkg);
  const spec = await buildModule(buildContext.value, pkg, { ...build, ...optional({ faults }) });
  if (!spec.ok) return failed(spec.error);
  const done = await replayModule(spec.value, schedule.value, request, listener);
  if (!done.ok) return { ...failed(""), failures: [done.error] };
  return { origin: originOf(request, toolchain.version.text), examinations: [done.value], failures: [] };
}

async function replayModule(spec: ModuleSpec, schedule: Schedule, request: ReplayRequest, listener: Listener): Promise<Result<Examination, Failure>> {
  const { test } = request;
  const failure = (message: string) => err({ package: spec.package, message, ...optional({ test }) });
  const loaded = loadModule(spec);
  if (!loaded.ok) return failure(loaded.error);
  const called = test === undefined ? { index: -1 } : programCalled(loaded.value.tests, test);
  if (called === undefined) return failure(`there is no test ${test} in ${spec.package}`);
  const program: ProgramRef = hasEveryStep(request.schedule) ? { ...called, everyStep: true } : called;
  const done = await replayProgram(programOf(loaded.value, program), schedule, {
    package: spec.package,
    naming: namingBlocked,
    lines: sourceLines(),
    syntax: goSyntax(spec.syntaxTool),
    testsOnly: spec.testsOnly === true,
    reachability: spec.reachability,
    ...optional({ test, scope: scopeOf(test), output: listener.output }),
  });
  if (!done.ok) return failure(done.error);
  return ok(program.everyStep ? markEveryStep(done.value) : done.value);
}
