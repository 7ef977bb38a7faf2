import { CHOICES_MISSING } from "../../explore/explorer.js";
import type { Examination } from "../../model/results/examination.js";
import { sameLeft } from "../../model/finding/finding-identity.js";
import type { Finding } from "../../model/finding/finding.js";
import { ofEveryStep } from "../../model/run/schedule.js";
import type { DrawnRun } from "../../model/run/schedule-picture.js";

/**
 * A program is explored without the standard library's steps that nobody else can notice, as its first runs show them
 * (host/ignored/local-sites.ts). Where a later run shows that somebody can, and nothing but that is missing for a complete
 * exploration, it is explored again with every step, for the time that is left.
 *
 * Schedules of the two have different steps, so those of the second say so (`u1e`, model/run/schedule.ts).
 */
export async function withEveryStep(first: Examination, again: (milliseconds: number) => Promise<Examination>): Promise<Examination> {
  if (first.coverage.stoppedBy !== CHOICES_MISSING) return first;
  const { milliseconds } = first.coverage;
  const second = markEveryStep(await again(milliseconds));
  const coverage = { ...second.coverage, milliseconds: milliseconds + second.coverage.milliseconds };
  // All that the first showed shows in one of all schedules.
  if (coverage.complete) return { ...first, findings: second.findings, limits: second.limits, coverage };
  const known = new Set(first.findings.map(sameLeft));
  return { ...first, findings: [...first.findings, ...second.findings.filter((one) => !known.has(sameLeft(one)))] };
}

/** Its schedules are of a program with every step. */
export function markEveryStep(examination: Examination): Examination {
  const { drawn } = examination;
  return { ...examination, findings: examination.findings.map(markFinding), ...(drawn === undefined ? {} : { drawn: markDrawn(drawn) }) };
}

function markFinding(finding: Finding): Finding {
  const { schedule, contrast, drawn } = finding;
  return {
    ...finding,
    ...(schedule === undefined ? {} : { schedule: ofEveryStep(schedule) }),
    ...(contrast === undefined ? {} : { contrast: { ...contrast, schedule: ofEveryStep(contrast.schedule) } }),
    ...(drawn === undefined ? {} : { drawn: markDrawn(drawn) }),
  };
}

function markDrawn({ picture, beside }: DrawnRun): DrawnRun {
  const mark = <P extends { readonly schedule: string }>(one: P): P => ({ ...one, schedule: ofEveryStep(one.schedule) });
  return { picture: mark(picture), ...(beside === undefined ? {} : { beside: { ...beside, picture: mark(beside.picture) } }) };
}
