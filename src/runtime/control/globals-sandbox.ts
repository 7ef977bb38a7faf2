import type { OperationControl } from "../core/pending-operation.js";
import type { MicrotaskEnd } from "./microtask-end.js";
import { virtualDate } from "./virtual-date.js";

/** Where what a program under control prints goes. */
export type Output = (stream: "stdout" | "stderr", text: string) => void;

/**
 * What stands around the steps of a run: the platform's ways to print, to draw and to read the clock are the run's
 * while a step lasts, and the real ones in between.
 */
export class GlobalsSandbox {
  readonly #output: Output;
  readonly microtasks: MicrotaskEnd;
  constructor(microtasks: MicrotaskEnd, output: Output) {
    this.microtasks = microtasks;
    this.#output = output;
  }

  print(stream: "stdout" | "stderr", text: string): void {
    this.#output(stream, text);
  }

  /** The same, with nothing printed. */
  silent(): GlobalsSandbox {
    return new GlobalsSandbox(this.microtasks, () => undefined);
  }

  /** Replaces `console`, `Math.random` and `Date`; the result puts them back. The rest: virtual-globals.ts. */
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
    const wall = (): number => Number(control.clock.wallOf(control.clock.read()) / 1_000_000n);
    Date.now = wall;
    globalThis.Date = virtualDate(Date, wall);
    return () => {
      console.log = log;
      console.info = info;
      console.debug = debug;
      console.warn = warn;
      console.error = error;
      Math.random = random;
      Date.now = now;
      globalThis.Date = Date;
    };
  }
}

const printed = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
};
