import { signalAborts, signalIsMade } from "../core/abort.js";
import { world } from "../core/current-runtime.js";
import type { OperationControl } from "../core/pending-operation.js";
import { abortableTimer, repeatedTimers, type WaitOptions } from "./virtual-timer-promises.js";
import { untold, untoldFunctions } from "./untold-jobs.js";
import { VirtualTimeout, virtualTimeout, type TimeoutOptions } from "./virtual-timeout.js";

/**
 * While a step of a controlled run lasts, timers, clocks and randomness are the run's, however the program got hold of
 * them: as globals, or imported from node:timers, node:timers/promises, node:crypto. What stands in their place asks
 * whether a run is in force, and is the platform's own in every other moment; so it is put there once, and stays.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is wrapped has any signature
type Args = any[];
type Call = (this: unknown, ...args: Args) => unknown;
/** An object of the platform, whose functions are replaced. */
type Holder = Record<PropertyKey, unknown>;

/** The program's own `process.nextTick` calls that have not run yet: a step is not over before them. */
export const ticks = { pending: 0 };

/** Marks a replacement, and holds what it replaces: another copy of Unpark in the process replaces that, not this. */
const REAL = Symbol.for("unpark.real");
const mine = new WeakSet<object>();
const PROMISIFY = Symbol.for("nodejs.util.promisify.custom");

type Callback = (...args: readonly unknown[]) => unknown;

interface ProcessLike extends Holder {
  getBuiltinModule?(name: string): Holder | undefined;
}

/** To be called before each run: a runner's fake timers may have put the platform's own back. */
export function installVirtualGlobals(): void {
  const all = globalThis as unknown as Holder;
  const changed = [
    ...timersOf(all),
    replace(all["AbortSignal"], "timeout", (real) => dispatch(real, (home, ms) => abortAfter(home, ms))),
    replace(all["AbortSignal"], "any", notesSources),
    replaceAbortController(all),
    replace(all["performance"], "now", (real) => dispatch(real, (home) => home.clock.read() / 1e6)),
    replace(all["crypto"], "getRandomValues", (real) => dispatch(real, fill)),
    replace(all["crypto"], "randomUUID", (real) => dispatch(real, uuid)),
  ].includes(true);
  const process = all["process"] as ProcessLike | undefined;
  if (changed) for (const [holder, name] of untoldFunctions(globalThis)) replace(holder, name, (real) => untold(name, real));
  if (changed && process?.getBuiltinModule !== undefined) installModules(process);
}

function installModules(process: ProcessLike): void {
  replace(process, "nextTick", nextTick);
  replace(process, "hrtime", hrtime);
  const load = (name: string): Holder => process.getBuiltinModule!(name) ?? {};
  timersOf(load("node:timers"));
  const promises = load("node:timers/promises");
  replace(promises, "setTimeout", (real) => dispatch(real, (home, ms: unknown, value: unknown, options: WaitOptions | undefined) => abortableTimer(home, ms, value, options)));
  replace(promises, "setImmediate", (real) => dispatch(real, (home, value: unknown, options: WaitOptions | undefined) => abortableTimer(home, 0, value, options, { immediate: true })));
  replace(promises, "setInterval", (real) => dispatch(real, repeatedTimers));
  const scheduler = promises["scheduler"];
  if (scheduler !== undefined) {
    replace(scheduler, "wait", (real) => dispatch(real, (home, ms: unknown, options: WaitOptions | undefined) => abortableTimer(home, ms, undefined, options)));
    replace(scheduler, "yield", (real) => dispatch(real, (home) => abortableTimer(home, 0, undefined, undefined, { immediate: true })));
  }
  const crypto = load("node:crypto");
  replace(crypto, "randomUUID", (real) => dispatch(real, uuid));
  replace(crypto, "getRandomValues", (real) => dispatch(real, fill));
  replace(crypto, "randomFillSync", (real) => dispatch(real, fill));
  replace(crypto, "randomFill", (real) => dispatch(real, randomFill));
  replace(crypto, "randomBytes", (real) => dispatch(real, randomBytes));
  replace(crypto, "randomInt", (real) => dispatch(real, randomInt));
  (load("node:module")["syncBuiltinESMExports"] as (() => void) | undefined)?.();
}

function timersOf(home: Holder): readonly boolean[] {
  return [
    replace(home, "setTimeout", (real) => starts(real, {}, (run, ms) => abortableTimer(run, ms, undefined, undefined))),
    replace(home, "setInterval", (real) => starts(real, { repeat: true })),
    replace(home, "setImmediate", (real) => starts(real, { immediate: true }, (run) => abortableTimer(run, 0, undefined, undefined, { immediate: true }))),
    replace(home, "clearTimeout", clears),
    replace(home, "clearInterval", clears),
    replace(home, "clearImmediate", clears),
  ];
}

/** True: it was not there yet. */
function replace(holder: unknown, key: string, make: (real: Call) => Call): boolean {
  const now = (holder as Holder | undefined)?.[key] as (Call & { readonly [REAL]?: Call }) | undefined;
  if (typeof now !== "function" || mine.has(now)) return false;
  const real = now[REAL] ?? now;
  const replacement = make(real);
  mine.add(replacement);
  Object.defineProperty(replacement, "name", { value: key, configurable: true });
  Object.defineProperty(replacement, REAL, { value: real });
  try {
    Object.defineProperty(holder as object, key, { value: replacement, writable: true, configurable: true, enumerable: true });
    return true;
  } catch {
    return false; // a frozen realm: the real one stays, and what it does is noticed as coming from outside
  }
}

