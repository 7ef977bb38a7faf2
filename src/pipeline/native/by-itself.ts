import type { Examination, Report } from "../../model/examination.js";

/** More are not run again: a package whose tests all fail under control has another reason. */
const MOST = 10;

/**
 * Tests that fail under control, where each runs by itself, of packages that pass natively, where all run in one process: those that
 * other tests set something up for fail by themselves natively, too (groupcache, TestTruncatingByteSliceTarget), and that is no finding.
 */
export function suspectsIn(explored: Pick<Report, "examinations">, native: Pick<Report, "examinations">): readonly Examination[] {
  const passed = new Set(native.examinations.flatMap((one) => (one.outcome === "passed" ? [one.package] : [])));
  const suspects = explored.examinations.filter((one) => passed.has(one.package) && fails(one));
  return suspects.length > MOST ? [] : suspects;
}

const fails = ({ name, outcome }: Examination): boolean => /^(?:failed|panic|exit \d+)$/.test(outcome) && /^Test\w*$/.test(name);

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

/** The exploration's report without those that `fails` by themselves natively: a native run of the whole package has shown what can be shown. */
export function withoutDependent(explored: Report, fails: readonly Examination[]): Report {
  const why = ({ name }: Examination): string => `fails by itself natively, too (go test -run '^${name}$'): it needs what other tests of its package do first`;
  return {
    ...explored,
    examinations: explored.examinations.filter((one) => !fails.includes(one)),
    failures: [
      ...explored.failures,
      ...fails.map((one) => ({ package: one.package, test: one.name, message: why(one), onlyNatively: why(one) })),
    ],
  };
}
