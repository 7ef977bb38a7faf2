import type { Hchan } from "../core/hchan.js";
import { hasAborted, reasonOf, signalChannel, type Abortable } from "../core/abort.js";
import { background, type Context } from "./context.js";
import { Chan, coreOf } from "./chan.js";
import type { RecvCase } from "./select.js";

/** What ends a wait early: a context that is over, or an AbortSignal that aborts. */
export type WaitLimit = Context | Abortable;

/** The same, as the operations that know contexts ask for it. */
export interface EndOfWait {
  /** Why it is over already; undefined: it is not. */
  over(): { readonly reason: unknown } | undefined;
  /** Closed when it is over. */
  readonly channel: Hchan;
  readonly closed: RecvCase<never>;
}

export function endOf(given: WaitLimit | undefined): EndOfWait {
  if (given !== undefined && !("done" in given)) return given.signal === undefined ? ofContext(background()) : ofSignal(given.signal);
  return ofContext(given ?? background());
}

function ofContext(ctx: Context): EndOfWait {
  const over = (): { readonly reason: unknown } | undefined => {
    const reason = ctx.err();
    return reason && { reason };
  };
  const done = ctx.done();
  return { over, channel: coreOf(done), closed: { direction: "recv", channel: done } };
}

function ofSignal(signal: AbortSignal): EndOfWait {
  const channel = signalChannel(signal);
  return { over: () => (hasAborted(signal) ? { reason: reasonOf(signal) } : undefined), channel, closed: { direction: "recv", channel: new Chan<never>(channel) } };
}

/** For code that has heard of the end, and has undone what it waited for. */
export function throwEnd(end: EndOfWait): never {
  const over = end.over();
  if (over === undefined) throw new Error("context over");
   
  throw over.reason;
}
