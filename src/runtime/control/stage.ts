import type { Platform } from "../platform.js";
import type { Control } from "../control.js";
import type { Member } from "./member.js";

/** Where what a program under control prints goes. */
export type Output = (stream: "stdout" | "stderr", text: string) => void;

/**
 * What stands around the steps of a run: the platform's ways to print, to draw and to read the clock are the run's
 * while a step lasts, and the real ones in between. And the look-out for foreign promises.
 */
export class Stage {
  readonly #platform: Platform;
  readonly #output: Output;
  #watched: (() => void) | undefined;
  #armed = false;
  /** Says where a promise was awaited, where somebody can tell (the Node entry). */
  readonly awaited: (member: Member) => string;

  constructor(platform: Platform, output: Output, awaited: (member: Member) => string = () => "") {
    this.#platform = platform;
    this.#output = output;
    this.awaited = awaited;
  }

  /** Replaces `console`, `Math.random` and `Date.now`; the result puts them back. */
  enter(control: Control, muted: () => boolean): () => void {
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
      Object.assign(console, { log, info, debug, warn, error });
      Math.random = random;
      Date.now = now;
    };
  }

  /** Calls `late` if a macrotask comes before the next `watch`: then no microtask is left, and somebody still waits. */
  watch(late: () => void): void {
    this.#watched = late;
    if (this.#armed) return;
    this.#armed = true;
    this.#platform.macrotask(() => {
      this.#armed = false;
      this.#watched?.();
    });
  }
}

const printed = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
};
