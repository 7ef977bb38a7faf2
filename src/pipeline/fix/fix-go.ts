import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { united } from "../../fix/apply-edits.js";
import { WAYS_OF } from "../../fix/ways.js";
import { SKIPPED, type Examination, type Report } from "../../model/examination.js";
import { isNote, type Finding } from "../../model/finding.js";
import type { FixOutcome, FixReport, FixTrial, MissedFix, PatchedFile, ProvedFix, Way } from "../../model/fix.js";
import { fixProposals, type FixProposals, type FixSite } from "../../toolchain/go/fix-tool.js";
import { settingsOfPackage } from "../config/package-match.js";
import { buildModule, openBuildContext, type BuildContext, type BuildRequest } from "../go/build-context.js";
import type { ExploreRequest, Listener } from "../go/explore-request.js";
import { buildRequest, exploreGo, originOf } from "../go/run-go.js";
import { Pool } from "../pool/pool.js";
import { diffOf, patchedFiles } from "./patched-context.js";
import { Prover, type UnpatchedPackage, type FixTarget } from "./prover.js";

export interface FixRequest extends ExploreRequest {
  /** Diffs are relative to it: the top of the repository, as `git apply` wants them. */
  readonly root: string;
  /** Only these findings: of a report that was written before. Undefined: all that fail. */
  readonly wanted?: (finding: Finding) => boolean;
  /** What the project's settings do not count is not mended. Default: what is a note. */
  readonly counts?: (finding: Finding) => boolean;
  /** Only these ways. */
  readonly ways?: readonly Way[];
}

export interface FixListener extends Listener {
  readonly trying?: (way: Way, finding: Finding) => void;
}

/** One blocked line, in whichever programs it was found. */
type Defect = readonly FixTarget[];

/** Explores, proposes for each finding what may mend it, and keeps what is proved. Nothing is written here. */
export async function fixGo(request: FixRequest, listener: FixListener): Promise<Result<FixReport, string>> {
  const before = await exploreGo(request, listener);
  const build = buildRequest(request, listener);
  const context = await openBuildContext(build);
  if (!context.ok) return err(context.error);
  const origin = before.origin ?? originOf(request, context.value.toolchain.version.text);
  const defects = defectsIn(before, request);
  const programs = before.examinations.filter(({ coverage }) => coverage.native !== true);
  const explored = { programs: programs.length, complete: programs.filter(({ coverage }) => coverage.complete).length };
  if (defects.length === 0 || request.signal?.aborted === true) return ok({ origin, explored, outcomes: [], failures: before.failures, written: [] });
  const proposals = await proposalsFor(defects, request, context.value, build);
  if (!proposals.ok) return proposals;
  const baselines = await baselinesOf(before, context.value, build, request);
  const pool = new Pool({ size: request.settings.workers, ...optional({ signal: request.signal }) });
  try {
    const prover = new Prover(context.value, build, pool);
    const known = new Map<string, FixTrial>();
    const outcomes: FixOutcome[] = [];
    for (const [i, defect] of defects.entries()) outcomes.push(await mend(defect, proposals.value[i]!, { prover, baselines, known, request, listener }));
    const whole = await together(outcomes, defects, { prover, baselines, request });
    return ok({ origin, explored, outcomes, failures: before.failures, written: [], ...optional({ together: whole }) });
  } finally {
    await pool.close();
  }
}

function defectsIn({ examinations }: Report, { wanted, counts = (finding) => !isNote(finding) }: FixRequest): readonly Defect[] {
  const byPlace = new Map<string, FixTarget[]>();
  for (const program of examinations) {
    if (program.coverage.native === true) continue;
    for (const finding of program.findings) {
      if (!counts(finding) || wanted?.(finding) === false) continue;
      const place = `${finding.blocked.file}:${finding.blocked.line}`;
      byPlace.set(place, [...(byPlace.get(place) ?? []), { program, finding }]);
    }
  }
  return [...byPlace.values()];
}

async function proposalsFor(defects: readonly Defect[], request: FixRequest, { toolchain }: BuildContext, { purpose, tags }: BuildRequest): Promise<Result<readonly FixProposals[], string>> {
  const sites = defects.map((defect) => siteOf(defect.map(({ finding }) => finding), request.ways));
  const { cwd, patterns, signal } = request;
  return fixProposals(toolchain, sites, { cwd, patterns, withTests: purpose === "tests", ...optional({ tags, signal }) });
}

