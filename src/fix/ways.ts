import type { Cause } from "../model/finding/cause.js";
import type { Finding } from "../model/finding/finding.js";
import type { Way } from "../model/results/fix.js";

/**
 * Which ways may mend which cause: the least change in behaviour first. The conditions that the source must meet are the
 * ways' own (go/fix, a file each, and toolchain/js/fix/ways; of each language those that it has); whether a way mends this leak here, the proof says.
 */
const WAYS_OF: Readonly<Record<Cause, readonly Way[]>> = {
  "send-without-receiver": ["buffer", "signal-passed", "select-done", "done-added", "done-field", "receive", "unlock-around"],
  "abandoned-sender": ["buffer", "select-done", "done-added", "done-field", "receive"],
  "early-return": ["buffer", "select-done", "done-added", "done-field", "receive", "cancel", "unlock", "close-sender", "close-owner"],
  "blocking-defer": ["buffer", "select-done", "done-added", "done-field", "unlock-around"],
  "select-without-ready-case": ["buffer", "close-sender", "close-owner", "cancel", "select-done", "receive", "unlock-around", "defer-close"],
  "receive-without-sender": ["signal-passed", "close-sender", "close-handed", "close-owner", "close-first", "cancel", "select-done", "unlock-around", "buffer", "defer-close"],
  "range-never-closed": ["close-sender", "close-handed", "close-owner", "close-first", "defer-close"],
  "nil-channel": ["make"],
  "missing-cancel": ["cancel", "close-owner", "select-done"],
  "mutex-never-unlocked": ["unlock", "give-back", "unlock-last", "lock-apart", "unlock-around"],
  "recursive-lock": ["unlock", "unlock-last", "lock-apart", "unlock-around"],
  "lock-order": ["unlock", "lock-apart", "unlock-around"],
  "waitgroup-mismatch": ["waitgroup-done", "waitgroup-count", "close-owner", "buffer"],
  "cond-never-signalled": ["signal-locked"],
  "loop-without-exit": ["defer-close", "quit-added"],
  "never-stopped": ["defer-close", "cancel", "close-owner", "quit-added"],
  "no-timeout": ["timeout", "defer-close"],
  "resource-not-closed": ["defer-close", "cancel"],
  "select-without-cases": [],
  "never-settled": ["give-back", "signal-passed", "await-added"],
  unknown: ["buffer", "close-sender", "close-owner", "cancel", "select-done", "unlock", "lock-apart", "unlock-around"],
};

/** The ways for one finding. What panics or fails waits for nothing: of these there is something to mend only where nobody waits for what was begun. */
export function waysOf({ verdict, cause }: Pick<Finding, "verdict" | "cause">, language: "go" | "ts"): readonly Way[] {
  switch (verdict) {
    case "panics": case "flaky": return language === "ts" ? ["await-added"] : [];
    case "grows": return ["listener-removed", "give-back", ...WAYS_OF[cause]];
    case "cut-short": return [];
    default: return WAYS_OF[cause];
  }
}
