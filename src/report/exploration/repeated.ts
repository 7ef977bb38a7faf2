import type { Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { sameInOthers, waitersInOthers } from "../../model/finding/finding-identity.js";
import type { ToldBelow } from "./told-below.js";

/** Of each finding that the report shows before: that one. A set-up that leaks is found in every test of a suite. */
export type RepeatedFindings = ReadonlyMap<Finding, Finding>;

/** `from`: those that are told in short. What is told in full later is not said to stand above. */
export function repeatedIn(examinations: readonly Examination[], isShown: (finding: Finding) => boolean, from: ToldBelow): RepeatedFindings {
  const first = new Map<string, Finding>();
  const repeated = new Map<Finding, Finding>();
  for (const finding of examinations.flatMap(({ findings }) => findings).filter(isShown)) {
    const key = sameInOthers(finding);
    const before = first.get(key);
    if (before === undefined || (from.has(before) && !from.has(finding))) first.set(key, finding);
    else repeated.set(finding, before);
  }
  return repeated;
}

/** Does something else wait for it than for the one above? */
export const hasOtherWaiters = (finding: Finding, first: Finding): boolean => waiting(finding) !== waiting(first);

/** Several tests may assert the same, or panic with the same words, each in its own line; what is left stands in one, but for a loop that goes on. */
export const hasOwnPlace = ({ verdict }: Finding): boolean => verdict === "flaky" || verdict === "panics";

const waiting = (finding: Finding): string => [...waitersInOthers(finding)].sort().join("\n");

/** Is there more to say of it than that it stands above? */
export function isNew(finding: Finding, repeated: RepeatedFindings): boolean {
  const first = repeated.get(finding);
  return first === undefined || first.test === finding.test || hasOtherWaiters(finding, first);
}
