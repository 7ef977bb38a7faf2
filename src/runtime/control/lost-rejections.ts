interface ProcessLike {
  _tickCallback?(): void;
  getBuiltinModule?(name: string): unknown;
  rawListeners?(event: "unhandledRejection"): readonly unknown[];
  removeAllListeners?(event: "unhandledRejection"): unknown;
  on?(event: "unhandledRejection", listener: unknown): unknown;
}

/**
 * The rejections that nobody has handled yet. Where in production the event loop turns (an answer from outside, a timer), Node
 * takes each for an uncaught exception (processPromiseRejections in lib/internal/process/promises.js); under control the loop
 * does not turn there, so Node is asked (by `process._tickCallback`, what it runs itself after each callback).
 */
export class LostRejections {
  readonly #process: ProcessLike | undefined;
  #isFirst = true;

  constructor() {
    const { process } = globalThis as { readonly process?: ProcessLike };
    const real = (process?.getBuiltinModule?.("node:process") as ProcessLike | undefined) ?? process; // jest's tests have a copy
    if (real?._tickCallback !== undefined && real.rawListeners !== undefined && !("Deno" in globalThis) && !("Bun" in globalThis)) this.#process = real;
  }

  /** Told to whoever listens: of a run that is over, and of what was there before the first. */
  tell(): void {
    this.#process?._tickCallback!();
  }

  /** A run begins: what is left is of one that was given up, and says nothing. */
  begin(): void {
    if (this.#isFirst) this.tell();
    else this.take();
    this.#isFirst = false;
  }

  /** The first; Node has told nobody else of them. */
  take(): { readonly reason: unknown } | undefined {
    const process = this.#process;
    if (process === undefined) return undefined;
    const listeners = process.rawListeners!("unhandledRejection");
    const found: { readonly reason: unknown }[] = [];
    process.removeAllListeners!("unhandledRejection");
    process.on!("unhandledRejection", (reason: unknown) => void found.push({ reason }));
    try {
      process._tickCallback!();
    } finally {
      process.removeAllListeners!("unhandledRejection");
      for (const listener of listeners) process.on!("unhandledRejection", listener);
    }
    return found[0];
  }
}
