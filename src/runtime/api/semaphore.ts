import type { OpOf } from "../../model/operation.js";
import { background, type Context } from "./context.js";
import { Chan, coreOf } from "./chan.js";
import { FatalError, placeOf } from "./panic.js";
import { SyncObject, placeNow } from "../core/sync-object.js";
import { recv, select } from "./select.js";
import { ObjectOperation } from "../core/object-operations.js";
import { control, scheduler, currentName, rejected } from "../core/current-runtime.js";

interface Request {
  readonly weight: number;
  readonly granted: Chan<never>;
}

/**
 * golang.org/x/sync/semaphore.Weighted: first come, first served, so that a large request is not starved by small
 * ones. A waiter waits on a channel of its own, as there, so that `acquire` can be left when its context is over.
 */
export class Weighted {
  readonly #part = new SyncObject();
  readonly #size: number;
  readonly #waiting: Request[] = [];
  #used = 0;
  #releasedAt: Error | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  /** Throws the context's error when that is over first. */
  async acquire(weight: number, ctx: Context = background()): Promise<void> {
    const request: Request = { weight, granted: new Chan<never>() };
    const at = await this.#act("semacquire", () => {
      if (this.#used + weight <= this.#size && this.#waiting.length === 0) {
        this.#used += weight;
        return true;
      }
      if (weight <= this.#size) this.#waiting.push(request); // a hopeless one waits for its context alone
      return false;
    });
    if (at) return;
    if ((await select(recv(request.granted), recv(ctx.done()))).index === 0) return;
    const left = await this.#act("semleave", () => this.#leave(request));
    if (left) throw ctx.err() ?? new Error("context over");
  }

  tryAcquire(weight: number): Promise<boolean> {
    return this.#act("trysemacquire", () => {
      const free = this.#used + weight <= this.#size && this.#waiting.length === 0;
      if (free) this.#used += weight;
      return free;
    });
  }

  release(weight: number): Promise<void> {
    return this.#act("semrelease", () => {
      if (weight > this.#used) throw new FatalError("semaphore: released more than held", currentName(), placeOf(this.#releasedAt));
      this.#releasedAt = placeNow();
      this.#used -= weight;
      this.#grant();
    });
  }

  /** False when it was granted in the meantime. */
  #leave(request: Request): boolean {
    const at = this.#waiting.indexOf(request);
    if (at < 0) return coreOf(request.granted).closed === false;
    this.#waiting.splice(at, 1);
    this.#grant();
    return true;
  }

  #grant(): void {
    for (let first = this.#waiting[0]; first !== undefined && this.#used + first.weight <= this.#size; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#used += first.weight;
      coreOf(first.granted).close();
    }
  }

  #act<T>(op: OpOf<"semaphore">, perform: () => T): Promise<T> {
    if (control !== undefined) return control.stop<T>(new ObjectOperation(this.#part, op, perform));
    try {
      return scheduler.give(perform()) as Promise<T>;
    } catch (error) {
      return rejected(error);
    }
  }
}
