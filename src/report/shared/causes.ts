import type { Cause } from "../../model/finding/cause.js";

/** What each cause means: a phrase that heads a suspect of a running service, and a sentence with what to do about it. */
export const CAUSE_WORDS: Readonly<Record<Cause, { readonly phrase: string; readonly advice: string }>> = {
  "send-without-receiver": {
    phrase: "blocked sending to a channel that nobody receives from",
    advice: "It sends on a channel from which nobody receives any more: receive every value, give the channel room, or let the sender give up (select with a done channel).",
  },
  "never-settled": {
    phrase: "awaiting a promise that nothing can settle any more",
    advice: "Nothing holds what would settle that promise: settle it on every path (finally), or give the wait a time-out or an AbortSignal.",
  },
  "receive-without-sender": {
    phrase: "blocked receiving from a channel that nobody sends to",
    advice: "It receives from a channel on which nobody sends any more: close the channel, or let the receiver give up.",
  },
  "nil-channel": {
    phrase: "blocked for ever on a nil channel",
    advice: "A nil channel is never ready: make the channel before it is used.",
  },
  "range-never-closed": {
    phrase: "ranging over a channel that is never closed",
    advice: "A range over a channel ends only when the channel is closed: let the last sender close it.",
  },
  "abandoned-sender": {
    phrase: "senders whose receiver left after the first answer",
    advice: "More goroutines send than values are received: give the channel room for all of them, or cancel the others.",
  },
  "early-return": {
    phrase: "left waiting by an early return",
    advice: "The function that would do the other half returns before: give the channel room for one value, or cancel on every path.",
  },
  "missing-cancel": {
    phrase: "waiting for a cancellation that does not come",
    advice: "It waits for a context that nobody cancels: give it one that can be cancelled, and call its cancel function (defer cancel()).",
  },
  "mutex-never-unlocked": {
    phrase: "waiting for a lock that is not given back",
    advice: "The lock (or the semaphore) is not released: give it back on every path (defer), and hold it over nothing that may wait for ever.",
  },
  "recursive-lock": {
    phrase: "waiting for a lock that it holds itself",
    advice: "Go's locks cannot be taken again by who holds them (nor a read lock while a writer waits), nor a sync.Once be entered from its own function: inside, call only what expects that.",
  },
  "lock-order": {
    phrase: "two locks taken in opposite orders",
    advice: "Each waits for what the next one holds: take locks (a Once is one) in the same order everywhere.",
  },
  "waitgroup-mismatch": {
    phrase: "waiting for a WaitGroup that does not reach zero",
    advice: "The WaitGroup never reaches zero: call Done once for each that was added, on every path.",
  },
  "cond-never-signalled": {
    phrase: "waiting for a condition that nobody signals",
    advice: "Each waiter needs a wake-up of its own that comes after it began to wait: change the condition and signal under the lock, test it in a loop, and use Broadcast where several may wait.",
  },
  "blocking-defer": {
    phrase: "blocked in a deferred call",
    advice: "A deferred call blocks, so the function never ends: give the channel room, or let the call give up.",
  },
  "loop-without-exit": {
    phrase: "looping without an exit",
    advice: "Nothing ends the loop: give it a way out, a done channel or a context.",
  },
  "never-stopped": {
    phrase: "looping until somebody stops it",
    advice: "Stop it when the work is over: call what makes its way out ready (Close, Stop, the cancel function), in a test by t.Cleanup.",
  },
  "no-timeout": {
    phrase: "waiting on the network without a timeout",
    advice: "A wait for the other side without a timeout: set a deadline, a client timeout or a context.",
  },
  "resource-not-closed": {
    phrase: "held by a resource that was not closed",
    advice: "What it serves or waits for is used no more, and was not closed: close it on every path (defer).",
  },
  "select-without-ready-case": {
    phrase: "blocked in a select of which no case gets ready",
    advice: "None of the select's cases can become ready: keep the one who does the other half, or add a case that can (a done channel, a context, a time-out).",
  },
  "select-without-cases": {
    phrase: "blocked for ever in an empty select",
    advice: "select {} blocks for ever: give it a case that ends it, such as a done channel or a context.",
  },
  unknown: {
    phrase: "gathering at one place, cause unknown",
    advice: "The evidence does not suffice to name a cause.",
  },
};