const dispatch = (real: Call, virtual: (home: OperationControl, ...args: Args) => unknown): Call =>
  function (this: unknown, ...args) {
    return world.control === undefined ? real.apply(this, args) : virtual(world.control, ...(args as unknown[]));
  };

function starts(real: Call, options: TimeoutOptions, promised?: (home: OperationControl, ms: unknown) => Promise<unknown>): Call {
  const replacement: Call = function (this: unknown, callback: unknown, ...rest: unknown[]) {
    if (world.control === undefined || typeof callback !== "function") return real.call(this, callback, ...rest);
    const args = options.immediate === true ? rest : rest.slice(1);
    const call = callback as Callback;
    const body = (): unknown => void call(...args);
    Object.defineProperty(body, "name", { value: call.name || "callback" });
    return new VirtualTimeout(world.control, rest[0], body, options);
  };
  const custom = (real as unknown as Holder)[PROMISIFY] as Call | undefined;
  if (custom !== undefined && promised !== undefined) {
    Object.defineProperty(replacement, PROMISIFY, {
      value: (first: unknown, second: unknown) =>
        world.control === undefined ? custom(first, second) : promised(world.control, first).then(() => (options.immediate === true ? first : second)),
    });
  }
  return replacement;
}

const clears = (real: Call): Call =>
  function (this: unknown, handle: unknown, ...rest: unknown[]) {
    const timeout = virtualTimeout(handle);
    if (timeout === undefined) return real.call(this, handle, ...rest);
    timeout.clear();
    return undefined;
  };

function nextTick(real: Call): Call {
  return function (this: unknown, callback: unknown, ...args: unknown[]) {
    if (world.control === undefined || typeof callback !== "function") return real.call(this, callback, ...args);
    ticks.pending++;
    return real.call(this, () => {
      ticks.pending--;
      (callback as Callback)(...args);
    });
  };
}

function hrtime(real: Call): Call {
  const replacement = dispatch(real, (home, since?: readonly [number, number]) => {
    const time = Math.round(home.clock.read()) - (since === undefined ? 0 : since[0] * 1e9 + since[1]);
    return [Math.floor(time / 1e9), time % 1e9];
  });
  const { bigint } = real as unknown as { readonly bigint: Call };
  Object.defineProperty(replacement, "bigint", { value: dispatch(bigint, (home) => BigInt(Math.round(home.clock.read()))) });
  return replacement;
}

/** A signal's number comes from who makes it, and its abort is seen by who waits for it. */
function replaceAbortController(all: Holder): boolean {
  const real = all["AbortController"] as (typeof AbortController & { readonly [REAL]?: typeof AbortController }) | undefined;
  if (real === undefined || mine.has(real)) return false;
  class Noted extends (real[REAL] ?? real) {
    constructor() {
      super();
      if (world.control !== undefined) signalIsMade(world.control, this.signal);
    }

    override abort(reason?: unknown): void {
      if (world.control !== undefined && !this.signal.aborted) signalAborts(world.control, this.signal);
      super.abort(reason);
    }
  }
  mine.add(Noted);
  Object.defineProperty(Noted, "name", { value: "AbortController" });
  Object.defineProperty(Noted, REAL, { value: real[REAL] ?? real });
  try {
    Object.defineProperty(all, "AbortController", { value: Noted, writable: true, configurable: true, enumerable: false });
    return true;
  } catch {
    return false;
  }
}

const notesSources = (real: Call): Call =>
  function (this: unknown, ...args) {
    const made = real.apply(this, args) as AbortSignal;
    if (world.control !== undefined) signalIsMade(world.control, made, Array.isArray(args[0]) ? (args[0] as readonly AbortSignal[]) : []);
    return made;
  };

function abortAfter(home: OperationControl, milliseconds: unknown): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  void new VirtualTimeout(home, milliseconds, abort, { unref: true });
  return controller.signal;
}

const byte = (home: OperationControl): number => Math.floor(home.random() * 256);

function fill(home: OperationControl, into: ArrayBufferView, offset = 0, size?: number): ArrayBufferView {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  for (let i = offset; i < Math.min(bytes.length, offset + (size ?? bytes.length)); i++) bytes[i] = byte(home);
  return into;
}

function uuid(home: OperationControl): string {
  const bytes = Array.from({ length: 16 }, () => byte(home));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40; // RFC 9562, version 4
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.map((one) => one.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

type Answer<T> = ((error: undefined, value: T) => void) | undefined;

function randomBytes(home: OperationControl, size: number, answer: Answer<unknown>): unknown {
  const { Buffer } = globalThis as unknown as { readonly Buffer: { alloc(size: number): Uint8Array } };
  return answered(home, fill(home, Buffer.alloc(size)), answer);
}

function randomFill(home: OperationControl, into: ArrayBufferView, ...rest: readonly (number | Answer<unknown>)[]): unknown {
  const [offset, size] = rest.filter((one) => typeof one === "number");
  return answered(home, fill(home, into, offset, size), rest.find((one) => typeof one === "function"));
}

function randomInt(home: OperationControl, low: number, high: number | Answer<number>, answer: Answer<number>): unknown {
  const [from, to, then] = typeof high === "number" ? [low, high, answer] : [0, low, high];
  return answered(home, from + Math.floor(home.random() * (to - from)), then);
}

/** With a callback, it comes later, as the platform's does. */
function answered<T>(home: OperationControl, value: T, answer: Answer<T>): T | undefined {
  if (typeof answer !== "function") return value;
  void new VirtualTimeout(home, 0, () => answer(undefined, value), { immediate: true });
  return undefined;
}
