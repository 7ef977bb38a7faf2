import type { Rule } from "./rule.js";
import { abandonedSender } from "./rules/abandoned-sender.js";
import { blockingDefer } from "./rules/blocking-defer.js";
import { condNeverSignalled } from "./rules/cond-never-signalled.js";
import { earlyReturn } from "./rules/early-return.js";
import { lockOrder } from "./rules/lock-order.js";
import { missingCancel } from "./rules/missing-cancel.js";
import { mutexNeverUnlocked } from "./rules/mutex-never-unlocked.js";
import { notGivenBack } from "./rules/not-given-back.js";
import { neverSettled } from "./rules/never-settled.js";
import { nilChannel } from "./rules/nil-channel.js";
import { noTimeout } from "./rules/no-timeout.js";
import { rangeNeverClosed } from "./rules/range-never-closed.js";
import { receiveWithoutSender } from "./rules/receive-without-sender.js";
import { recursiveLock } from "./rules/recursive-lock.js";
import { resourceNotClosed } from "./rules/resource-not-closed.js";
import { selectWithoutCases } from "./rules/select-without-cases.js";
import { selectWithoutReadyCase } from "./rules/select-without-ready-case.js";
import { semaphoreNotReleased } from "./rules/semaphore-not-released.js";
import { sendWithoutReceiver } from "./rules/send-without-receiver.js";
import { waitgroupMismatch } from "./rules/waitgroup-mismatch.js";

/**
 * The causes of blocking, the most telling first: the first rule that has evidence gives the cause. So a deferred send
 * is `blocking-defer`, not `send-without-receiver`, though both are true; and a library's goroutine that would also end with
 * a context that nobody cancels serves what was not closed. `loop-without-exit` is of goroutines that do
 * not block: `verdict.ts` gives it.
 */
export const RULES: readonly Rule[] = [
  neverSettled,
  selectWithoutCases,
  notGivenBack,
  resourceNotClosed,
  semaphoreNotReleased,
  missingCancel,
  nilChannel,
  noTimeout,
  recursiveLock,
  lockOrder,
  mutexNeverUnlocked,
  waitgroupMismatch,
  condNeverSignalled,
  blockingDefer,
  rangeNeverClosed,
  earlyReturn,
  abandonedSender,
  sendWithoutReceiver,
  receiveWithoutSender,
  selectWithoutReadyCase,
];
