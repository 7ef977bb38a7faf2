import { optional } from "../../base/optional.js";
import type { Contrast, Finding } from "../../model/finding/finding.js";
import type { GoroutineName } from "../../model/ids.js";
import { sameChoice } from "../../model/run/choice.js";
import { formatSchedule } from "../../model/run/schedule.js";
import { readableStep, readableSteps, type Story } from "../../report/exploration/steps.js";
import type { ExaminationTarget, TracedRun } from "./traced-replayer.js";

/** A run that shows a finding, beside another of the same program that does not; `about`: the goroutine that the other is told about. */
export function contrastOf(subject: ExaminationTarget, finding: Finding, here: TracedRun, there: TracedRun, about?: GoroutineName): Contrast {
  const step = here.schedule.findIndex((choice, i) => there.schedule[i] === undefined || !sameChoice(choice, there.schedule[i]));
  const storyOf = ({ trace, snapshot }: TracedRun, told: Pick<Story, "finding" | "about">): Story => ({ trace, snapshot, lines: subject.lines, ...told, ...optional({ test: subject.test, scope: subject.scope }) });
  const [own, steps] = [readableSteps(storyOf(here, { finding })), readableSteps(storyOf(there, optional({ about })))];
  return {
    schedule: formatSchedule(there.schedule),
    steps,
    partsAt: step + 1,
    here: own.find(({ number }) => number === step + 1) ?? readableStep(storyOf(here, { finding }), step),
    there: steps.find(({ number }) => number === step + 1) ?? readableStep(storyOf(there, {}), step),
  };
}
