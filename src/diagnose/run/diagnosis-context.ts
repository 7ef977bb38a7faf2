import type { GoroutineName } from "../../model/ids.js";
import type { FileSyntax } from "../../model/source/syntax.js";
import type { Outcome } from "../../model/run/outcome.js";

/** What diagnosis is told about the run beside the run itself. Nothing here is read from disk by `diagnose`. */
export interface DiagnosisContext {
  readonly package?: string;
  readonly test?: string;
  /** As Finding's. */
  readonly scope?: GoroutineName;
  /** The package has test files alone: what they test stands in them, and only the test functions are the tests' own. */
  readonly testsOnly?: boolean;
  /**
   * May nothing outside the run wake its goroutines once it came to rest? True for a `main`: when everything is
   * blocked nothing in the process can run any more. False for a test: the tests after it run in the same process.
   */
  readonly closedWorld: boolean;
  /** How the natural schedule ended; undefined while that one is diagnosed. */
  readonly natural?: Outcome;
  /** What the run printed: a failed test's own words are in it. */
  readonly output?: string;
  /** What stands in a Go file, read from its syntax tree; undefined where it could not be read. Missing: there is no Go. */
  readonly syntax?: (file: string) => FileSyntax | undefined;
  /** The lines of a source file, where it is at hand: shown, never read for what they mean (Go; see syntax.ts). */
  readonly lines: (file: string) => readonly string[] | undefined;
}
