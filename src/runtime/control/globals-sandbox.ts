import type { OperationControl } from "../core/pending-operation.js";
import type { GuardedTurns } from "./guarded-turns.js";
import type { MicrotaskEnd } from "./microtask-end.js";
import { virtualDate } from "./virtual-date.js";

/** Where what a program under control prints goes. */
export type Output = (stream: "stdout" | "stderr", text: string) => void;

/**
 * What stands around the steps of a run: the platform's ways to print, to draw and to read the clock are the run's
 * while a step lasts, and the real ones in between.
 */
export class GlobalsSandbox {
  readonly #output: Output | undefined;
  #replacements: Replacements | undefined;
  readonly microtasks: MicrotaskEnd;
  readonly turns: GuardedTurns;
  constructor(microtasks: MicrotaskEnd, turns: GuardedTurns, output: Output | undefined) {
    this.microtasks = microtasks;
    this.turns = turns;
    this.#output = output;
  }

  /** `text` is asked for only if it is read: stacks cost more than runs. */
  print(stream: "stdout" | "stderr", text: () => string): void {
    this.#output?.(stream, text());
  }

  /** The same, with nothing printed. */
  silent(): GlobalsSandbox {
    return new GlobalsSandbox(this.microtasks, this.turns, undefined);
  }

  /** Replaces `console`, `Math.random` and `Date`; the result puts them back. The rest: virtual-globals.ts. */
  enter(control: OperationControl, muted: () => boolean): () => void {
    const { console, Math, Date } = globalThis;
    const { log, info, debug, warn, error } = console;
    const { random } = Math;
    const { now } = Date;
    const own = (this.#replacements ??= this.#replacementsFor(control, muted, Date));
    console.log = console.info = console.debug = own.out;
    console.warn = console.error = own.err;
    Math.random = own.random;
    Date.now = own.now;
    globalThis.Date = own.date;
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

  #replacementsFor(control: OperationControl, muted: () => boolean, real: DateConstructor): Replacements {
    const out = (stream: "stdout" | "stderr") => (...args: unknown[]): void => {
      if (this.#output !== undefined && !muted()) this.#output(stream, `${args.map(printed).join(" ")}\n`);
    };
    const now = (): number => Number(control.clock.wallOf(control.clock.read()) / 1_000_000n);
    return { out: out("stdout"), err: out("stderr"), random: () => control.random(), now, date: virtualDate(real, now) };
  }
}

/** Of one run: made once, for steps are many. */
interface Replacements {
  readonly out: (...args: unknown[]) => void;
  readonly err: (...args: unknown[]) => void;
  readonly random: () => number;
  readonly now: () => number;
  readonly date: DateConstructor;
}

const printed = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
};
