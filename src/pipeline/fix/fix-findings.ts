import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { united } from "../../fix/apply-edits.js";
import type { Examination, Report } from "../../model/results/examination.js";
import { isNote, type Finding } from "../../model/finding/finding.js";
import type { FixOutcome, FixReport, FixTrial, PatchedFile, Propose, ProvedFix } from "../../model/results/fix.js";
import type { FixListener, FixRequest } from "./fix-request.js";
import { Mender, siteOf } from "./mender.js";
import { diffOf, patchedFiles } from "./patched-context.js";
import type { Defect, FixTarget, Prover } from "./trial.js";

/** What a language has of its own: who proposes, and who tries. */
interface FixTools {
  readonly propose: Propose;
  readonly prover: Prover;
}

/** What was explored, and how more is. */
export interface ExploredPrograms {
  readonly before: Report;
  readonly origin: FixReport["origin"];
  /** Whose findings are mended. */
  readonly counts: (program: Examination) => boolean;
  /** Gives both for as long as `use` lasts; only where there is something to mend. */
  readonly within: <T>(use: (tools: FixTools) => Promise<Result<T, string>>) => Promise<Result<T, string>>;
}

/** Proposes for each finding what may mend it, and keeps what is proved. Nothing is written here. */
export async function fixFindings({ before, origin, counts, within }: ExploredPrograms, request: FixRequest, listener: FixListener): Promise<Result<FixReport, string>> {
  const defects = defectsIn(before, counts, request);
  const programs = before.examinations.filter(counts);
  const explored = { programs: programs.length, complete: programs.filter(({ coverage }) => coverage.complete).length };
  if (defects.length === 0 || request.signal?.aborted === true) return ok({ origin, explored, outcomes: [], failures: before.failures, written: [] });
  return within(async ({ propose, prover }) => {
    const proposals = await propose(defects.map((defect) => siteOf(defect.map(({ finding }) => finding), request)));
    if (!proposals.ok) return err(proposals.error);
    const mender = new Mender({ prover, propose, request, listener });
    const trials: (readonly FixTrial[])[] = [];
    for (const [i, defect] of defects.entries()) trials.push(await mender.single(defect, proposals.value[i]!.candidates));
    for (const [i, defect] of defects.entries()) if (!trials[i]!.some(isProved)) trials[i] = [...trials[i]!, ...(await mender.byOthers(defect, firstPatches(trials, defects)))];
    for (const [i, defect] of defects.entries()) if (!trials[i]!.some(isProved)) trials[i] = [...trials[i]!, ...(await mender.composed(defect, trials[i]!))];
    const outcomes = defects.map((defect, i) => outcomeOf(defect, trials[i]!, proposals.value[i]!.refused));
    const wanted = request.choose === undefined ? outcomes : await chosenOf(outcomes, request.choose);
    const whole = await together(wanted, defects, { prover, request });
    const shown = outcomes.map((one, i) => (wanted[i]!.proved.length > 0 ? wanted[i]! : one));
    return ok({ origin, explored, outcomes: shown, failures: before.failures, written: [], ...optional({ together: whole, chosen: request.choose && wanted.filter(({ proved }) => proved.length > 0).length }) });
  });
}

function defectsIn({ examinations }: Report, counts: ExploredPrograms["counts"], { wanted, counts: isWrong = (finding) => !isNote(finding) }: FixRequest): readonly Defect[] {
  const byPlace = new Map<string, FixTarget[]>();
  for (const program of examinations) {
    if (!counts(program)) continue;
    for (const finding of program.findings) {
      if (!isWrong(finding) || wanted?.(finding) === false) continue;
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
async function together(outcomes: readonly FixOutcome[], defects: readonly Defect[], { prover, request }: { readonly prover: Prover; readonly request: FixRequest }): Promise<FixReport["together"]> {
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
    if (!isAlone && !("proof" in (await prover.try(next.value, all)))) continue;
    [edits, files] = [more, next.value];
    mends.push(outcome);
    targets.push(...defects[i]!);
  }
  return mends.length === 0 ? undefined : { diff: diffOf(files, request.root), files, mends };
}
