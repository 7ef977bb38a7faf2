import type { Cause } from "../model/cause.js";
import type { Verdict } from "../model/finding.js";

/** What each verdict means, for a person who meets it for the first time. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  leaked: "blocked for ever, and nothing can ever wake it",
  abandoned: "blocked for ever as far as can be told",
  deadlock: "the program itself is blocked for ever",
  runaway: "never ends and never blocks for good",
  panics: "panics in some schedule",
  flaky: "ends differently in some schedule",
  "waiting-outside": "waits for the network or another process, without a timeout",
  lingering: "still blocked after its scope, but something can still reach it",
  "cut-short": "still had work to do when its scope ended",
};

/** What a note about a test that fails only on a machine that stalls means. */
export const STALL_WORDS = "only where the clock moved while a goroutine could still go on: a machine that stalls, or a time-out that is too short";

/** One sentence for each cause, with what to do about it. */
export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  "send-without-receiver": "It sends on a channel from which nobody receives any more: receive every value, give the channel room, or let the sender give up (select with a done channel).",
  "receive-without-sender": "It receives from a channel on which nobody sends any more: close the channel, or let the receiver give up.",
  "nil-channel": "A nil channel is never ready: make the channel before it is used.",
  "range-never-closed": "A range over a channel ends only when the channel is closed: let the last sender close it.",
  "abandoned-sender": "More goroutines send than values are received: give the channel room for all of them, or cancel the others.",
  "early-return": "The function that would do the other half returns before: give the channel room for one value, or cancel on every path.",
  "missing-cancel": "It waits for a context that nobody cancels: call the context's cancel function (defer cancel()).",
  "mutex-never-unlocked": "The lock is never released: defer the unlock where it is taken.",
  "recursive-lock": "Go's locks are not re-entrant: call a helper that expects the lock to be held.",
  "lock-order": "Locks are taken in different orders: take them in the same order everywhere.",
  "waitgroup-mismatch": "The WaitGroup never reaches zero: call Done once for each that was added, on every path.",
  "cond-never-signalled": "No wake-up comes after it began to wait: change the condition and signal under the lock, and test it in a loop.",
  "blocking-defer": "A deferred call blocks, so the function never ends: give the channel room, or let the call give up.",
  "loop-without-exit": "The loop has no way out: give it a done channel or a context.",
  "no-timeout": "A wait for the other side without a timeout: set a deadline, a client timeout or a context.",
  "resource-not-closed": "A library's goroutine serves something that was not closed: close it.",
  "select-without-ready-case": "None of the select's cases can become ready.",
  "select-without-cases": "select {} blocks for ever by definition.",
  unknown: "The evidence does not suffice to name a cause.",
};

/** The tag of a finding whose blocked frame is in a `_test.go` file. */
export const TEST_CODE = "the test's own code";

/** `1,204` */
export const number = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

/** `1 goroutine`, `1,204 schedules`. */
export const count = (n: number, noun: string): string => `${number(n)} ${noun}${n === 1 ? "" : "s"}`;

/** Real time: `0.3 s`, `12 s`, `2 min 5 s`. */
export function seconds(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const whole = Math.round(milliseconds / 1000);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
