import { optional } from "../../base/optional.js";
import { formatChoice } from "../../model/run/choice.js";
import { functionOf } from "../../diagnose/run/syntax.js";
import type { Finding } from "../../model/finding/finding.js";
import { parseSchedule, type Schedule } from "../../model/run/schedule.js";
import type { DrawnRun, SchedulePicture } from "../../model/run/schedule-picture.js";
import type { Frame } from "../../model/goroutine/stack.js";
import type { ParameterSyntax } from "../../model/source/syntax.js";
import { schedulePicture } from "../../report/schedule/picture.js";
import { isFailure, passes } from "./passing.js";
import type { ExaminationTarget, TracedReplayer, TracedRun } from "./traced-replayer.js";

/** The run of a finding as a picture; beside it one in which the same goroutine ends, or the test passes: the finding's contrast, else the natural one. */
export async function drawnRun(traced: TracedRun, finding: Finding | undefined, natural: TracedRun | undefined, replayer: TracedReplayer, target: ExaminationTarget): Promise<DrawnRun> {
  const context = { package: target.package, closedWorld: false, lines: target.lines, ...optional({ syntax: target.syntax }) };
  const signature = (frame: Frame): readonly ParameterSyntax[] | undefined => functionOf(context, frame)?.syntax.signature;
  const draw = ({ trace, snapshot, schedule }: TracedRun, about: Finding | undefined): SchedulePicture =>
    schedulePicture({ trace, snapshot, lines: target.lines, signature, ...optional({ finding: about, test: target.test, scope: target.scope }) }, target.test ?? target.package, schedule);
  const picture = draw(traced, finding);
  const subjects = picture.lanes.flatMap(({ end, name }) => (end === "subject" ? [name] : []));
  const other = await otherRun(finding, natural, replayer);
  if (other === undefined) return { picture };
  const beside = draw(other.run, undefined);
  const title = isFailure(finding) ? (passes(other.run.outcome) ? "the test passes" : undefined) : endsThere(subjects, beside);
  return { picture, ...(title === undefined ? {} : { beside: { title: `${other.title}: there ${title}`, picture: beside, partsAt: firstDifference(traced.schedule, other.run.schedule) } }) };
}

/** Undefined where some of them are left there, too. */
function endsThere(subjects: readonly string[], { lanes }: SchedulePicture): string | undefined {
  if (subjects.length === 0 || !subjects.every((name) => lanes.some((lane) => lane.name === name && lane.to !== undefined))) return undefined;
  return subjects.length === 1 ? `goroutine ${subjects[0]} ends` : "they end";
}

async function otherRun(finding: Finding | undefined, natural: TracedRun | undefined, replayer: TracedReplayer): Promise<{ readonly title: string; readonly run: TracedRun } | undefined> {
  if (finding?.contrast !== undefined) {
    const schedule = parseSchedule(finding.contrast.schedule);
    const run = schedule.ok ? await replayer.replay(schedule.value) : schedule;
    if (run.ok) return { title: "Another schedule of the same program", run: run.value };
  }
  return natural && { title: "The natural schedule", run: natural };
}

/** Counted from 1. */
function firstDifference(a: Schedule, b: Schedule): number {
  let step = 0;
  while (step < a.length && step < b.length && formatChoice(a[step]!) === formatChoice(b[step]!)) step++;
  return step + 1;
}
