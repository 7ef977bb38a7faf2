import type { Finding, Step } from "../finding/finding.js";
import type { DrawnRun } from "../run/schedule-picture.js";

/** What came of examining one program (a main, a test): the value that text, JSON, SARIF and the exit code come from. */
export interface Examination {
  /** `TestX`, or the main package's path. */
  readonly name: string;
  readonly package: string;
  readonly coverage: Coverage;
  /** The natural schedule's outcome in a word: `passed`, `failed`, `exit 3`, `panic`, `deadlock`, `runaway`, `timed out`, `skipped`. */
  readonly outcome: string;
  /** What the program printed in the natural schedule. */
  readonly output?: string;
  readonly findings: readonly Finding[];
  /** Of a replay: what happened, where no finding says it. */
  readonly steps?: readonly Step[];
  /** As `steps`: of a replay that shows nothing. */
  readonly drawn?: DrawnRun;
  /** What the program saw of the real files: a result is used again only while these are the same. */
  readonly inputs?: readonly (readonly [path: string, stamp: string])[];
  /** Its subtests, by their full names, where these are programs of their own in its place (pipeline/examine/splitting.ts). */
  readonly subtests?: readonly string[];
  /** Functions that its natural run called and that do not do here what they do natively (Trace.stubs). */
  readonly stubs?: readonly string[];
  /** The user's `go` statements that the natural schedule came to, and what became of the goroutines there. */
  readonly goStatements?: readonly GoStatement[];
  /** What could not be explored and why, each a sentence. */
  readonly limits: readonly string[];
}

/** Of one `go` statement in one run: how many goroutines it started, and how many of these had ended at the run's end. */
export interface GoStatement {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly started: number;
  readonly ended: number;
}

/** Honest bounds: how much was tried. `complete` only when every schedule that differs was tried, within `bounds`. */
export interface Coverage {
  readonly schedules: number;
  readonly complete: boolean;
  /** Within which bounds that is true: `virtual time 10m`, `at most 2 early clock moves`. */
  readonly bounds: readonly string[];
  /** If not complete: what ended it (`time`, `schedules`, `interrupted`), and what to raise. */
  readonly stoppedBy?: string;
  /** Longest run, in steps. */
  readonly depth: number;
  /** Runs that are none of `schedules`: they were given up on the way, for they would have repeated one (sleep sets). What the search cost: more with several threads. */
  readonly repeated?: number;
  readonly milliseconds: number;
  /** Where it was asked for: pairs of choices, by short names; with a `+` those that were tried both ways (explore/choice-pairs.ts). */
  readonly pairs?: readonly string[];
  /** It was not explored now: an earlier result for the same build and settings. */
  readonly cached?: true;
  /** One native run, in the schedule that Go happened to choose. */
  readonly native?: true;
}

/** `stoppedBy` of a replay, which is no exploration. */
export const REPLAYED = "the end of the replay";

/** How the limit ends that names test files which only a native run has. */
export const NOT_IN_WASIP1 = "from wasip1";

/** `stoppedBy` of what was under way when something else was found. */
export const FAILED_FAST = "the first finding (-failfast)";

/** `stoppedBy` of a test that the project's settings leave out. */
export const SKIPPED = "left out by the settings";

/** At most so many things went wrong in a run of this package. */
export const faultsIn = ({ packageFaults = {}, faults }: ExaminationOrigin, path: string | undefined): number | undefined => (path !== undefined && Object.hasOwn(packageFaults, path) ? packageFaults[path] : faults);

/** Of a limit that says how far a TypeScript program was explored: all orders of its operations, and not all of what is between them. */
export const NOT_EVERY_ORDER = "but not every order in which its goroutines may use variables that they share";
/** `stoppedBy` of a test whose subtests are programs of their own. */
export const BY_SUBTESTS = "explored by its subtests, each by itself";

/** What could not be done at all: a package that does not build, a program that cannot be run. Exit code 2. */
export interface Failure {
  readonly package: string;
  readonly test?: string;
  /** What, where, and what to do next; the compiler's own words for a compile error. */
  readonly message: string;
  /** Of a test that does what cannot be put under control: what that is. A native run does all that can be done. */
  readonly onlyNatively?: string;
}

/** How the limit of a package begins of which a test was run natively only. */
export const ONLY_NATIVELY = "natively only: ";

/** What was asked for, and with what: enough to build the same programs again and replay a schedule. */
export interface ExaminationOrigin {
  readonly command: "run" | "test";
  /** Unpark's own version. */
  readonly unpark: string;
  /** Of the Go that built the programs; a schedule is replayed with the same. */
  readonly goVersion?: string;
  /** Package patterns or files, as given. */
  readonly packages: readonly string[];
  /** The program's own arguments (behind `--`). */
  readonly args: readonly string[];
  readonly tags?: string;
  readonly short?: boolean;
  /** go test's own -run (where it names subtests), -skip and -count. */
  readonly run?: string;
  readonly skip?: string;
  readonly count?: string;
  /** At most so many things went wrong in a run (--faults); missing: none. */
  readonly faults?: number;
  /** The same where packages differ (`.unpark.yaml`), by import path. */
  readonly packageFaults?: Readonly<Record<string, number>>;
  /** Virtual time after which a run is ended, as given: `10m`. */
  readonly horizon?: string;
  /** Of TypeScript tests: what ran them, `vitest`, `jest` or `node`. */
  readonly runner?: string;
}

export interface Report {
  /** Undefined for what was not explored (a dump that was inspected). */
  readonly origin?: ExaminationOrigin;
  readonly examinations: readonly Examination[];
  readonly failures: readonly Failure[];
  /** So many findings were taken out: ignored, off, or of the baseline. Missing: none. */
  readonly accepted?: number;
  /** So many programs were not explored, for the first finding ended it (--fail-fast). Missing: none. */
  readonly leftOut?: number;
}

/** Outcome of a test that go test would have ended (-timeout); so begins the limit that says where it was then. */
export const TIMED_OUT = "timed out";

const HANGS: ReadonlySet<string> = new Set(["deadlock", "runaway", "never ends", TIMED_OUT, "waits for the outside"]);

/** Did it not come to its end in the natural schedule? Natively it most likely hangs, too. */
export const isHang = ({ outcome }: Pick<Examination, "outcome">): boolean => HANGS.has(outcome);
