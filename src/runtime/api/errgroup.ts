import { withCancelCause, type CancelCauseFunc, type Context } from "./context.js";
import { calledAs, go } from "./go.js";
import type { Abortable } from "../core/abort.js";
import { WaitGroup } from "./wait-group.js";
import { Weighted } from "./semaphore.js";

/**
 * golang.org/x/sync/errgroup: goroutines of one task, its first error, and at most so many at once.
 *
 * @example
 * const group = new errgroup.ErrGroup();
 * group.setLimit(1);
 * await group.go(() => panic("first"));
 * await group.go(() => panic("second"));
 * await assert.rejects(group.wait(), /first/);
 */
export class ErrGroup {
  readonly #group = new WaitGroup({ kind: "errgroup" });
  readonly #cancel: CancelCauseFunc | undefined;
  #limit: Weighted | undefined;
  #failure: { readonly error: Error } | undefined;

  /** @param cancel is called at the first error, and when `wait` returns: `withContext` makes one. */
  constructor(cancel?: CancelCauseFunc) {
    this.#cancel = cancel;
  }

  /**
   * At most so many at a time from now on; call it before the first `go`.
   *
   * @param n how many goroutines.
   */
  setLimit(n: number): void {
    this.#limit = new Weighted(n);
  }

  /**
   * Starts `body`, waiting first for a free place. What it throws is its error, not a panic.
   *
   * @throws the reason of the signal in `options`, when that aborts while it waits.
   */
  async go(body: () => unknown, options?: Abortable): Promise<void> {
    await this.#limit?.acquire(1, options);
    await this.#start(body);
  }

  /** Starts `body` if a place is free; false, and nothing started, when none is. */
  async tryGo(body: () => unknown): Promise<boolean> {
    if (this.#limit !== undefined && !(await this.#limit.tryAcquire(1))) return false;
    await this.#start(body);
    return true;
  }

  /**
   * Waits for all. An AbortSignal in `options` ends the waiting alone: `fail` is what ends the group.
   *
   * @throws the first error.
   */
  async wait(options?: Abortable): Promise<void> {
    await this.#group.wait(options);
    await this.#cancel?.(this.#failure?.error);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** As if one of its goroutines had thrown `error`. The first counts. */
  async fail(error: unknown): Promise<void> {
    if (this.#failure !== undefined) return;
    this.#failure = { error: error instanceof Error ? error : new Error(String(error)) };
    await this.#cancel?.(this.#failure.error);
  }

  async #start(body: () => unknown): Promise<void> {
    await this.#group.add(1);
    const member = async (): Promise<void> => {
      try {
        await body();
      } catch (error) {
        await this.fail(error);
      } finally {
        await this.#limit?.release(1);
        await this.#group.done();
      }
    };
    go(calledAs(body, member));
  }
}

/**
 * A group, and a context below `parent` that is over at its first error, or when `wait` returns.
 *
 * @example
 * const [group, ctx] = errgroup.withContext(context.background());
 * await group.go(() => panic("broken"));
 * await group.go(() => ctx.done().recv());
 * await assert.rejects(group.wait(), /broken/);
 */
export function withContext(parent: Context): readonly [ErrGroup, Context] {
  const [ctx, cancel] = withCancelCause(parent);
  return [new ErrGroup(cancel), ctx];
}

/**
 * Structured concurrency: nothing that `body` starts by the group outlives it. Its context is over at the first error, of the
 * body or of one of its goroutines, and when all are over.
 *
 * @param parent when that is over, its context is, too.
 * @param body is given the group and the context.
 * @returns what `body` gives, once everything that it started is over.
 * @throws the first error.
 * @example
 * const both = await errgroup.scope(context.background(), async (group, ctx) => {
 *   const answers = new Chan<number>(2);
 *   for (const n of [1, 2]) await group.go(() => answers.send(n * (ctx.err() === undefined ? 10 : 0)));
 *   return [await answers.recv(), await answers.recv()];
 * });
 * assert.deepEqual(both.sort(), [10, 20]);
 */
export async function scope<T>(parent: Context, body: (group: ErrGroup, ctx: Context) => T | PromiseLike<T>): Promise<T> {
  const [group, ctx] = withContext(parent);
  let given: { readonly value: T } | undefined;
  try {
    given = { value: await body(group, ctx) };
  } catch (error) {
    await group.fail(error);
  }
  await group.wait();
  return given!.value;
}
