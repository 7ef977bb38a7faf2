import { NOT_EVERY_ORDER, type Examination } from "../model/results/examination.js";
import type { Finding } from "../model/finding/finding.js";
import { acrossBuilds, sameAcrossBuilds } from "../model/finding/finding-identity.js";
import type { FixMiss } from "../model/results/fix.js";

/**
 * What does not hold of one program with a patch, beside how it was without; undefined: all holds.
 *
 * P1. None of `gone` shows in any schedule, and nothing that did not show before: of any verdict, notes included. A leak
 *     that has become a goroutine which something can still reach is not mended.
 *     Of a test that failed in each schedule before, a failure is nothing new.
 * P2. As many schedules as before; all, where all were tried before.
 * P3. It ends as before, or passes; and nothing was left unsaid that had been said before (a finding that did not replay).
 */
export function missOf(before: Examination, after: Examination, gone: readonly Finding[]): FixMiss | undefined {
  return newFinding(before, after, gone) ?? worseOutcome(before, after) ?? fewerSchedules(before, after);
}

/** P1: of a part of the exploration, too. */
export function newFinding(before: Examination, after: Examination, gone: readonly Finding[]): FixMiss | undefined {
  const may = new Map<string, number>();
  for (const finding of before.findings) may.set(keyOf(finding), (may.get(keyOf(finding)) ?? 0) + 1);
  for (const finding of gone) may.set(keyOf(finding), (may.get(keyOf(finding)) ?? 0) - 1);
  const targets = new Set(gone.map(placeOf));
  for (const finding of after.findings) {
    if (finding.verdict === "flaky" && before.outcome === "failed") continue;
    const left = (may.get(keyOf(finding)) ?? 0) - 1;
    may.set(keyOf(finding), left);
    if (left < 0) return { kind: targets.has(placeOf(finding)) ? "still" : "new", program: after.name, finding, schedules: after.coverage.schedules };
  }
  return undefined;
}

/** Lines move, so that a place is a function; a leak that changes its verdict at its place is still there. */
const keyOf = (finding: Finding): string => sameAcrossBuilds(acrossBuilds(finding));
const placeOf = ({ blocked }: Finding): string => `${blocked.function} ${blocked.reason}`;

function worseOutcome(before: Examination, after: Examination): FixMiss | undefined {
  if (after.outcome !== before.outcome && after.outcome !== "passed") return { kind: "outcome", program: after.name, before: before.outcome, after: after.outcome };
  const known = new Set(before.limits.map(withoutNumbers));
  // How far it was explored is `fewerSchedules`' to judge: that all orders of the operations were tried is more than was said before.
  const words = after.limits.find((limit) => !known.has(withoutNumbers(limit)) && !(limit.includes(NOT_EVERY_ORDER) && !before.coverage.complete));
  return words === undefined ? undefined : { kind: "limit", program: after.name, words };
}

const withoutNumbers = (text: string): string => text.replace(/\d+/g, "#");

function fewerSchedules({ coverage: before }: Examination, { name, coverage }: Examination): FixMiss | undefined {
  if (before.complete ? coverage.complete : coverage.complete || coverage.schedules >= before.schedules) return undefined;
  return { kind: "fewer", program: name, wanted: before.complete ? "all" : String(before.schedules), schedules: coverage.schedules };
}
