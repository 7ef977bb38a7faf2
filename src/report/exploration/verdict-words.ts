import type { Verdict } from "../../model/finding/finding.js";

/** What each verdict means, for a person who meets it for the first time. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  leaked: "blocked for ever, and nothing can ever wake it",
  abandoned: "blocked for ever as far as can be told",
  stuck: "still blocked after its scope, though in other schedules the same goroutine ended",
  deadlock: "the program itself is blocked for ever",
  runaway: "never ends and never blocks for good",
  panics: "panics in some schedule",
  flaky: "ends differently in some schedule",
  "waiting-outside": "waits for the network or another process, without a timeout",
  grows: "more of it is left with each repetition",
  lingering: "still blocked after its scope, but something can still reach it",
  "cut-short": "still had work to do when its scope ended",
};

/** What a note about a test that fails only on a machine that stalls means. */
export const STALL_WORDS = "only where the clock moved while a goroutine could still go on: a machine that stalls, or a time-out that is too short";

export const LONG_STALL_WORDS = "only where the clock moved by more than ten minutes while a goroutine could still go on: no machine stalls for so long";

export const FAILURE_WORDS = "only after the test has failed an assertion, as in the schedule below";

export const LEFT_OUT_WORDS = "only where the test fails before the line that ends it otherwise";

export const FAULT_WORDS = "only where something goes wrong that need not, as in the schedule below (--faults)";

/** The tag of a finding whose blocked frame is in a `_test.go` file. */
export const TEST_CODE = "the test's own code";

export { count, number } from "../../base/numerals.js";

/** Real time: `0.3 s`, `12 s`, `2 min 5 s`. */
export function seconds(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const whole = Math.round(milliseconds / 1000);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
