import type { GoroutineName } from "../../model/ids.js";
import { framesOf } from "../observe/stack-trace.js";

/**
 * Go specification, "Handling panics". A panic is a thrown value that unwinds its goroutine: in TypeScript, any
 * exception. `panic(v)` throws one that remembers `v`; `recover` (defer.ts) gives it back.
 */
export class Panic extends Error {
  /** What `panic` was given. */
  readonly value: unknown;

  constructor(value: unknown) {
    super(panicText(value));
    this.name = "Panic";
    this.value = value;
  }
}

/**
 * A Go panic: unwinds this goroutine, running what it deferred; unrecovered, it ends the program.
 *
 * @param value what `recover` gives back.
 * @throws Panic, always.
 * @example
 * const saved = new Chan<unknown>(1);
 * await func(async ({ defer, recover }) => {
 *   defer(() => saved.send(recover()));
 *   panic("no disk");
 * });
 * assert.equal(await saved.recv(), "no disk");
 */
export function panic(value: unknown): never {
  throw new Panic(value);
}

/** Not an error: what `runtime.goexit` unwinds with. Deferred functions run, nothing is printed (runtime/panic.go). */
export class Goexit {
  readonly #brand = true;
  static is(value: unknown): value is Goexit {
    return value instanceof Goexit && value.#brand;
  }
}

/** What the runtime itself panics with: `runtime.Error`. Names the goroutine and both places. */
export class RuntimeError extends Error {
  /** Who did it: a number, or under control a name such as `1.2`. */
  readonly goroutine: number | GoroutineName;
  /** The other place: where the channel was closed, the counter last changed … where known. */
  readonly other: string | undefined;

  constructor(message: string, goroutine: number | GoroutineName, other?: string) {
    super(message);
    this.name = "RuntimeError";
    this.goroutine = goroutine;
    this.other = other;
  }
}

/** A value was sent to a channel that is closed. */
export class SendOnClosedChannel extends RuntimeError {
  constructor(goroutine: number | GoroutineName, closedAt: string | undefined) {
    super("send on closed channel", goroutine, closedAt);
    this.name = "SendOnClosedChannel";
  }
}

/** A channel was closed twice. */
export class CloseOfClosedChannel extends RuntimeError {
  constructor(goroutine: number | GoroutineName, closedAt: string | undefined) {
    super("close of closed channel", goroutine, closedAt);
    this.name = "CloseOfClosedChannel";
  }
}

/** The nil channel was closed. */
export class CloseOfNilChannel extends RuntimeError {
  constructor(goroutine: number | GoroutineName) {
    super("close of nil channel", goroutine);
    this.name = "CloseOfNilChannel";
  }
}

/** A WaitGroup was done more often than something was added. */
export class NegativeWaitGroup extends RuntimeError {
  constructor(goroutine: number | GoroutineName, lastChangedAt: string | undefined) {
    super("sync: negative WaitGroup counter", goroutine, lastChangedAt);
    this.name = "NegativeWaitGroup";
  }
}

/** Go ends the process for these, recover or not (`fatal error:`); under control the run is over at once. */
export class FatalError extends RuntimeError {
  constructor(message: string, goroutine: number | GoroutineName, other?: string) {
    super(message, goroutine, other);
    this.name = "FatalError";
  }
}

/** An operation was begun while another of the same goroutine was not over: its `await` is missing. Only under control. */
export class NotAwaited extends RuntimeError {
  constructor(goroutine: GoroutineName, begun: string, unfinished: string) {
    super(
      `goroutine ${goroutine} began ${begun} while its ${unfinished} was not over: write await before the ${unfinished}, ` +
        "or start a goroutine for each",
      goroutine,
    );
    this.name = "NotAwaited";
  }
}

/** An object of one world used in another: made outside the program under control, or kept from an earlier run. */
export class ForeignObject extends RuntimeError {
  constructor(goroutine: number | GoroutineName, what: string) {
    super(
      `this ${what} was not made in this run: make it inside the function that is explored, so that each run starts anew`,
      goroutine,
    );
    this.name = "ForeignObject";
  }
}

/** The words behind `panic: `, as runtime/panic.go's printpanicval and error's and Stringer's methods give them. */
export function panicText(value: unknown): string {
  if (value instanceof Panic) return value.message;
  if (value instanceof Error) return value.message;
  if (typeof value === "string") return value;
  return String(value);
}

/** The whole message of an unrecovered panic. */
export function describePanic(goroutine: number | GoroutineName, value: unknown): string {
  const kind = value instanceof FatalError ? "fatal error" : "panic";
  const other = value instanceof RuntimeError && value.other !== undefined ? `\n\tfirst: ${value.other}` : "";
  const stack = value instanceof Error && value.stack !== undefined ? value.stack.replace(/^.*\n(?=\s+at )/s, "") : "";
  return `${kind}: ${panicText(value)}${other}\n\ngoroutine ${goroutine} [running]:\n${stack}\n`;
}

/** The innermost frame of an error's stack that is not the runtime's own: `worker (file.ts:12)`. */
export function placeOf(error: Error | undefined): string | undefined {
  const [frame] = framesOf(error);
  return frame === undefined ? undefined : `${frame.function} (${frame.file}:${frame.line})`;
}
