import { optional } from "../../base/optional.js";
import { FAILED_FAST, type Examination, type ExaminationOrigin, type Failure, type Report } from "../../model/results/examination.js";
import { buildAgain, buildModule, openBuildContext, type BuildRequest } from "./build-context.js";
import { QUITS } from "../../host/quits.js";
import type { ResultCache } from "../results/result-cache.js";
import { ok, type Result } from "../../base/result.js";
import { programRef, type ModuleSpec } from "./module-spec.js";
import type { ExploreRequest, Listener } from "./explore-request.js";
import { joined, ProgramExplorer, type PackagePart } from "./program-explorer.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";
import type { BuiltTogether } from "../../toolchain/go/build-together.js";
import type { GoPackage } from "../../toolchain/go/packages.js";
import { settingsOfPackage } from "../config/package-match.js";
import { skipOf, skipped } from "../config/skips.js";
import { goTestTimeout } from "./go-test-timeout.js";
import { replaySelection } from "./test-selection.js";
import { Pool, type ExaminingPool } from "../pool/pool.js";

/**
 * The user's Go → built modules → programs → schedules → findings → the report. What cannot be done of it is in
 * `failures`, and the rest is done all the same.
 */
export async function exploreGo(request: ExploreRequest, listener: Listener): Promise<Report> {
  const build = buildRequest(request, listener);
  const buildContext = await openBuildContext(build);
  const asked = { package: request.patterns.join(" ") };
  if (!buildContext.ok) return { examinations: [], failures: isTotalOver(request) ? leftOut([asked], request) : [{ ...asked, message: buildContext.error }] };
  const { toolchain, packages, failures } = buildContext.value;
  const opened = await openPool(request);
  if (!opened.ok) return { examinations: [], failures: [{ ...asked, message: opened.error }] };
  const pool = opened.value;
  let again: BuiltTogether | undefined;
  try {
    const wanted = request.command === "run" ? packages : packages.filter(({ tests }) => tests.length > 0);
    const explorer = new ProgramExplorer(pool, request, listener, wanted.reduce((sum, pkg) => sum + pkg.tests.length, 0));
    const parts: Promise<PackagePart>[] = [];
    let listed: Promise<unknown> = Promise.resolve();
    again = await buildAgain(buildContext.value, wanted, build);
    const context = { ...buildContext.value, together: again.modules };
    for (const pkg of wanted) {
      if (request.signal?.aborted) break;
      // Go's own build uses all cores: one package is built at a time, while the programs of the last are explored.
      const settings = { ...settingsOfPackage(request.settings, request.overrides ?? [], pkg), ...(request.command === "test" ? optional({ timeout: goTestTimeout(request.nativeFlags) }) : {}) };
      const spec = await buildModule(context, pkg, { ...build, ...optional({ faults: settings.faults }) });
      explorer.isBuilding = pkg !== wanted.at(-1);
      if (spec.ok) {
        const programs = programNames(spec.value, pool, request.results?.cache);
        parts.push(explorePackage(spec.value, pkg, settings, { explorer, request, programs: listed.then(() => programs) }));
        listed = Promise.all([listed, programs]); // whichever thread lists them: the programs of the packages before are begun before
      } else if (!request.signal?.aborted) parts.push(Promise.resolve({ examinations: [], failures: [{ package: pkg.title, message: spec.error }], begun: true }));
    }
    const done = await Promise.all(parts);
    await explorer.furtherRounds();
    const examinations = explorer.results(done.flatMap((part) => part.examinations));
    const origin = { ...originOf(request, toolchain.version.text), ...packageFaults(wanted, request) };
    return { origin, ...together(request, { done, examinations, failures, unbuilt: wanted.slice(parts.length) }) };
  } finally {
    again?.close();
    await pool.close();
  }
}

/** What was done of a request's packages, and what was not. */
interface Explored {
  readonly done: readonly PackagePart[];
  readonly examinations: readonly Examination[];
  readonly failures: readonly Failure[];
  /** Packages that were not begun. */
  readonly unbuilt: readonly GoPackage[];
}

/** The report of it: what was left out is said. */
function together(request: ExploreRequest, { done, examinations, failures, unbuilt }: Explored): Pick<Report, "examinations" | "failures" | "leftOut"> {
  const all = [...failures, ...done.flatMap((part) => part.failures)];
  if (request.failFast?.ended.aborted === true) {
    const unbegun = done.reduce((sum, part) => sum + (part.left?.length ?? 0), 0) + unbuilt.reduce((sum, { tests }) => sum + Math.max(1, tests.length), 0);
    return { examinations: examinations.map(failedFast), ...(unbegun > 0 ? { leftOut: unbegun } : {}), failures: all };
  }
  const whole = unbuilt.length === 0 && done.every((part) => part.begun) && examinations.every(({ coverage }) => coverage.stoppedBy !== "interrupted");
  if (whole) return { examinations, failures: all };
  const left = [...done.flatMap((part) => part.left ?? []), ...unbuilt.map(({ title }) => ({ package: title }))];
  return { examinations, failures: [...all, ...(isTotalOver(request) ? leftOut(left, request) : [interrupted(request)])] };
}

