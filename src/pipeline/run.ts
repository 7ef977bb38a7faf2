import type { BuildProgress } from "../toolchain/build.js";
import type { Examination, Failure, Origin, Report } from "../model/examination.js";
import { buildModule, openWorkshop, optional, type BuildRequest } from "./build.js";
import { examineModule, programsOf } from "./examine-module.js";
import type { Progress, Settings } from "./settings.js";

/** What `unpark run` and `unpark test` are asked for. */
export interface Request {
  readonly command: "run" | "test";
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Package patterns, or Go files. */
  readonly patterns: readonly string[];
  readonly args: readonly string[];
  readonly tags?: string;
  readonly run?: string;
  readonly short?: boolean;
  /** As given, for the report: `10m`. */
  readonly horizonText?: string;
  readonly settings: Settings;
  readonly unparkVersion: string;
  readonly signal?: AbortSignal;
}

/** Who listens while it goes on. */
export interface Listener {
  readonly output?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
  readonly building?: (event: BuildProgress) => void;
  readonly progress?: (progress: Progress) => void;
  /** A program is done. */
  readonly examined?: (examination: Examination) => void;
}

/**
 * The user's Go → built modules → programs → schedules → findings → the report. What cannot be done of it is in
 * `failures`, and the rest is done all the same.
 */
export async function exploreGo(request: Request, listener: Listener): Promise<Report> {
  const build = buildRequest(request, listener);
  const workshop = await openWorkshop(build);
  if (!workshop.ok) return { examinations: [], failures: [{ package: request.patterns.join(" "), message: workshop.error }] };
  const { toolchain, packages } = workshop.value;
  const examinations: Examination[] = [];
  const failures: Failure[] = [...workshop.value.failures];
  for (const pkg of packages) {
    if (request.signal?.aborted) break;
    if (request.command === "test" && pkg.tests.length === 0) continue;
    const spec = await buildModule(workshop.value, pkg, build);
    if (!spec.ok) {
      if (!request.signal?.aborted) failures.push({ package: pkg.title, message: spec.error });
      continue;
    }
    const programs = programsOf(spec.value);
    if (!programs.ok) failures.push({ package: pkg.title, message: programs.error });
    else for (const index of programs.value) {
      if (request.signal?.aborted) break;
      const done = await examineModule(spec.value, index, request.settings, listener, request.signal);
      if (done.ok) {
        examinations.push(done.value);
        listener.examined?.(done.value);
      } else failures.push(done.error);
    }
  }
  return { origin: originOf(request, toolchain.version.text), examinations, failures };
}

export function buildRequest(request: Request, listener: Listener): BuildRequest {
  const { command, cwd, env, patterns, args, tags, run, short, settings, signal } = request;
  return {
    purpose: command === "run" ? "main" : "tests",
    cwd,
    env,
    patterns,
    args,
    ...optional({ tags, run, short, signal, horizon: settings.horizon, progress: listener.building }),
  };
}

export function originOf({ command, patterns, args, tags, short, horizonText, unparkVersion }: Request, goVersion: string): Origin {
  return { command, unpark: unparkVersion, goVersion, packages: patterns, args, ...optional({ tags, short, horizon: horizonText }) };
}
