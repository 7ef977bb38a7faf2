import { Chan, coreOf, type RecvChan } from "./chan.js";
import { go } from "./go.js";
import { OwnSignal } from "../core/abort.js";
import { world } from "../core/current-runtime.js";
import { Hchan } from "../core/hchan.js";
import { ObjectOperation } from "../core/object-operations.js";
import type { Context } from "./context-interface.js";
import type { Time, Timer } from "./time.js";
import { ValueContext } from "./value-contexts.js";

/** Go's cancelCtx (context.go). K1. A child is over no later than its parent: the parent's cancel ends both, parent first. */
export class CancelContext implements Context {
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

/** The context that ends `ctx`; undefined: none that we know. */
export function cancelContextOf(ctx: Context): CancelContext | undefined {
  if (ctx instanceof CancelContext) return ctx;
  return ctx instanceof ValueContext ? cancelContextOf(ctx.parent) : undefined;
}
