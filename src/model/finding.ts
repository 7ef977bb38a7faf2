import type { Cause } from "./cause.js";
import type { GoroutineName } from "./ids.js";
import type { DrawnRun } from "./schedule-picture.js";
import type { Frame, Stack } from "./stack.js";

/** DESIGN's words. `abandoned` is the native mode's: blocked for ever as far as the deep collection can tell. */
export const VERDICTS = [
  "leaked", "abandoned", "stuck", "deadlock", "runaway", "panics", "flaky", "waiting-outside", // findings: exit code 1
  "lingering", "cut-short", // notes: exit code 0 (lingering: 1 with --strict); so is a flaky one that needs a stall
] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * Is it a note, not a finding? Of what is `flaky` that is a note which only a machine that stalls can show: a real test
 * suite asserts within its time-outs everywhere, and a gate that is red for each of them is soon taken out.
 */
export const isNote = ({ verdict, needsStall }: Pick<Finding, "verdict" | "needsStall">): boolean =>
  verdict === "lingering" || verdict === "cut-short" || (verdict === "flaky" && needsStall === true);

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
  /** True: the runtime's reachability (or ours, where it has none) proves that nothing can wake them. */
  readonly unreachable?: boolean;
  /** Runtime's or test's own words, for panics and failed assertions. */
  readonly message?: string;
  readonly package?: string;
  readonly test?: string;
  /** The scope's own goroutine, where it is not as usual (`1` of a main, `1.1` of a Go test): `1` of a TypeScript test. */
  readonly scope?: GoroutineName;
  /** The blocked frame is the test's own (`_test.go`), not the code's under test. */
  readonly testCode?: true;
  /** The printable schedule that leads there, shrunk and replayed. */
  readonly schedule?: string;
  readonly steps?: readonly Step[];
  /** Where a page was asked for. */
  readonly drawn?: DrawnRun;
  /** Of `stuck`: another schedule of the same program, in which the same goroutine ended. */
  readonly contrast?: Contrast;
  /** Of `flaky`: in each schedule that showed it the clock moved while a goroutine could still go on, as on a machine that stalls. */
  readonly needsStall?: true;
  /** How many of the schedules tried showed it. */
  readonly seen?: number;
}

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
}
