import { nearest } from "../../explore/nearest.js";
import type { ClockPolicy } from "../../explore/fairness.js";
import type { RunEnd } from "../../explore/strategy.js";
import { isBlockedAt, isBlockedIn } from "../../model/finding/subjects.js";
import { at, userFrame } from "../../model/source/blame.js";
import type { Finding } from "../../model/finding/finding.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Program } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import { isLeft } from "./ended-goroutines.js";
import type { GoroutineLife } from "../../model/run/trace.js";
import { contrastOf } from "./contrast.js";
import type { ExaminationTarget, TracedReplayer, TracedRun } from "./traced-replayer.js";

interface StuckSearch {
  readonly program: Program;
  readonly replayer: TracedReplayer;
  readonly clock: ClockPolicy;
  readonly subject: ExaminationTarget;
  /** Schedules in which a goroutine of that name was gone at the end: the natural one, and those that the judge saw. */
  readonly others: (name: GoroutineName) => readonly Schedule[];
  /** True: no more time for it. */
  readonly enough?: () => boolean;
}

/** Runs with traces, which are slow, to spend on one finding. */
const MOST_TRACED = 12;
/** Of them, to find a better one than the first (K5). */
const BETTER = 4;

/**
 * Is what lingers in one schedule *stuck*: did the same goroutine end in another schedule of the same program?
 *
 * K1. Only of a run that came to rest with its scope passed: nothing in it can go on, and no timer is set. In a run that
 *     was cut off a later step might have woken the goroutine; after a failed assertion the test left its way out.
 * K2. The same goroutine: the same name (which child of which goroutine), started by the same `go` statement.
 * K3. In the other schedule fewer goroutines are left at that place. A pool that keeps one idle worker keeps now this
 *     one and now that one: none of them is stuck.
 * K4. Only of goroutines with a frame of the user's: what the standard library keeps (idle connections) merely outlives.
 * K5. The other schedule is rather one in which the goroutine comes by the place at which it waits here, and goes on, than
 *     one in which it took another way.
 */
export async function stuckBeside(search: StuckSearch, finding: Finding, traced: TracedRun): Promise<Finding | undefined> {
  if (finding.verdict !== "lingering" || !cameToFullRest(traced, search.subject.test === undefined)) return undefined;
  const left = traced.snapshot.goroutines.filter((goroutine) => isBlockedAt(goroutine, finding));
  for (const goroutine of left.slice(0, 3)) {
    if (goroutine.name === undefined || userFrame(goroutine.stack) === undefined) continue; // K4
    const other = await otherEnding(search, goroutine, goroutine.name, finding, traced, traced.snapshot.goroutines.filter((one) => isBlockedIn(one, finding.blocked)).length);
    if (other !== undefined) return stuck(search, finding, goroutine, traced, other);
  }
  return undefined;
}

/** K1 */
function cameToFullRest({ outcome, snapshot }: TracedRun, isMain: boolean): boolean {
  if (outcome.kind !== "quiescent" || (isMain && outcome.cutShort > 0)) return false;
  return snapshot.goroutines.every(({ state, sleep }) => (state === "waiting" || state === "io") && sleep === undefined);
}

async function otherEnding(search: StuckSearch, goroutine: Goroutine, name: GoroutineName, finding: Finding, traced: TracedRun, many: number): Promise<TracedRun | undefined> {
  let left = MOST_TRACED;
  let met: TracedRun | undefined;
  let best = false;
  const life = traced.trace.lives.find((one) => one.name === name);
  const isOther = async (schedule: Schedule): Promise<boolean> => {
    if (left-- <= 0 || search.enough?.() === true) return false;
    const replayed = await search.replayer.replay(schedule);
    if (!replayed.ok || replayed.value.outcome.kind !== "quiescent") return false;
    const other = replayed.value;
    const ended = other.trace.lives.some((one) => one.name === name && one.endedAt !== undefined && sameOrigin(one, life, goroutine)); // K2
    const there = other.snapshot.goroutines.filter((one) => isBlockedIn(one, finding.blocked)).length;
    if (!ended || there >= many) return false; // K3
    best = other.trace.steps.some(({ acts }) => acts.some((act) => act.goroutine === name && act.stack.some((frame) => frame.file === finding.blocked.file && frame.line === finding.blocked.line)));
    if (met === undefined || best) met = other;
    left = Math.min(left, BETTER);
    return best; // K5
  };
  const gone = (end: RunEnd): boolean => end.outcome?.kind === "quiescent" && !isLeft(end, name);
  await nearest(search.program, traced.schedule, (end) => gone(end) && isOther(end.schedule.slice()), { clock: search.clock, enough: () => left <= 0 || search.enough?.() === true });
  for (const schedule of best ? [] : search.others(name)) if (await isOther(schedule)) break;
  return met;
}

function sameOrigin(there: GoroutineLife, here: GoroutineLife | undefined, { createdBy }: Goroutine): boolean {
  const origin = here?.createdBy ?? createdBy;
  return there.createdBy !== undefined && origin !== undefined && there.createdBy.function === origin.function && there.createdBy.line === origin.line;
}

function stuck({ subject }: StuckSearch, finding: Finding, goroutine: Goroutine, here: TracedRun, there: TracedRun): Finding {
  const origin = goroutine.createdBy === undefined ? "" : `, started at ${at(goroutine.createdBy)},`;
  const evidence = [`the same goroutine${origin} ends in other schedules of this program; here nothing is left that could go on, and it waits`];
  const { unreachable: _, ...rest } = finding;
  return { ...rest, verdict: "stuck", evidence: [...finding.evidence, ...evidence], contrast: contrastOf(subject, finding, here, there, goroutine.name) };
}
