import type { Examination } from "../model/examination.js";
import { counts } from "../report/exit-code.js";
import { reportText } from "../report/text.js";
import { examineTs, type ExamineTsOptions } from "./examine-ts.js";

export interface ExploreOptions extends ExamineTsOptions {
  /** Also fail for what is only lingering. Default false. */
  readonly strict?: boolean;
  /** Fail unless every schedule that differs was tried within the budget. Default false. */
  readonly complete?: boolean;
}

/** What `explore` throws: the message is the whole report, with the schedule step by step. */
export class Explored extends Error {
  readonly examination: Examination;

  constructor(examination: Examination) {
    const { outcome, output = "", limits } = examination;
    // Why it fails in its natural schedule, or cannot be run at all, stands in what it printed and in the limits.
    const why = outcome === "passed" || outcome === "never ends" ? [] : [`in its natural schedule: ${outcome}`, output, ...limits];
    super(["", reportText({ examinations: [examination], failures: [] }), ...why].join("\n"));
    this.name = "Explored";
    this.examination = examination;
  }
}

/**
 * Runs `body` in every schedule that differs, within a budget, and throws if in one of them a goroutine leaks, or the
 * program panics, deadlocks, or fails by its own assertion. For any test runner:
 *
 *     it("answers once", () => explore(async () => { … }));
 */
export async function explore(body: () => unknown, options: ExploreOptions = {}): Promise<Examination> {
  const examination = await examineTs(body, options);
  // The assertions of this one body were written to hold in every schedule: one that needs a stall counts, too.
  const bad = examination.findings.some((finding) => finding.verdict === "flaky" || counts(finding, options.strict ?? false));
  const wrong = bad || !FINE.has(examination.outcome) || (options.complete === true && !examination.coverage.complete);
  if (wrong) throw new Explored(examination);
  return examination;
}

const FINE: ReadonlySet<string> = new Set(["passed", "never ends"]);

/** For `expect.extend(matchers)` of vitest and jest: `await expect(async () => { … }).toBeLeakFree()`. */
export const matchers = {
  async toBeLeakFree(body: () => unknown, options?: ExploreOptions): Promise<{ pass: boolean; message: () => string }> {
    try {
      const { coverage } = await explore(body, options);
      return { pass: true, message: () => `expected a leak in some schedule, found none in ${coverage.schedules}` };
    } catch (error) {
      if (!(error instanceof Explored)) throw error;
      return { pass: false, message: () => error.message };
    }
  },
};
