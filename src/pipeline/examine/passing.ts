import type { ClockPolicy } from "../../explore/fairness.js";
import { nearest } from "../../explore/nearest.js";
import type { RunEnd } from "../../explore/strategy.js";
import { isNote, type Finding } from "../../model/finding/finding.js";
import type { GoroutineName } from "../../model/ids.js";
import { scopeGoroutine } from "../../model/run/scope-goroutine.js";
import type { Program } from "../../model/run/program.js";
import type { Outcome } from "../../model/run/outcome.js";
import { contrastOf } from "./contrast.js";
import type { ExaminationTarget, TracedReplayer, TracedRun } from "./traced-replayer.js";

interface PassingSearch {
  readonly program: Program;
  readonly replayer: TracedReplayer;
  readonly clock: ClockPolicy;
  readonly subject: ExaminationTarget;
  /** True: no more time for it. */
  readonly enough: () => boolean;
}

/**
 * A test that fails in some schedules only, or panics, beside one in which it passes.
 *
 * P1. Only where the natural schedule passes: else there is a failure to mend before its schedules count.
 * P2. The other goes the same way for longest (nearest.ts): what decides is the choice at which the two part. Where none was
 *     met in time, it is the natural one.
 * P3. Not of a note: it is one line, and the search is up to 200 runs.
 */
export async function besidePassing({ program, replayer, clock, subject, enough }: PassingSearch, finding: Finding, here: TracedRun, natural: TracedRun): Promise<Finding> {
  if (subject.test === undefined || !isFailure(finding) || !passes(natural.outcome) || isNote(finding)) return finding; // P1, P3
  const schedule = await nearest(program, here.schedule, (end: RunEnd) => end.outcome !== undefined && passes(end.outcome), { clock, enough }); // P2
  const met = schedule && (await replayer.replay(schedule));
  const there = met?.ok === true && passes(met.value.outcome) ? met.value : natural;
  return there.trace.steps.length === 0 ? finding : { ...finding, contrast: contrastOf(subject, finding, here, there, failing(subject, finding, here)) };
}

/** The goroutine that the passing run is told about: the test's own, or the one that panics. */
const failing = (subject: ExaminationTarget, { verdict }: Finding, { trace, outcome }: TracedRun): GoroutineName =>
  (verdict === "panics" ? ((outcome.kind === "panic" ? outcome.goroutine : undefined) ?? trace.steps.findLast(({ acts }) => acts.length > 0)?.acts[0]?.goroutine) : undefined) ?? scopeGoroutine(subject);

/** Verdicts of the run itself, not of a goroutine that it leaves. */
const FAILS: ReadonlySet<Finding["verdict"]> = new Set(["flaky", "panics"]);
export const isFailure = (finding: Pick<Finding, "verdict"> | undefined): boolean => finding !== undefined && FAILS.has(finding.verdict);

export const passes = (outcome: Outcome): boolean => (outcome.kind === "quiescent" && outcome.exitCode === 0) || (outcome.kind === "horizon" && outcome.scopeOver);
