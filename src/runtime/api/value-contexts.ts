import { Chan, type RecvChan } from "./chan.js";
import type { Context } from "./context-interface.js";
import type { Time } from "./time.js";

const NEVER = Chan.nil<never>();

/** Never over, no values, no deadline. */
export class EmptyContext implements Context {
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

/** Its parent, and one value. */
export class ValueContext implements Context {
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
export class DetachedContext extends EmptyContext {
  readonly #parent: Context;

  constructor(parent: Context) {
    super();
    this.#parent = parent;
  }

  override value(key?: unknown): undefined {
    return this.#parent.value(key) as undefined;
  }
}
