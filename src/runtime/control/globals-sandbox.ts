import type { Platform } from "../core/platform.js";
import type { OperationControl } from "../core/pending-operation.js";

/** Where what a program under control prints goes. */
export type Output = (stream: "stdout" | "stderr", text: string) => void;

const RESOLVED = Promise.resolve();

/** About a tenth of a second. */
const MANY_ROUNDS = 1_000_000;

/**
 * Notices that no microtask is left while a goroutine is still in flight. One for all runs of a program, for the event
 * loop may not turn for thousands of runs.
 *
 * In a browser nobody can tell that no microtask is left before the event loop turns, and once it has turned it is too
 * late: what was awaited may have answered, and the run goes on as if it were repeatable (a `data:` fetch overtook every
 * message in Chromium 156). So there the loop is kept from turning, by a microtask that queues itself for as long as a
 * goroutine is in flight; after very many rounds the goroutine is taken for one that awaits something foreign.
 */
export class ForeignAwaitDetector {
  readonly #platform: Platform;
  #late: (() => void) | undefined;
  #armed = false;
  #rounds = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** The next macrotask. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.#platform.macrotask(resolve));
  }

  /** Calls `late` once no microtask is left, unless `watch` was called again before. */
  watch(late: (() => void) | undefined): void {
    this.#late = late;
    this.#rounds = 0;
    if (this.#armed || late === undefined) return;
    this.#armed = true;
    const { afterMicrotasks } = this.#platform;
    if (afterMicrotasks) afterMicrotasks(this.#noneLeft);
    else this.#round();
  }

  readonly #noneLeft = (): void => {
    this.#armed = false;
    this.#late?.();
  };

  readonly #round = (): void => {
    if (this.#late === undefined || ++this.#rounds > MANY_ROUNDS) this.#noneLeft();
    else void RESOLVED.then(this.#round); // queueMicrotask takes ten times as long in Chromium
  };
}

/**
 * What stands around the steps of a run: the platform's ways to print, to draw and to read the clock are the run's
 * while a step lasts, and the real ones in between.
 */
export class GlobalsSandbox {
  readonly #output: Output;
  readonly lookout: ForeignAwaitDetector;
  constructor(lookout: ForeignAwaitDetector, output: Output) {
    this.lookout = lookout;
    this.#output = output;
  }

  print(stream: "stdout" | "stderr", text: string): void {
    this.#output(stream, text);
  }

  /** The same, with nothing printed. */
  silent(): GlobalsSandbox {
    return new GlobalsSandbox(this.lookout, () => undefined);
  }

  /** Replaces `console`, `Math.random` and `Date.now`; the result puts them back. */
  enter(control: OperationControl, muted: () => boolean): () => void {
    const { console, Math, Date } = globalThis;
    const { log, info, debug, warn, error } = console;
    const { random } = Math;
    const { now } = Date;
    const out = (stream: "stdout" | "stderr") => (...args: unknown[]): void => {
      if (!muted()) this.#output(stream, `${args.map(printed).join(" ")}\n`);
    };
    console.log = console.info = console.debug = out("stdout");
    console.warn = console.error = out("stderr");
    Math.random = () => control.random();
    Date.now = () => Number(control.clock.wallOf(control.clock.read()) / 1_000_000n);
    return () => {
      console.log = log;
      console.info = info;
      console.debug = debug;
      console.warn = warn;
      console.error = error;
      Math.random = random;
      Date.now = now;
    };
  }
}

const printed = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
};