function siteOf(findings: readonly Finding[], only: readonly Way[] | undefined): FixSite {
  // What panics or fails waits for nothing: no way here mends it.
  const ways = [...new Set(findings.flatMap(({ verdict, cause }) => (verdict === "panics" || verdict === "flaky" || verdict === "cut-short" ? [] : WAYS_OF[cause])))].filter((way) => only?.includes(way) ?? true);
  const started = findings.flatMap(({ createdBy }) => createdBy ?? []);
  const waiting = findings.flatMap(({ consequences = [] }) => consequences.flatMap(({ stack, createdBy }) => [...stack, ...(createdBy === undefined ? [] : [createdBy])]));
  return { ways, stack: findings[0]!.stack, others: [...started, ...waiting, ...findings.slice(1).flatMap(({ stack }) => stack)] };
}

/** The builds without a patch: from the cache, for they were explored. */
async function baselinesOf({ examinations }: Report, context: BuildContext, build: BuildRequest, { settings: usual, overrides = [] }: FixRequest): Promise<readonly UnpatchedPackage[]> {
  const baselines: UnpatchedPackage[] = [];
  for (const pkg of context.packages) {
    const settings = settingsOfPackage(usual, overrides, pkg);
    const spec = await buildModule(context, pkg, { ...build, ...optional({ faults: settings.faults }) });
    const own = examinations.filter((one) => spec.ok && one.package === spec.value.package && one.coverage.native !== true && one.coverage.stoppedBy !== SKIPPED);
    if (spec.ok && own.length > 0) baselines.push({ pkg, wasm: spec.value.wasm, settings, examinations: own });
  }
  return baselines;
}

interface Workshop {
  readonly prover: Prover;
  readonly baselines: readonly UnpatchedPackage[];
  readonly request: FixRequest;
}

/** `known`: what came of a patch for another finding at which it was tried, by its edits. */
async function mend(defect: Defect, { candidates, refused }: FixProposals, { prover, baselines, known, request, listener }: Workshop & { readonly known: Map<string, FixTrial>; readonly listener: FixListener }): Promise<FixOutcome> {
  const trials: FixTrial[] = [];
  for (const candidate of candidates) {
    if (request.signal?.aborted === true) break;
    listener.trying?.(candidate.way, defect[0]!.finding);
    const files = patchedFiles(candidate.edits);
    if (!files.ok) continue;
    const key = JSON.stringify([candidate.edits, defect.map(({ program, finding }) => [program.package, program.name, finding.blocked])]);
    const trial = known.get(key) ?? { candidate, diff: diffOf(files.value, request.root), ...(await prover.try(files.value, defect, baselines)) };
    known.set(key, trial);
    trials.push(trial);
  }
  const programs = new Set(defect.map(({ program }) => program));
  return {
    findings: defect.map(({ finding }) => finding),
    seen: defect.reduce((sum, { finding }) => sum + (finding.seen ?? 0), 0),
    schedules: [...programs].reduce((sum, { coverage }: Examination) => sum + coverage.schedules, 0),
    proved: trials.filter((trial): trial is ProvedFix => "proof" in trial),
    missed: trials.filter((trial): trial is MissedFix => "miss" in trial),
    refused,
  };
}

/** The first patch of each outcome, one after the other as long as they hold together. */
async function together(outcomes: readonly FixOutcome[], defects: readonly Defect[], { prover, baselines, request }: Workshop): Promise<FixReport["together"]> {
  let files: readonly PatchedFile[] = [];
  let edits: readonly ProvedFix["candidate"]["edits"][number][] = [];
  const mends: FixOutcome[] = [];
  const targets: FixTarget[] = [];
  for (const [i, outcome] of outcomes.entries()) {
    const [first] = outcome.proved;
    if (first === undefined) continue;
    const more = united([edits, first.candidate.edits]);
    const next = patchedFiles(more);
    if (!next.ok) continue;
    const isAlone = mends.length === 0;
    const all = [...targets, ...defects[i]!];
    if (!isAlone && !("proof" in (await prover.try(next.value, all, baselines)))) continue;
    [edits, files] = [more, next.value];
    mends.push(outcome);
    targets.push(...defects[i]!);
  }
  return mends.length === 0 ? undefined : { diff: diffOf(files, request.root), files, mends };
}
