import { withCancelCause, type CancelCauseFunc, type Context } from "./context.js";
import { go } from "./go.js";
import { WaitGroup } from "./wait-group.js";
import { Weighted } from "./semaphore.js";

/** golang.org/x/sync/errgroup: goroutines of one task, its first error, and at most so many at once. */
export class ErrGroup {
  readonly #group = new WaitGroup();
  readonly #cancel: CancelCauseFunc | undefined;
  #limit: Weighted | undefined;
  #failure: { readonly error: Error } | undefined;

  constructor(cancel?: CancelCauseFunc) {
    this.#cancel = cancel;
  }

  /** At most `n` at a time from now on; call it before the first `go`. */
  setLimit(n: number): void {
    this.#limit = new Weighted(n);
  }

  /** Starts `body`, waiting first for a free place. What it throws is its error, not a panic. */
  async go(body: () => unknown): Promise<void> {
    await this.#limit?.acquire(1);
    await this.#start(body);
  }

  /** False, and nothing started, when no place is free. */
  async tryGo(body: () => unknown): Promise<boolean> {
    if (this.#limit !== undefined && !(await this.#limit.tryAcquire(1))) return false;
    await this.#start(body);
    return true;
  }

  /** Waits for all; throws the first error. */
  async wait(): Promise<void> {
    await this.#group.wait();
    await this.#cancel?.(this.#failure?.error);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #start(body: () => unknown): Promise<void> {
    await this.#group.add(1);
    go(async () => {
      try {
        await body();
      } catch (error) {
        if (this.#failure === undefined) {
          this.#failure = { error: error instanceof Error ? error : new Error(String(error)) };
          await this.#cancel?.(this.#failure.error);
        }
      } finally {
        await this.#limit?.release(1);
        await this.#group.done();
      }
    });
  }
}

/** The group's context is over at its first error, or when `wait` returns. */
export function withContext(parent: Context): readonly [ErrGroup, Context] {
  const [ctx, cancel] = withCancelCause(parent);
  return [new ErrGroup(cancel), ctx];
}
