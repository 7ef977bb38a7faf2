import { cameToRest, type Outcome } from "../../model/run/outcome.js";
import { BY_SUBTESTS, type Coverage, type Examination } from "../../model/results/examination.js";
import { sameLeft } from "../../model/finding/finding-identity.js";

/**
 * When the subtests of a test are explored each by itself, with the set-up that it needs, as `go test -run '^TestX$/^sub$'`
 * runs it (testify's suites and grpctest have hundreds below one top-level test):
 *
 * S1. After its natural run the whole is explored for a fifth of its budget: what comes out complete there says more than
 *     all its subtests could, for it holds for whatever they do to one another, too.
 * S2. Where the whole is not explored completely by then, and it has two subtests or more, these are programs of their own.
 * S3. At once, and the whole is not explored at all: a fuzz target, whose seeds run one after another; a test whose
 *     natural run alone takes half of its budget, or more steps than an explored run may have; one that hangs or dies, for
 *     then the subtests behind are never reached; one that fails for want of something that is missing under control, which
 *     perhaps one subtest alone needs.
 * S4. Not where a number of schedules was asked for (--schedules), nor where it was interrupted.
 * S5. The whole keeps its outcome, and is not complete: how its subtests disturb one another was not tried.
 * S6. A subtest that ends otherwise by itself than in the whole needs those before it: it is not explored by itself, and
 *     its failure is none of the test's.
 */
export interface NaturalRun {
  readonly outcome: Outcome;
  readonly steps: number;
  readonly milliseconds: number;
  /** It fails for want of what is missing under control. */
  readonly lacks: boolean;
}

/** What of a program may be split. */
interface SplittableProgram {
  readonly isFuzz: boolean;
  readonly subtests: readonly string[];
  /** Milliseconds. */
  readonly budget: number;
  /** --schedules */
  readonly schedules?: number;
}

const SHARE = 1 / 5;
const FEWEST = 2;

/** `at-once`: S3; a number: milliseconds for the whole before it is split (S1); `never`. */
export function splitAfter({ isFuzz, subtests, budget, schedules }: SplittableProgram, natural: NaturalRun, longest: number): "at-once" | "never" | number {
  if (subtests.length === 0 || schedules !== undefined) return "never";
  if (isFuzz) return "at-once";
  if (subtests.length < FEWEST) return "never";
  const isShort = natural.steps < longest && natural.milliseconds < budget / 2;
  return natural.lacks || !isShort || mayHaveMore(natural.outcome) ? "at-once" : budget * SHARE;
}

/** S2, S4. */
export const isSplit = ({ complete, stoppedBy }: Coverage): boolean => !complete && stoppedBy !== "interrupted";

/** Did the natural run perhaps not come to all its subtests? */
export const mayHaveMore = (outcome: Outcome): boolean => !cameToRest(outcome) || (outcome.kind === "horizon" && !outcome.scopeOver) || outcome.kind === "deadlock" || (outcome.kind === "runaway" && !outcome.scopeOver);

/**
 * Its time ended before its first subtest, without an operation or with a set-up that takes all of it: a run that lists its subtests would not come
 * to one either. (A loop that computes has a stack; one that looks at something is known by its looks.)
 */
export const computesOn = (outcome: Outcome, subtests: number): boolean =>
  subtests === 0 && ((outcome.kind === "horizon" && outcome.limit === "budget") || (outcome.kind === "runaway" && outcome.stack.length > 0));

/** The whole beside its subtests: what they show is theirs (S5). */
export function besideSubtests(whole: Examination, subtests: readonly Examination[]): Examination {
  const theirs = new Set(subtests.flatMap(({ findings }) => findings.map(sameLeft)));
  return { ...whole, findings: whole.findings.filter((finding) => !theirs.has(sameLeft(finding))) };
}

/** S6 */
export function inWhole(whole: Examination, subtest: Examination): Examination {
  if (whole.outcome !== "passed" || ENDS_WELL.has(subtest.outcome)) return subtest;
  const { subtests: _, ...rest } = subtest;
  return {
    ...rest,
    outcome: "no verdict",
    findings: [],
    limits: [...subtest.limits, `${subtest.name} passes in ${whole.name}, but not by itself (${subtest.outcome}): it needs the subtests before it, and was not explored`],
    coverage: { ...subtest.coverage, complete: false, stoppedBy: "it needs the subtests before it" },
  };
}

const ENDS_WELL: ReadonlySet<string> = new Set(["passed", "skipped", "no verdict"]);

export const splitCoverage = (coverage: Coverage): Coverage => ({ ...coverage, complete: false, stoppedBy: BY_SUBTESTS });
