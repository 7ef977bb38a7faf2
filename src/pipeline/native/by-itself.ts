import { NEVER_ENDS } from "../examine/outcome-word.js";
import { NOT_IN_WASIP1, TIMED_OUT, type Examination, type Report } from "../../model/results/examination.js";

/** More are not run again: a package whose tests all fail under control has another reason. */
const MOST = 10;

/**
 * Tests that fail under control, where each runs by itself, of packages that pass natively, where all run in one process: those that
 * other tests set something up for fail by themselves natively, too (groupcache, TestTruncatingByteSliceTarget), and that is no finding.
 */
export function suspectsIn(explored: Pick<Report, "examinations">, native: Pick<Report, "examinations">): readonly Examination[] {
  const passed = passedIn(native);
  const suspects = explored.examinations.filter((one) => passed.has(one.package) && fails(one));
  return suspects.length > MOST ? [] : suspects;
}

const fails = ({ name, outcome }: Examination): boolean => FAILS.test(outcome) && /^Test\w*$/.test(name);

/** The same beside the exploration, one after the other as they come up, where there may be no time afterwards (--total). */
export class EarlyChecks {
  readonly #failsItself: (one: Examination) => Promise<boolean>;
  readonly #dependent = new Set<string>();
  #checked: Promise<void> = Promise.resolve();
  #noted = 0;

  constructor(failsItself: (one: Examination) => Promise<boolean>) {
    this.#failsItself = failsItself;
  }

  note(one: Examination): void {
    if (!fails(one) || ++this.#noted > MOST) return;
    this.#checked = this.#checked.then(async () => {
      if (await this.#failsItself(one)) this.#dependent.add(keyOf(one));
    });
  }

  /** Those of a report that are known to fail by themselves natively, as far as that was tried. */
  dependentIn({ examinations }: Pick<Report, "examinations">): readonly Examination[] {
    return this.#noted > MOST ? [] : examinations.filter((one) => this.#dependent.has(keyOf(one)));
  }
}

const keyOf = ({ package: path, name }: Examination): string => `${path} ${name}`;

/**
 * Tests of packages that pass natively which hang, or fail, in every schedule that differs. What they did natively is one of these: so it
 * is no schedule that makes the difference, but something that is not here (miekg/dns, whose servers need control messages of golang.org/x/net).
 */
export function onlyHere(explored: Pick<Report, "examinations">, native: Pick<Report, "examinations">): readonly Examination[] {
  const passed = passedIn(native);
  return explored.examinations.filter((one) => passed.has(one.package) && /^Test/.test(one.name) && (isAlways(one) || isUndecided(one)));
}

/** A test that needs other tests has one schedule, too: that is told first (suspectsIn). */
function isAlways({ outcome, findings, coverage: { complete, schedules } }: Examination): boolean {
  if (outcome === TIMED_OUT) return true; // as a quiet machine goes it is not over, and on a real one it was
  const hangs = findings.some(({ verdict, seen }) => verdict === "deadlock" && seen === schedules);
  if (!complete) return outcome === NEVER_ENDS && hangs; // beside a ticker: that is never all
  if (outcome === "deadlock") return schedules === 1 || hangs;
  return schedules === 1 && FAILS.test(outcome);
}

/**
 * The time ended behind the one schedule in which it fails, and not all is here that it has natively: files of its package, or what a
 * function does. That one schedule does not say which of the two it is.
 */
const isUndecided = ({ outcome, limits, stubs = [], coverage: { complete, schedules } }: Examination): boolean =>
  !complete && schedules === 1 && FAILS.test(outcome) && (stubs.length > 0 || limits.some((limit) => limit.endsWith(NOT_IN_WASIP1)));

/** The exploration's report without those of which a native run of the whole package has shown what can be shown: `why`, behind their names. */
export function natively(explored: Report, left: readonly Examination[], why: (one: Examination) => string): Report {
  return {
    ...explored,
    examinations: explored.examinations.filter((one) => !left.includes(one)),
    failures: [
      ...explored.failures,
      ...left.map((one) => ({ package: one.package, test: one.name, message: why(one), onlyNatively: why(one) })),
    ],
  };
}

export const DEPENDS = ({ name }: Examination): string => `fails by itself natively, too (go test -run '^${name}$'): it needs what other tests of its package do first`;
export const NOT_HERE = ({ outcome, coverage }: Examination): string =>
  coverage.complete || HANGS.has(outcome)
    ? `${HANGS.has(outcome) ? "hangs" : "fails"} in every schedule here, and passes natively: it needs something that is not here (docs/wasip1.md)`
    : "fails in the one schedule that there was time for, and passes natively: not all is here that it has there (docs/wasip1.md)";

const HANGS: ReadonlySet<string> = new Set(["deadlock", NEVER_ENDS, TIMED_OUT]);

const passedIn = ({ examinations }: Pick<Report, "examinations">): ReadonlySet<string> => new Set(examinations.flatMap((one) => (one.outcome === "passed" ? [one.package] : [])));
const FAILS = /^(?:failed|panic|exit \d+)$/;