/** This machine's threads; and, where there is a queue, all that share its work. */
async function openPool(request: ExploreRequest): Promise<Result<ExaminingPool, string>> {
  const { settings, signal, queue, env, threads } = request;
  const options = { size: settings.workers, ...optional({ signal, threads }) };
  if (queue === undefined) return ok(new Pool(options));
  const { openSharedPool } = await import("../queue/open-shared-pool.js"); // not needed, and not loaded, on one machine
  return openSharedPool(queue, env, options);
}

/** What was under way when something was found elsewhere. */
const failedFast = (one: Examination): Examination => (one.coverage.stoppedBy === "interrupted" ? { ...one, coverage: { ...one.coverage, stoppedBy: FAILED_FAST } } : one);

/** T4 (total-time.ts): the total ended it, not a signal. */
const isTotalOver = ({ total }: ExploreRequest): boolean => total?.ended.aborted === true;

/** T4: what was not begun, package by package. */
function leftOut(left: NonNullable<PackagePart["left"]>, { total }: ExploreRequest): readonly Failure[] {
  return [...new Set(left.map((one) => one.package))].map((path) => {
    const names = left.flatMap((one) => (one.package === path && one.program !== undefined ? [one.program] : []));
    const what = names.length === 0 ? NOT_BUILT : `${names.slice(0, MOST_NAMES).join(", ")}${names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ""}`;
    return { package: path, message: `left out when the total time ended (--total ${total?.text ?? ""}): ${what}` };
  });
}

const MOST_NAMES = 5;

/** Of a package whose programs are known nothing is left without a name. */
const NOT_BUILT = "its tests, which were not built by then (the first build on a machine takes the standard library, too)";

/** R1. An interrupted exploration is never clean: what it had not tried may hold leaks (exit code 2). */
const interrupted = ({ patterns }: ExploreRequest): Failure => ({ package: patterns.join(" "), message: "interrupted: what had not been explored by then has no verdict" });

/** Packages in which another number of things may go wrong: a replay must know it. */
function packageFaults(packages: readonly GoPackage[], { settings, overrides = [] }: ExploreRequest): Pick<ExaminationOrigin, "packageFaults"> {
  const differ = packages.flatMap((pkg) => {
    const { faults = 0 } = settingsOfPackage(settings, overrides, pkg);
    return faults === (settings.faults ?? 0) ? [] : [[pkg.title, faults] as const];
  });
  return differ.length === 0 ? {} : { packageFaults: Object.fromEntries(differ) };
}

interface Exploring {
  readonly explorer: ProgramExplorer;
  readonly request: ExploreRequest;
  /** Their names, once it is the package's turn. */
  readonly programs: Promise<Result<readonly string[], string>>;
}

/** Each program of a built package, in the pool; the results in the programs' own order. */
async function explorePackage(spec: ModuleSpec, pkg: GoPackage, settings: ExploreSettings, { explorer, request, programs: listing }: Exploring): Promise<PackagePart> {
  const programs = await listing;
  if (!programs.ok) return { examinations: [], failures: [{ package: spec.package, message: programs.error, ...(spec.kind === "tests" && programs.error.includes(QUITS) ? { onlyNatively: QUITS } : {}) }], begun: true };
  explorer.counts(programs.value.length - pkg.tests.length);
  return joined(await Promise.all(programs.value.map((name, position) => {
    const skip = request.command === "test" ? skipOf(name, pkg, request.skips ?? []) : undefined;
    return skip === undefined ? explorer.explore({ spec, name, which: programRef(spec, position), settings }) : explorer.leavesOut(skipped(spec.package, name, skip));
  })));
}

async function programNames(spec: ModuleSpec, pool: ExaminingPool, cache: ResultCache | undefined): Promise<Result<readonly string[], string>> {
  const kept = cache?.programs(spec);
  if (kept !== undefined) return ok(kept);
  const programs = await pool.programs(spec);
  if (programs.ok) cache?.keepPrograms(spec, programs.value);
  return programs;
}

export function buildRequest(request: ExploreRequest, listener: Listener): BuildRequest {
  const { command, cwd, env, patterns, args, tags, run, skip, bench, count, short, goVersion, settings, signal } = request;
  return {
    purpose: command === "run" ? "main" : "tests",
    cwd,
    env,
    patterns,
    args,
    ...optional({ tags, run, skip, bench, count, short, goVersion, signal, horizon: settings.horizon, faults: settings.faults, memory: settings.memory, progress: listener.building }),
  };
}

export function originOf(request: ExploreRequest, goVersion: string): ExaminationOrigin {
  const { command, patterns, args, tags, horizonText, unparkVersion, settings } = request;
  const faults = settings.faults === 0 ? undefined : settings.faults;
  return { command, unpark: unparkVersion, goVersion, packages: patterns, args, ...optional({ tags, horizon: horizonText, faults }), ...replaySelection(request) };
}
