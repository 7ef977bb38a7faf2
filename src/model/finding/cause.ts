/** Why a goroutine hangs: a closed list of stable codes. `unknown` where the evidence does not suffice: never a guess. */
export const CAUSES = [
  "send-without-receiver",
  "receive-without-sender",
  "nil-channel",
  "range-never-closed",
  "abandoned-sender", // several senders, the receiver took fewer and left
  "early-return", // the one who would have received (sent, unlocked) left by another path
  "missing-cancel", // waits for a context that will not be cancelled
  "mutex-never-unlocked",
  "recursive-lock",
  "lock-order",
  "waitgroup-mismatch",
  "cond-never-signalled",
  "blocking-defer",
  "loop-without-exit",
  "never-stopped", // a loop with a way out (a done channel, a condition), which was never taken
  "no-timeout",
  "resource-not-closed",
  "select-without-ready-case",
  "select-without-cases",
  "never-settled", // awaits a promise that nothing can settle any more
  "unknown",
] as const;
export type Cause = (typeof CAUSES)[number];
