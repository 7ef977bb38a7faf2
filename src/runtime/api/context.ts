import { CancelContext, cancelContextOf } from "./cancel-context.js";
import type { Context } from "./context-interface.js";
import { durationOf, type DurationLike, type DurationArgument } from "./duration.js";
import { go } from "./go.js";
import { afterFunc as timerAfterFunc, now, type Time } from "./time.js";
import { DetachedContext, EmptyContext, ValueContext } from "./value-contexts.js";

export type { Context } from "./context-interface.js";

/** Why a context is over that was cancelled. Go's package context. */
export class Canceled extends Error {
  constructor() {
    super("context canceled");
    this.name = "Canceled";
  }
}

/** Why a context is over whose time has come. */
export class DeadlineExceeded extends Error {
  constructor() {
    super("context deadline exceeded");
    this.name = "DeadlineExceeded";
  }
}

/** Ends a context; `await` it, for under control each channel that it closes is an event. */
export type CancelFunc = () => Promise<void>;
/** The same, with the reason that `cause` tells. */
export type CancelCauseFunc = (cause?: Error) => Promise<void>;

/** `await using scope = withCancel(parent)` cancels where the block ends. Also `[ctx, cancel]`, as in Go. */
export interface Cancellable<F> extends Iterable<Context | F> {
  /** The context. */
  readonly ctx: Context;
  /** Ends it. */
  readonly cancel: F;
  /** `[ctx, cancel]`. */
  [Symbol.iterator](): Iterator<Context | F> & { next(): IteratorResult<never> };
  /** Cancels. */
  [Symbol.asyncDispose](): Promise<void>;
}

const BACKGROUND: Context = new EmptyContext();
/**
 * Never over, no values, no deadline.
 *
 * @example
 * assert.equal(context.background().err(), undefined);
 */
export const background = (): Context => BACKGROUND;
/** `background`, where it is not clear yet which context to use. */
export const todo = background;

function pair<F extends () => Promise<void>>(ctx: Context, cancel: F): Cancellable<F> & readonly [Context, F] {
  const both: [Context, F] = [ctx, cancel];
  return Object.assign(both, { ctx, cancel, [Symbol.asyncDispose]: () => cancel() }) as unknown as Cancellable<F> &
    readonly [Context, F];
}

/**
 * A context that `cancel` ends. Call it on every path, or the context and who waits for it stay.
 *
 * @param parent when that is over, it is, too.
 * @example
 * const [ctx, cancel] = context.withCancel(context.background());
 * const worker = go(() => ctx.done().recv());
 * await cancel();
 * await worker.join();
 * assert.ok(ctx.err() instanceof context.Canceled);
 */
export function withCancel(parent: Context): Cancellable<CancelFunc> & readonly [Context, CancelFunc] {
  const ctx = new CancelContext(parent);
  return pair(ctx, () => ctx.cancel(new Canceled(), undefined));
}

/**
 * The same, with a reason: `cause(ctx)` is what `cancel` was given. `parent`: as for `withCancel`.
 *
 * @example
 * const [ctx, cancel] = context.withCancelCause(context.background());
 * await cancel(new Error("disk full"));
 * assert.equal(context.cause(ctx)?.message, "disk full");
 */
export function withCancelCause(parent: Context): Cancellable<CancelCauseFunc> & readonly [Context, CancelCauseFunc] {
  const ctx = new CancelContext(parent);
  return pair(ctx, (cause?: Error) => ctx.cancel(new Canceled(), cause));
}

/**
 * A context that is over at `until`, or with its `parent`, if that is sooner: `err()` is then DeadlineExceeded.
 *
 * @example
 * const [ctx, cancel] = context.withDeadline(context.background(), time.now().add("1ms"));
 * await ctx.done().recv();
 * assert.ok(ctx.err() instanceof context.DeadlineExceeded);
 * await cancel();
 */
export function withDeadline(parent: Context, until: Time): Cancellable<CancelFunc> & readonly [Context, CancelFunc] {
  const sooner = parent.deadline();
  if (sooner !== undefined && !until.before(sooner)) return withCancel(parent); // the parent's comes first
  const ctx = new CancelContext(parent, until);
  if (ctx.err() === undefined) {
    ctx.timer = timerAfterFunc(until.sub(now()), function contextDeadline() {
      return ctx.cancel(new DeadlineExceeded(), undefined);
    });
  }
  return pair(ctx, () => ctx.cancel(new Canceled(), undefined));
}

/**
 * The same by how long it has.
 *
 * @param parent when that is over, it is, too.
 * @param timeout a duration: "500ms", time.ms(500), or a number of nanoseconds.
 * @throws RangeError for what is no duration.
 * @example
 * const [ctx, cancel] = context.withTimeout(context.background(), "1ms");
 * await ctx.done().recv();
 * await cancel();
 */
export function withTimeout<D extends DurationLike>(parent: Context, timeout: DurationArgument<D>): Cancellable<CancelFunc> & readonly [Context, CancelFunc] {
  return withDeadline(parent, now().add(durationOf(timeout, "context.withTimeout")));
}

/**
 * `parent`, with a `value` for `key`, which is compared by `===`.
 *
 * @example
 * const ctx = context.withValue(context.background(), "user", 7);
 * assert.equal(ctx.value("user"), 7);
 */
export const withValue = (parent: Context, key: unknown, value: unknown): Context => new ValueContext(parent, key, value);
/**
 * Its values are those of `parent`, but it lives on when that is over.
 *
 * @example
 * const [ctx, cancel] = context.withCancel(context.background());
 * await cancel();
 * assert.equal(context.withoutCancel(ctx).err(), undefined);
 */
export const withoutCancel = (parent: Context): Context => new DetachedContext(parent);

/**
 * Why `ctx` is over: what `withCancelCause` was given, else `err()`; undefined while it is not.
 *
 * @example
 * assert.equal(context.cause(context.background()), undefined);
 */
export function cause(ctx: Context): Error | undefined {
  const above = cancelContextOf(ctx);
  return above === undefined ? ctx.err() : above.cause();
}

/**
 * Runs `body` in a goroutine of its own once `ctx` is over.
 *
 * @returns unregisters it: true if it had not begun.
 * @example
 * const [ctx, cancel] = context.withCancel(context.background());
 * const said = new Chan<string>(1);
 * context.afterFunc(ctx, () => said.send("over"));
 * await cancel();
 * assert.equal(await said.recv(), "over");
 */
export function afterFunc(ctx: Context, body: () => unknown): () => boolean {
  const above = cancelContextOf(ctx);
  if (above === undefined) return () => true;
  // A fresh function each time, so that one body registered twice is two registrations.
  const registered = (): unknown => body();
  if (!above.onEnd(registered)) go(registered);
  return () => above.offEnd(registered);
}

/**
 * A context that is over when `signal` aborts, or its `parent` is over: for code that is handed an AbortSignal. Outside control only.
 *
 * @example
 * const controller = new AbortController();
 * const { ctx } = context.fromSignal(context.background(), controller.signal);
 * controller.abort();
 * await ctx.done().recv();
 */
export function fromSignal(parent: Context, signal: AbortSignal): Cancellable<CancelFunc> & readonly [Context, CancelFunc] {
  const ctx = new CancelContext(parent);
  const abort = (): void =>
    void ctx.cancel(new Canceled(), signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return pair(ctx, () => {
    signal.removeEventListener("abort", abort);
    return ctx.cancel(new Canceled(), undefined);
  });
}
