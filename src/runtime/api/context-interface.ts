import type { RecvChan } from "./chan.js";
import type { Time } from "./time.js";

/** What goes along with a task: whether it is over, until when it has time, and values. Made by `withCancel` and its kind. */
export interface Context {
  /** Closed when the context is over; nil for one that never is. */
  done(): RecvChan<never>;
  /** Undefined while it is not over; then Canceled or DeadlineExceeded. */
  err(): Error | undefined;
  /** When it will be over; undefined: no time is set. */
  deadline(): Time | undefined;
  /** What `withValue` gave it, or one of its parents, for `key`; undefined: nothing. */
  value(key: unknown): unknown;
  /** An AbortSignal that aborts when this context is over: hand it to fetch. */
  readonly signal: AbortSignal;
}
