import type { Examination } from "../../model/results/examination.js";
import { failsItself } from "../exit-code.js";
import { count } from "./verdict-words.js";

/**
 * `2 tests failed.` A test that fails natively and under control is one; a package whose native run names none (its
 * TestMain failed, its process was ended) is a package.
 */
export function failedWords(examinations: readonly Examination[]): string | undefined {
  const tests = new Set<string>();
  const packages = new Set<string>();
  for (const one of examinations.filter(failsItself)) {
    const names = one.coverage.native === true ? namedIn(one.output ?? "") : [one.name];
    for (const name of names) tests.add(`${one.package} ${bare(name)}`);
    if (names.length === 0) packages.add(one.package);
  }
  const own = (path: string): boolean => ![...tests].some((key) => key.startsWith(`${path} `));
  const parts = [
    ...(tests.size > 0 ? [count(tests.size, "test")] : []),
    ...([...packages].some(own) ? [count([...packages].filter(own).length, "package")] : []),
  ];
  return parts.length === 0 ? undefined : `${parts.join(" and ")} failed.`;
}

/** Top-level tests: a subtest's line is indented. */
const namedIn = (output: string): readonly string[] => [...output.matchAll(/^--- FAIL: (\S+)/gm)].map(([, name]) => name!);

/** As `go test` prints a name: without the package of an external test (`p_test.`). */
export const asPrinted = (name: string): string => name.replace(/^[^./]+_test\./, "");

/** By its test alone, without its subtest. */
const bare = (name: string): string => asPrinted(name).replace(/\/.*$/s, "");
