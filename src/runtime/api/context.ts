import { Chan, coreOf, type RecvChan } from "./chan.js";
import { go } from "./go.js";
import { OwnSignal } from "../core/abort.js";
import { Hchan } from "../core/hchan.js";
import { ObjectOperation } from "../core/object-operations.js";
import { durationOf, type DurationLike, type DurationArgument } from "./duration.js";
import { afterFunc as timerAfterFunc, now, type Time, type Timer } from "./time.js";
import { world } from "../core/current-runtime.js";

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

const NEVER = Chan.nil<never>();

class Empty implements Context {
  done(): RecvChan<never> {
    return NEVER;
  }
  err(): undefined {
    return undefined;
  }
  deadline(): undefined {
    return undefined;
  }
  value(): undefined {
    return undefined;
  }
  get signal(): AbortSignal {
    return new AbortController().signal;
  }
}

const BACKGROUND: Context = new Empty();
/**
 * Never over, no values, no deadline.
 *
 * @example
 * assert.equal(context.background().err(), undefined);
 */
export const background = (): Context => BACKGROUND;
/** `background`, where it is not clear yet which context to use. */
export const todo = background;

/** Go's cancelCtx (context.go). K1. A child is over no later than its parent: the parent's cancel ends both, parent first. */
class CancelContext implements Context {
  readonly parent: Context;
  readonly #done = new Chan<never>(new Hchan(0, { label: { kind: "context" } }));
  readonly #children = new Set<CancelContext>();
  readonly #until: Time | undefined;
  #err: Error | undefined;
  #cause: Error | undefined;
  readonly #signal = new OwnSignal();
  timer: Timer | undefined;
  /** AfterFunc's registrations: run, once, when it is over. */
  readonly #after = new Set<() => unknown>();

  constructor(parent: Context, until?: Time) {
    this.parent = parent;
    this.#until = until;
    const above = cancelContextOf(parent);
    if (above === undefined) return;
    above.#touch();
    if (above.#err !== undefined) this.#end(above.#err, above.#cause ?? above.#err);
    else above.#children.add(this);
  }

  done(): RecvChan<never> {
    return this.#done;
  }

  err(): Error | undefined {
    const core = coreOf(this.#done);
    if (world.control !== undefined && core.owningRun === world.control) world.control.touch(core.object, "load");
    return this.#err;
  }

  deadline(): Time | undefined {
    return this.#until ?? this.parent.deadline();
  }

  value(key: unknown): unknown {
    return this.parent.value(key);
  }

  cause(): Error | undefined {
    return this.#err === undefined ? undefined : this.#cause;
  }

  get signal(): AbortSignal {
    const { signal } = this.#signal;
    if (this.#err !== undefined) this.#signal.abort(this.#cause);
    return signal;
  }

  /** Each close is an event of its own, as each is in Go (context.go, cancelCtx.cancel). */
  async cancel(err: Error, cause: Error | undefined, byParent = false): Promise<void> {
    const core = coreOf(this.#done);
    // Whether it is over already is asked in the step that ends it, not before: another may cancel in between.
    const end = (): readonly CancelContext[] | undefined => this.#end(err, cause ?? err);
    const children =
      world.control === undefined ? end() : await world.control.stop<readonly CancelContext[] | undefined>(new ObjectOperation(core, "close", end));
    if (children === undefined) return;
    for (const child of children) await child.cancel(err, cause, true);
    const above = byParent ? undefined : cancelContextOf(this.parent);
    if (above !== undefined) {
      above.#touch();
      above.#children.delete(this);
    }
    await this.timer?.stop();
  }

  /** Under control: this step depends on everything that is done to this context. */
  #touch(): void {
    const core = coreOf(this.#done);
    if (world.control !== undefined && core.owningRun === world.control) world.control.touch(core.object, "store");
  }

  /** False when it is over already. */
  onEnd(body: () => unknown): boolean {
    this.#touch();
    if (this.#err === undefined) this.#after.add(body);
    return this.#err === undefined;
  }

  offEnd(body: () => unknown): boolean {
    this.#touch();
    return this.#after.delete(body);
  }

  /** Gives the children, which are to end, too; undefined when it was over. */
  #end(err: Error, cause: Error): readonly CancelContext[] | undefined {
    if (this.#err !== undefined) return undefined;
    this.#err = err;
    this.#cause = cause;
    coreOf(this.#done).close();
    if (this.#signal.isMade) this.#signal.abort(cause);
    for (const body of this.#after) go(body);
    this.#after.clear();
    const children = [...this.#children];
    this.#children.clear();
    return children;
  }
}

class ValueContext implements Context {
  readonly parent: Context;
  readonly #key: unknown;
  readonly #value: unknown;

  constructor(parent: Context, key: unknown, value: unknown) {
    this.parent = parent;
    this.#key = key;
    this.#value = value;
  }

  done(): RecvChan<never> {
    return this.parent.done();
  }
  err(): Error | undefined {
    return this.parent.err();
  }
  deadline(): Time | undefined {
    return this.parent.deadline();
  }
  value(key: unknown): unknown {
    return key === this.#key ? this.#value : this.parent.value(key);
  }
  get signal(): AbortSignal {
    return this.parent.signal;
  }
}

/** Lives on when its parent is over (context.WithoutCancel). */
class DetachedContext extends Empty {
  readonly #parent: Context;

  constructor(parent: Context) {
    super();
    this.#parent = parent;
  }

  override value(key?: unknown): undefined {
    return this.#parent.value(key) as undefined;
  }
}

function cancelContextOf(ctx: Context): CancelContext | undefined {
  if (ctx instanceof CancelContext) return ctx;
  return ctx instanceof ValueContext ? cancelContextOf(ctx.parent) : undefined;
}

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
