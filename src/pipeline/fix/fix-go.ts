import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { united } from "../../fix/apply-edits.js";
import { SKIPPED, type Examination, type Report } from "../../model/examination.js";
import { isNote, type Finding } from "../../model/finding.js";
import type { FixOutcome, FixReport, FixTrial, PatchedFile, ProvedFix } from "../../model/fix.js";
import { openFixTool } from "../../toolchain/go/fix-tool.js";
import { settingsOfPackage } from "../config/package-match.js";
import { buildModule, openBuildContext, type BuildContext, type BuildRequest } from "../go/build-context.js";
import { buildRequest, exploreGo, originOf } from "../go/run-go.js";
import { Pool } from "../pool/pool.js";
import type { FixListener, FixRequest } from "./fix-request.js";
import { Mender, siteOf } from "./mender.js";
import { diffOf, patchedFiles } from "./patched-context.js";
import { Prover, type Defect, type FixTarget, type UnpatchedPackage } from "./prover.js";

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
  const { cwd, patterns, signal } = request;
  const propose = await openFixTool(context.value.toolchain, { cwd, patterns, withTests: build.purpose === "tests", ...optional({ tags: build.tags, signal }) });
  if (!propose.ok) return propose;
  const proposals = await propose.value(defects.map((defect) => siteOf(defect.map(({ finding }) => finding), request.ways)));
  if (!proposals.ok) return proposals;
  const baselines = await baselinesOf(before, context.value, build, request);
  const pool = new Pool({ size: request.settings.workers, ...optional({ signal: request.signal }) });
  try {
    const prover = new Prover(context.value, build, pool);
    const mender = new Mender({ prover, baselines, propose: propose.value, request, listener });
    const trials: (readonly FixTrial[])[] = [];
    for (const [i, defect] of defects.entries()) trials.push(await mender.single(defect, proposals.value[i]!.candidates));
    for (const [i, defect] of defects.entries()) if (!trials[i]!.some(isProved)) trials[i] = [...trials[i]!, ...(await mender.byOthers(defect, firstPatches(trials, defects)))];
    for (const [i, defect] of defects.entries()) if (!trials[i]!.some(isProved)) trials[i] = [...trials[i]!, ...(await mender.composed(defect, trials[i]!))];
    const outcomes = defects.map((defect, i) => outcomeOf(defect, trials[i]!, proposals.value[i]!.refused));
    const wanted = request.choose === undefined ? outcomes : await chosenOf(outcomes, request.choose);
    const whole = await together(wanted, defects, { prover, baselines, request });
    const shown = outcomes.map((one, i) => (wanted[i]!.proved.length > 0 ? wanted[i]! : one));
    return ok({ origin, explored, outcomes: shown, failures: before.failures, written: [], ...optional({ together: whole, chosen: request.choose && wanted.filter(({ proved }) => proved.length > 0).length }) });
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

const isProved = (trial: FixTrial): trial is ProvedFix => "proof" in trial;

/** The patch that is shown of each finding that has one of its own. */
const firstPatches = (trials: readonly (readonly FixTrial[])[], defects: readonly Defect[]): readonly { readonly of: Finding["blocked"]; readonly trial: ProvedFix }[] =>
  trials.flatMap((some, i) => some.filter(isProved).slice(0, 1).flatMap((trial) => (trial.of === undefined ? [{ of: defects[i]![0]!.finding.blocked, trial }] : [])));

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

function outcomeOf(defect: Defect, trials: readonly FixTrial[], refused: FixOutcome["refused"]): FixOutcome {
  const programs = new Set(defect.map(({ program }) => program));
  return {
    findings: defect.map(({ finding }) => finding),
    seen: defect.reduce((sum, { finding }) => sum + (finding.seen ?? 0), 0),
    schedules: [...programs].reduce((sum, { coverage }: Examination) => sum + coverage.schedules, 0),
    proved: trials.filter(isProved),
    missed: trials.filter((trial) => "miss" in trial),
    refused,
  };
}

/** Each outcome with the patch that was chosen of it first; with none where none was. */
async function chosenOf(outcomes: readonly FixOutcome[], choose: NonNullable<FixRequest["choose"]>): Promise<readonly FixOutcome[]> {
  const wanted: FixOutcome[] = [];
  for (const outcome of outcomes) {
    const first = outcome.proved.length === 0 ? undefined : await choose(outcome);
    wanted.push({ ...outcome, proved: first === undefined ? [] : [first, ...outcome.proved.filter((one) => one !== first)] });
  }
  return wanted;
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
