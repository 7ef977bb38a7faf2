/**
 * The only place where the runtime touches the machine: clocks, one timer, macrotasks, the end of the process.
 * Works in Node, Deno, Bun and browsers, with nothing imported.
 */
export interface Platform {
  /** Monotonic milliseconds, with fractions. */
  now(): number;
  /** Milliseconds since 1970. */
  wall(): number;
  /** Runs `task` once, after the microtasks that are queued, and after the event loop had a chance. */
  macrotask(task: () => void): void;
  /**
   * Runs `task` once no microtask is left, and before anything else happens: Node's nextTick. Browsers have nothing that
   * comes before every timer, message and answer of the network: there it is missing.
   */
  readonly afterMicrotasks?: (task: () => void) => void;
  /** Runs `task` once after `milliseconds`; returns what `clearTimer` takes. */
  setTimer(task: () => void, milliseconds: number): unknown;
  clearTimer(timer: unknown): void;
  /** Whether the process stays alive for a timer; by default it does. Browsers have no such thing. */
  holdTimer(timer: unknown, holds: boolean): void;
  /**
   * An unrecovered panic is an uncaught exception where somebody hears of one: a listener, a test runner, a worker's parent; who
   * only watches (uncaughtExceptionMonitor) hears of it, too. Else it ends the process as Go does (exit code 2, the text on
   * stderr); where there is no process, it is reported as an uncaught error.
   */
  fatal(text: string, error: unknown): void;
  /** Calls `then` when the process is about to end for want of anything to do; the result takes that back. */
  atIdleExit(then: () => void): () => void;
  /** A seed for fair choices. */
  seed(): number;
}

interface ProcessLike {
  exit?(code: number): void;
  readonly stderr?: { write(text: string): unknown };
  nextTick?(task: () => void): void;
  listenerCount?(event: "uncaughtException" | "uncaughtExceptionMonitor"): number;
  emit?(event: "uncaughtExceptionMonitor", error: unknown, origin: string): boolean;
  getBuiltinModule?(name: string): unknown;
  hasUncaughtExceptionCaptureCallback?(): boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
  once?(event: "beforeExit", then: () => void): unknown;
  off?(event: "beforeExit", then: () => void): unknown;
}

/** Node's and Bun's. */
interface TimerLike {
  ref?(): void;
  unref?(): void;
}

const global = globalThis as typeof globalThis & {
  readonly setImmediate?: (task: () => void) => unknown;
  readonly reportError?: (error: unknown) => void;
  readonly process?: ProcessLike;
};

/**
 * As they were when the module was loaded: fake timers of a test runner (which put others in their place, later) are
 * meant for what a program waits for, not for how its goroutines take turns.
 */
const setImmediate = global.setImmediate?.bind(globalThis);
const nextTick = global.process?.nextTick?.bind(global.process);
const microtask = globalThis.queueMicrotask.bind(globalThis);

/** Browsers clamp nested setTimeout to 4 ms; a message to oneself is not clamped. */
function messageMacrotask(): (task: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const tasks: (() => void)[] = [];
  port1.onmessage = () => tasks.shift()?.();
  return (task) => {
    tasks.push(task);
    port2.postMessage(undefined);
  };
}

function isHeard(process: ProcessLike | undefined): boolean {
  if (process === undefined) return false;
  const handled = process.listenerCount?.("uncaughtException") ?? 0;
  // Jest hands its tests a copy of `process`, and listens at the real one.
  const worker = process.getBuiltinModule?.("node:worker_threads") as { readonly isMainThread?: boolean } | undefined;
  if (worker?.isMainThread === false) return true; // its parent is told, as the worker's error
  return handled > 0 || process.hasUncaughtExceptionCaptureCallback?.() === true || process.env?.["JEST_WORKER_ID"] !== undefined;
}

export function defaultPlatform(): Platform {
  let post: ((task: () => void) => void) | undefined;
  return {
    now: () => performance.now(),
    wall: () => Date.now(),
    macrotask(task) {
      if (setImmediate) setImmediate(task);
      else (post ??= messageMacrotask())(task);
    },
    // From within a microtask: asked for anywhere else, a tick comes before the microtasks.
    ...(nextTick ? { afterMicrotasks: (task: () => void) => microtask(() => nextTick(task)) } : {}),
    setTimer: (task, milliseconds) => setTimeout(task, milliseconds),
    clearTimer: (timer) => clearTimeout(timer as number),
    holdTimer(timer, holds) {
      if (typeof timer !== "object") return;
      if (holds) (timer as TimerLike).ref?.();
      else (timer as TimerLike).unref?.();
    },
    fatal(text, error) {
      if (isHeard(global.process)) {
        microtask(() => {
          throw error; // an uncaught exception: whoever listens (a test runner, a reporter of errors) gets it whole
        });
      } else if (global.process?.exit && global.process.stderr) {
        if ((global.process.listenerCount?.("uncaughtExceptionMonitor") ?? 0) > 0) global.process.emit?.("uncaughtExceptionMonitor", error, "uncaughtException");
        global.process.stderr.write(text);
        global.process.exit(2);
      } else if (global.reportError) {
        console.error(text);
        global.reportError(error);
      } else console.error(text, error);
    },
    atIdleExit(then) {
      global.process?.once?.("beforeExit", then);
      return () => void global.process?.off?.("beforeExit", then);
    },
    seed: () => Math.floor(Math.random() * 0x1_0000_0000),
  };
}
