import { SKIPPED, type Examination } from "../../model/results/examination.js";
import type { Skip } from "./config.js";
import { matchesPackage, type MatchedPackage } from "./package-match.js";
import { matches } from "./suppressions.js";

/** The entry of the project's settings that leaves this test out of the exploration. */
export const skipOf = (test: string, pkg: MatchedPackage, skips: readonly Skip[]): Skip | undefined =>
  skips.find((one) => matches(one.test, test) && (one.package === undefined || matchesPackage(one.package, one.root, pkg)));

/** What the report has in its place: no verdict, and why. */
export const skipped = (path: string, name: string, { reason, line }: Skip): Examination => ({
  name,
  package: path,
  outcome: "no verdict",
  findings: [],
  limits: [`${name} is not explored: ${reason} (skip, line ${line} of the settings)`],
  coverage: { schedules: 0, complete: false, bounds: [], stoppedBy: SKIPPED, depth: 0, milliseconds: 0 },
});
