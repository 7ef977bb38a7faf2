import type { Platform } from "../core/platform.js";

interface VirtualMachine {
  createContext(globals: object): object;
  Script: new (code: string, options: { filename: string }) => { runInContext(context: object, options: { timeout: number }): unknown };
}

interface ProcessLike {
  readonly versions?: Readonly<Record<string, string>>;
  getBuiltinModule?(name: string): unknown;
  _tickCallback?(): void;
  setUncaughtExceptionCaptureCallback?(callback: (() => void) | null): void;
  hasUncaughtExceptionCaptureCallback?(): boolean;
}

type Guard = (work: () => void, milliseconds: number) => boolean;

/** Milliseconds. */
const SHORT = 50;
/** After a first time, it is known that it takes so long. */
const AGAIN = 200;

/**
 * Turns of the event loop, with all microtasks that follow on one, ended where they take too long: code that awaits in a
 * loop what has settled, or loops without an await, never lets the event loop turn, and nothing on its thread can tell. So
 * the microtasks are run (by `process._tickCallback`, what Node itself runs after each callback) inside a script of
 * node:vm, whose `timeout` is kept by a thread of its own, and ends them as V8's TerminateExecution does: the microtasks
 * that are left are dropped with it. Where there is no node:vm, nothing is ended.
 */
export class GuardedTurns {
  readonly #platform: Platform;
  readonly #limit: number;
  readonly #guard: Guard | undefined;
  #expired = false;
  #since = 0;
  #isInside = false;
  /** The turn at hand is not guarded. */
  #plain = false;
  #lose: (error: Error) => void = () => undefined;
  /** Rejected if Unpark's own work was ended. */
  readonly lost = new Promise<never>((_, reject) => (this.#lose = reject));
  /**
   * Told at once that what ran was ended; the microtasks that were waiting are gone. What it gives goes on, in a turn of its
   * own. Undefined: nothing of a run is going on.
   */
  onExpired: (() => () => void) | undefined;

  /** `limit`: milliseconds. */
  constructor(platform: Platform, limit: number) {
    this.#platform = platform;
    this.#limit = limit;
    this.#guard = guard();
    this.lost.catch(() => undefined);
  }

  get limit(): number {
    return Math.round(this.#expired ? Math.min(AGAIN, this.#limit) : this.#limit);
  }

  /** A turn after which nothing is ended: for work of Unpark's own. Before the program goes on, a guarded one is due. */
  plainTurn(): Promise<void> {
    return new Promise((resolve) =>
      this.#platform.macrotask(() => {
        this.#plain = true;
        resolve();
      }),
    );
  }

  /** One that has just begun, and is guarded, is as good as the next: a turn takes as long as ten short runs. */
  turn(): Promise<void> {
    if (this.#isInside && !this.isDue) return Promise.resolve();
    return new Promise((resolve) =>
      this.#platform.macrotask(() => {
        this.#since = this.#platform.now();
        this.#plain = false;
        this.#go(resolve);
      }),
    );
  }

  /**
   * Is it time for another? So that the time of many short things is not taken for that of one; and after a plain turn, for
   * in it a program that never lets go of its thread would never be ended.
   */
  get isDue(): boolean {
    return this.#guard !== undefined && (this.#plain || (this.#since > 0 && (this.#expired || this.#platform.now() - this.#since > Math.min(SHORT, this.#limit / 4))));
  }

  #go(work: () => void): void {
    if (this.#guard === undefined) return work();
    this.#isInside = true;
    const isOver = this.#guard(work, this.limit);
    this.#isInside = false;
    if (isOver) return;
    this.#expired = true;
    const { onExpired } = this;
    if (onExpired === undefined) {
      const error = new Error(`unpark: the machine was too busy: work that takes no time took ${this.limit} ms, and was ended; raise the budget, or patience`);
      this.#platform.macrotask(() => this.#lose(error)); // not here: what throws below leaves its microtasks, and where nothing else is to come they never run
      return unwindAsyncHooks();
    }
    this.onExpired = undefined;
    const goOn = onExpired();
    this.#platform.macrotask(() => this.#go(goOn));
    unwindAsyncHooks();
  }
}

/**
 * What was ended left Node's stack of async ids as it was in the middle of it, for which Node ends the process once the
 * callback returns. It clears that stack for a callback that throws (onGlobalUncaughtException in
 * lib/internal/process/execution.js): so this one throws, and what it throws is caught there.
 */
function unwindAsyncHooks(): void {
  const { process } = globalThis as { process?: ProcessLike };
  const set = process?.setUncaughtExceptionCaptureCallback?.bind(process);
  if (set === undefined || process?.hasUncaughtExceptionCaptureCallback?.() === true) return;
  set(() => set(null));
  throw new Error("unpark: a step was ended");
}

function guard(): Guard | undefined {
  const { process } = globalThis as { process?: ProcessLike };
  if (process?.versions?.["v8"] === undefined || process._tickCallback === undefined || "Deno" in globalThis || "Bun" in globalThis) return undefined;
  const vm = process.getBuiltinModule?.("node:vm") as VirtualMachine | undefined;
  if (vm === undefined) return undefined;
  const globals: { run?: () => void } = {};
  const context = vm.createContext(globals);
  const script = new vm.Script("run()", { filename: "node:unpark" });
  return (work, timeout) => {
    globals.run = (): void => {
      work();
      process._tickCallback!();
    };
    try {
      script.runInContext(context, { timeout });
      return true;
    } catch (error) {
      if ((error as { readonly code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
      throw error;
    } finally {
      delete globals.run;
    }
  };
}
