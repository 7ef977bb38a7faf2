import type { Cause } from "./cause.js";
import type { GoroutineName } from "../ids.js";
import type { DrawnRun } from "../run/schedule-picture.js";
import type { Frame, Stack } from "../goroutine/stack.js";

/** `grows`: of a TypeScript body that was repeated, something is left each time. `abandoned` is the native mode's: blocked for ever as far as the deep collection can see. */
export const VERDICTS = [
  "leaked", "abandoned", "stuck", "deadlock", "runaway", "panics", "flaky", "waiting-outside", "grows", // findings: exit code 1
  "lingering", "cut-short", // notes: exit code 0 (lingering: 1 with --strict); others may be, too (isNote)
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a project may say of a verdict: that it counts, that it does not, that it is not shown. */
export const SEVERITIES = ["error", "note", "off"] as const;
/** What is off is no finding of the report any more. */
export type SetSeverity = Exclude<(typeof SEVERITIES)[number], "off">;

/**
 * Is it a note, not a finding? Where the project has said so of the verdict (docs/config.md), that holds. What only a machine that stalls can show is a note where the test itself is what gives
 * way: it fails or panics, waits for the outside, or is blocked in its own code, or has failed before (its deferred calls block, nobody receives any more). A real test suite asserts within its
 * time-outs everywhere, and a gate that is red for each of them is soon taken out. A goroutine of the code under test
 * that leaks, or a deadlock of it, stays a finding: a time-out that wins is how it leaks in production. Not one of more than ten minutes (a suite's own limit of
 * an hour) while somebody could go on: no machine stalls for so long. What a failed test did not come to end is told by the failure.
 */
export const isNote = (finding: Pick<Finding, "verdict" | "needsStall" | "needsLongStall" | "afterFailure" | "leftOut" | "testCode" | "consequences" | "severity">): boolean => {
  const { verdict, needsStall, needsLongStall, afterFailure, leftOut, consequences = [], severity } = finding;
  if (severity !== undefined) return severity === "note";
  if (verdict === "lingering" || verdict === "cut-short" || leftOut === true) return true;
  return needsStall === true && (needsLongStall === true || afterFailure === true || GIVES_WAY.has(verdict) || isTestsOwn(finding, consequences));
};

/** What waits for the test's own goroutine, in the code under test, is not to blame; what is only blocked beside it may be. */
const isTestsOwn = ({ testCode }: Pick<Finding, "testCode">, consequences: readonly Pick<Consequence, "testCode" | "why">[]): boolean =>
  testCode === true && consequences.every((one) => one.testCode === true || one.why !== BESIDE);

const GIVES_WAY: ReadonlySet<Verdict> = new Set<Verdict>(["flaky", "panics", "waiting-outside"]);

/** One thing found, reported once however many schedules show it. */
export interface Finding {
  readonly verdict: Verdict;
  readonly cause: Cause;
  /** What the cause rests on, each a sentence of facts: who could have woken it, and where that one went. */
  readonly evidence: readonly string[];
  /** How many goroutines, in the schedule shown. */
  readonly goroutines: number;
  /** Where they are blocked; for `panics` and `flaky` where it happened. The frame is the innermost of the user's. */
  readonly blocked: BlockedAt;
  readonly stack: Stack;
  readonly createdBy?: Frame;
  /** Where `createdBy` is a library's: the call in the user's code that led there. */
  readonly calledFrom?: Frame;
  /** True: the runtime's reachability (or ours, where it has none) proves that nothing can wake them. */
  readonly unreachable?: boolean;
  /** Runtime's or test's own words, for panics and failed assertions. */
  readonly message?: string;
  readonly package?: string;
  readonly test?: string;
  /** The scope's own goroutine, where it is not as usual (`1` of a main, `1.1` of a Go test): `1` of a TypeScript test. */
  readonly scope?: GoroutineName;
  /** Whose schedule it is, where that is not `test`: a subtest's finding, explored with the whole test. */
  readonly program?: string;
  /** The blocked frame is the test's own, not the code's under test: in `_test.go`, of a package of tests alone in a test function. */
  readonly testCode?: true;
  /** The printable schedule that leads there, shrunk and replayed. */
  readonly schedule?: string;
  readonly steps?: readonly Step[];
  /** Where a page was asked for. */
  readonly drawn?: DrawnRun;
  /** Goroutines that wait for these, and would be findings of their own if they did not. */
  readonly consequences?: readonly Consequence[];
  /** Of `stuck`: another schedule of the same program, in which the same goroutine ended; of `flaky` and `panics`: one in which the test passes. */
  readonly contrast?: Contrast;
  /** In each schedule that showed it the clock moved while a goroutine could still go on, as on a machine that stalls. */
  readonly needsStall?: true;
  /** With `needsStall`: in each of them by more than ten minutes. */
  readonly needsLongStall?: true;
  /** In each schedule that showed it the test had failed an assertion before it came to be blocked; of a missing-cancel, before it cancelled. */
  readonly afterFailure?: true;
  /** In each schedule that showed it the test failed before the line that ends it where the test passes (diagnose/run/left-out.ts). */
  readonly leftOut?: true;
  /** In each schedule that showed it something went wrong that need not: a connection was refused, reset, cut short. */
  readonly needsFault?: true;
  /** What the project's settings say of its verdict. */
  readonly severity?: SetSeverity;
  /** The native run, beside the exploration, showed it too. */
  readonly natively?: true;
  /** How many of the schedules tried showed it. */
  readonly seen?: number;
}

/** A goroutine (or several at one place) that waits for the one that a finding is about. */
export interface Consequence {
  /** What it would be called by itself. */
  readonly verdict: Verdict;
  readonly blocked: BlockedAt;
  readonly stack: Stack;
  readonly createdBy?: Frame;
  readonly goroutines: number;
  readonly testCode?: true;
  /** The second half of a sentence about it: `waits for Done, which goroutine 1.1 has not called`. */
  readonly why: string;
}

/** `why` of what does not wait for the root, as far as is known. */
export const BESIDE = "is blocked in the same run";

/** Evidence of a deadlock beside which the world does not stand still: a ticker ticks, a loop goes round. */
export const OTHERS_GO_ON = "others go on, or timers fire, for ever, and none of them can reach what it waits for";

/** Two schedules of one program, beside each other: that of the finding ("here"), and one without it ("there"). */
export interface Contrast {
  readonly schedule: string;
  readonly steps: readonly Step[];
  /** The first step at which the two differ, counted from 1: all before it is the same in both. */
  readonly partsAt: number;
  readonly here: Step;
  readonly there: Step;
}

export interface BlockedAt {
  /** The runtime's words: `chan send`, `sync.Mutex.Lock` … */
  readonly reason: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

/** One line of the readable schedule. */
export interface Step {
  /** Which step of the schedule, counted from 1; undefined for what is so at its end (who is blocked for ever). */
  readonly number?: number;
  /** Undefined: the clock. */
  readonly goroutine?: GoroutineName;
  /** Go's operation in words: `sends on a channel`, `locks a mutex`, `the clock moves by 1s`. */
  readonly text: string;
  readonly function?: string;
  readonly file?: string;
  readonly line?: number;
  /** The source line's text, where it was at hand. */
  readonly source?: string;
  /** Without it the end is not understood: the causal past of what the finding is about. */
  readonly key?: true;
}
