import { optional } from "../../base/optional.js";
import type { BuildProgress } from "../../toolchain/go/build.js";
import type { Examination, Failure, ExaminationOrigin, Report } from "../../model/examination.js";
import { buildModule, openBuildContext, type BuildRequest } from "./build-context.js";
import { programRef, programsOf } from "../examine/examine-module.js";
import { besideSubtests, inWhole } from "../examine/splitting.js";
import { suffices, withKept, type ResultCache } from "../results/result-cache.js";
import { ok, type Result } from "../../base/result.js";
import type { ModuleSpec, ProgramRef } from "./module-spec.js";
import { replaySelection, type TestSelection } from "./test-selection.js";
import { Pool } from "../pool/pool.js";
import type { Progress, Settings } from "../config/settings.js";

/** What `unpark run` and `unpark test` are asked for. */
export interface ExploreRequest extends TestSelection {
  readonly command: "run" | "test";
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Package patterns, or Go files. */
  readonly patterns: readonly string[];
  readonly args: readonly string[];
  readonly tags?: string;
  /** The Go that a recorded schedule was made with; by default the one that `go` chooses. */
  readonly goVersion?: string;
  /** As given, for the report: `10m`. */
  readonly horizonText?: string;
  readonly settings: Settings;
  readonly unparkVersion: string;
  readonly signal?: AbortSignal;
  /** Results of earlier runs; undefined: everything is explored anew. */
  readonly results?: ResultUse;
}

/** `further`: what is not complete is explored on, with random numbers that were not used before. */
export interface ResultUse {
  readonly cache: ResultCache;
  readonly further: boolean;
}

/** Who listens while it goes on. */
export interface Listener {
  readonly output?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void | Promise<void>;
  readonly building?: (event: BuildProgress) => void;
  readonly progress?: (progress: Progress) => void;
  /** A program is done. */
  readonly examined?: (examination: Examination) => void;
}

/**
 * The user's Go → built modules → programs → schedules → findings → the report. What cannot be done of it is in
 * `failures`, and the rest is done all the same.
 */
export async function exploreGo(request: ExploreRequest, listener: Listener): Promise<Report> {
  const build = buildRequest(request, listener);
  const workshop = await openBuildContext(build);
  if (!workshop.ok) return { examinations: [], failures: [{ package: request.patterns.join(" "), message: workshop.error }] };
  const { toolchain, packages, failures } = workshop.value;
  const pool = new Pool({ size: request.settings.workers, ...optional({ signal: request.signal }) });
  try {
    const wanted = request.command === "run" ? packages : packages.filter(({ tests }) => tests.length > 0);
    const parts: Promise<PackagePart>[] = [];
    for (const pkg of wanted) {
      if (request.signal?.aborted) break;
      // Go's own build uses all cores: one package is built at a time, while the programs of the last are explored.
      const spec = await buildModule(workshop.value, pkg, build);
      if (spec.ok) parts.push(explorePackage(spec.value, pool, request, listener));
      else if (!request.signal?.aborted) parts.push(Promise.resolve({ examinations: [], failures: [{ package: pkg.title, message: spec.error }], begun: true }));
    }
    const done = await Promise.all(parts);
    const examinations = done.flatMap((part) => part.examinations);
    const whole = parts.length === wanted.length && done.every((part) => part.begun) && examinations.every(({ coverage }) => coverage.stoppedBy !== "interrupted");
    return {
      origin: originOf(request, toolchain.version.text),
      examinations,
      failures: [...failures, ...done.flatMap((part) => part.failures), ...(whole ? [] : [interrupted(request)])],
    };
  } finally {
    await pool.close();
  }
}

interface PackagePart extends Pick<Report, "examinations" | "failures"> {
  /** Every program was begun before the signal said to end. */
  readonly begun: boolean;
}

/** R1. An interrupted exploration is never clean: what it had not tried may hold leaks (exit code 2). */
const interrupted = ({ patterns }: ExploreRequest): Failure => ({ package: patterns.join(" "), message: "interrupted: what had not been explored by then has no verdict" });

/** Each program of a built package, in the pool; the results in the programs' own order. */
async function explorePackage(spec: ModuleSpec, pool: Pool, request: ExploreRequest, listener: Listener): Promise<PackagePart> {
  const programs = programNames(spec, request.results?.cache);
  if (!programs.ok) return { examinations: [], failures: [{ package: spec.package, message: programs.error }], begun: true };
  const explore: Explore = (name, which) => exploreProgram(spec, name, which, pool, request, listener);
  return joined(await Promise.all(programs.value.map((name, position) => withSubtests(name, programRef(spec, position), explore, listener))));
}

type Explore = (name: string, which: ProgramRef) => Promise<Result<Examination, Failure> | undefined>;

/** A program and, behind it, its subtests where it is explored by these (examine/splitting.ts). */
async function withSubtests(name: string, which: ProgramRef, explore: Explore, listener: Listener, above?: Examination): Promise<PackagePart> {
  const result = await explore(name, which);
  if (result === undefined) return { examinations: [], failures: [], begun: false };
  if (!result.ok) return { examinations: [], failures: [result.error], begun: true };
  const whole = above === undefined ? result.value : inWhole(above, result.value);
  listener.examined?.(whole);
  const below = joined(await Promise.all((whole.subtests ?? []).map((subtest) => withSubtests(subtest, { ...which, subtest }, explore, listener, whole))));
  return { ...below, examinations: [besideSubtests(whole, below.examinations), ...below.examinations] };
}

const joined = (parts: readonly PackagePart[]): PackagePart => ({
  examinations: parts.flatMap(({ examinations }) => examinations),
  failures: parts.flatMap(({ failures }) => failures),
  begun: parts.every(({ begun }) => begun),
});

function programNames(spec: ModuleSpec, cache: ResultCache | undefined): Result<readonly string[], string> {
  const kept = cache?.programs(spec);
  if (kept !== undefined) return ok(kept);
  const programs = programsOf(spec);
  if (programs.ok) cache?.keepPrograms(spec, programs.value);
  return programs;
}

/** An earlier result where it suffices; else another round, on top of what is kept where there is something. */
async function exploreProgram(spec: ModuleSpec, name: string, which: ProgramRef, pool: Pool, request: ExploreRequest, listener: Listener): Promise<Result<Examination, Failure> | undefined> {
  const { settings, results } = request;
  if (results === undefined) return pool.examine(spec, which, settings, listener);
  const { cache, further } = results;
  const kept = cache.find(spec, name, settings);
  if (kept !== undefined && suffices(kept, settings.budget) && !(further && !kept.examination.coverage.complete)) {
    const { examination } = kept;
    return ok({ ...examination, coverage: { ...examination.coverage, cached: true } });
  }
  const result = await pool.examine(spec, which, { ...settings, seed: settings.seed + (kept?.rounds ?? 0) }, listener);
  if (!result?.ok) return result;
  const next = kept === undefined ? { examination: result.value, budget: settings.budget, rounds: 1 } : withKept(kept, result.value, settings.budget);
  cache.keep(spec, name, settings, next);
  return ok(next.examination);
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
