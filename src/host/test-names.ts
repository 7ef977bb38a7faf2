import type { ProgramPart } from "./guest/guest-imports.js";
import { withNames } from "./program-id.js";

/** The tests of a module, by their numbers, and the subtests that a run of one has come to. All names are full; the module knows a test by its own. */
export class TestNames {
  readonly #tests: string[] = [];
  #subtests = new Set<string>();

  /** The tests, fuzz targets, examples and benchmarks that -test.run and -test.bench let through, in order; empty for a main program. */
  get tests(): readonly string[] {
    return this.#tests;
  }

  get subtests(): ReadonlySet<string> {
    return this.#subtests;
  }

  found(name: string): void {
    this.#tests.push(name);
  }

  /** A run begins, which has come to these subtests. */
  begin(subtests?: ReadonlySet<string>): void {
    this.#subtests = new Set(subtests);
  }

  /** The run of a test has come to a subtest, which the module calls so. */
  reached(test: number, own: string): void {
    this.#subtests.add(this.#qualifier(test) + own);
  }

  /** The part of a test with the names that the module knows. */
  ownPart(test: number, part: ProgramPart): ProgramPart {
    return withNames(part, (name) => name.slice(this.#qualifier(test).length));
  }

  /** What stands before a test's own name where the name alone would not tell it from another (go/testing/unpark.go): `p_test.` */
  #qualifier(test: number): string {
    return /^[^./]+_test\./.exec(this.#tests[test] ?? "")?.[0] ?? "";
  }
}
