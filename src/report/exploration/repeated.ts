import type { Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { sameInOthers } from "../../model/finding/finding-identity.js";

/** Of each finding that another test of the report shows before: that test's one. A set-up that leaks is found in every test of a suite. */
export type RepeatedFindings = ReadonlyMap<Finding, Finding>;

export function repeatedIn(examinations: readonly Examination[], isShown: (finding: Finding) => boolean): RepeatedFindings {
  const first = new Map<string, Finding>();
  const repeated = new Map<Finding, Finding>();
  for (const finding of examinations.flatMap(({ findings }) => findings).filter(isShown)) {
    const key = sameInOthers(finding);
    const before = first.get(key);
    if (before === undefined) first.set(key, finding);
    else if (before.test !== finding.test) repeated.set(finding, before);
  }
  return repeated;
}
