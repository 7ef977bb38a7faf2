import type { Cause } from "../model/cause.js";
import type { Way } from "../model/fix.js";

/**
 * Which ways may mend which cause: the least change in behaviour first. The conditions that the source must meet are the
 * ways' own (go/fix, a file each); whether a way mends this leak here, the proof says.
 */
export const WAYS_OF: Readonly<Record<Cause, readonly Way[]>> = {
  "send-without-receiver": ["buffer"],
  "abandoned-sender": ["buffer"],
  "early-return": ["buffer"],
  "blocking-defer": ["buffer"],
  "select-without-ready-case": ["buffer"],
  "receive-without-sender": [],
  "range-never-closed": [],
  "nil-channel": [],
  "missing-cancel": [],
  "mutex-never-unlocked": [],
  "recursive-lock": [],
  "lock-order": [],
  "waitgroup-mismatch": [],
  "cond-never-signalled": [],
  "loop-without-exit": [],
  "no-timeout": [],
  "resource-not-closed": [],
  "select-without-cases": [],
  "never-settled": [],
  unknown: [],
};
