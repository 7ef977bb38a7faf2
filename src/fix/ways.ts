import type { Cause } from "../model/cause.js";
import type { Way } from "../model/fix.js";

/**
 * Which ways may mend which cause: the least change in behaviour first. The conditions that the source must meet are the
 * ways' own (go/fix, a file each); whether a way mends this leak here, the proof says.
 */
export const WAYS_OF: Readonly<Record<Cause, readonly Way[]>> = {
  "send-without-receiver": ["buffer", "select-done", "done-added", "done-field", "receive", "unlock-around"],
  "abandoned-sender": ["buffer", "select-done", "done-added", "done-field", "receive"],
  "early-return": ["buffer", "select-done", "done-added", "done-field", "receive", "cancel", "unlock", "close-sender", "close-owner"],
  "blocking-defer": ["buffer", "select-done", "done-added", "done-field", "unlock-around"],
  "select-without-ready-case": ["buffer", "close-sender", "close-owner", "cancel", "select-done", "receive", "unlock-around", "defer-close"],
  "receive-without-sender": ["close-sender", "close-handed", "close-owner", "close-first", "cancel", "select-done", "unlock-around", "buffer", "defer-close"],
  "range-never-closed": ["close-sender", "close-handed", "close-owner", "close-first", "defer-close"],
  "nil-channel": ["make"],
  "missing-cancel": ["cancel", "close-owner", "select-done"],
  "mutex-never-unlocked": ["unlock", "unlock-last", "lock-apart", "unlock-around"],
  "recursive-lock": ["unlock", "unlock-last", "lock-apart", "unlock-around"],
  "lock-order": ["unlock", "lock-apart", "unlock-around"],
  "waitgroup-mismatch": ["waitgroup-done", "waitgroup-count", "close-owner", "buffer"],
  "cond-never-signalled": ["signal-locked"],
  "loop-without-exit": ["defer-close", "quit-added"],
  "no-timeout": ["timeout", "defer-close"],
  "resource-not-closed": ["defer-close", "cancel"],
  "select-without-cases": [],
  "never-settled": [],
  unknown: ["buffer", "close-sender", "close-owner", "cancel", "select-done", "unlock", "lock-apart", "unlock-around"],
};
