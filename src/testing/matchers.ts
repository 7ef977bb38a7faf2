import { isNote } from "../model/finding/finding.js";
import { callSite, type CallSite } from "./call-site.js";
import { exploreAt, Explored, type GivenOptions } from "./explore-ts.js";

/** What `expect.extend` of vitest and jest takes. */
export interface MatcherResult {
  /** Does one leak? */
  readonly pass: boolean;
  /** What the runner says where that is not what was expected. */
  readonly message: () => string;
}

/**
 * `await expect(async () => { … }).not.toLeak()`: `import "unpark/vitest"` or `"unpark/jest"` adds it, with its type.
 * What is no leak (a panic, a failed assertion, a foreign promise) is thrown either way: neither answer would be true.
 */
export const matchers = {
  /** Does a goroutine leak in some schedule of the function that `expect` was given? */
  toLeak,
};

function toLeak(this: unknown, body: unknown, options?: GivenOptions): Promise<MatcherResult> {
  return answer(body, options, callSite(toLeak), !isNot(this));
}

/** What `expect` calls a matcher on says whether `.not` stood before it. */
const isNot = (context: unknown): boolean => typeof context === "object" && context !== null && (context as { readonly isNot?: boolean }).isNot === true;

async function answer(body: unknown, options: GivenOptions = {}, site: CallSite | undefined, expected: boolean): Promise<MatcherResult> {
  if (typeof body !== "function") throw new TypeError("toLeak takes a function that is explored: expect(async () => { … }).not.toLeak()");
  try {
    const { coverage } = await exploreAt(body as () => unknown, options, site, expected);
    const tried = coverage.complete ? `all ${coverage.schedules} schedules that differ` : `${coverage.schedules} schedules (not all)`;
    return { pass: false, message: () => `expected a goroutine to leak in some schedule; none does in ${tried}` };
  } catch (error) {
    if (!(error instanceof Explored) || !isLeak(error)) throw error;
    return { pass: true, message: () => error.message };
  }
}

const OTHER: ReadonlySet<string> = new Set(["panics", "flaky"]);
const isLeak = ({ examination }: Explored): boolean => {
  const findings = examination.findings.filter((finding) => !isNote(finding) || finding.verdict === "lingering");
  return findings.length > 0 && findings.every(({ verdict }) => !OTHER.has(verdict)) && examination.outcome !== "unsupported";
};
