import type { Panicked } from "../core/scheduler.js";
import { Goexit, FatalError } from "./panic.js";
import { noObject, ObjectOperation } from "../core/object-operations.js";
import { stack } from "../observe/dump-text.js";
import { mainHook } from "../core/main-hook.js";
import { SHAPE_VALUE, Waiter } from "../core/waiter.js";
import { realClock } from "../core/current-clock.js";
import { hasAborted, leavesAtAbort, reasonOf, type Abortable } from "../core/abort.js";
import { world, rejected, scheduler } from "../core/current-runtime.js";

/** Go's package runtime, as far as it has a meaning here. */

/**
 * How many goroutines there are, main included (runtime.NumGoroutine).
 *
 * @example
 * const before = runtime.numGoroutine();
 * go(() => new Chan<void>().recv());
 * assert.equal(runtime.numGoroutine(), before + 1);
 */
export const numGoroutine = (): number => world.control?.count ?? scheduler.all.size;

/**
 * Lets others go on first (runtime.Gosched).
 *
 * @example
 * const log: string[] = [];
 * go(() => log.push("other"));
 * await runtime.gosched();
 * assert.deepEqual(log, ["other"]);
 */
export function gosched(): Promise<void> {
  if (world.control !== undefined) return world.control.stop(new Yield());
  return scheduler.yield(undefined) as Promise<void>;
}

class Yield extends ObjectOperation {
  override readonly accesses = [];

  constructor() {
    super(noObject(world.control), "yield", () => undefined);
  }
}

/**
 * Ends this goroutine; what it deferred runs (runtime.Goexit). Throws, so nothing after it is reached.
 *
 * @throws what nobody is to catch.
 * @example
 * const log: string[] = [];
 * go(() => {
 *   log.push("before");
 *   runtime.goexit();
 * });
 * await runtime.gosched();
 * assert.deepEqual(log, ["before"]);
 */
export function goexit(): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- not an error: nobody is to catch it
  throw new Goexit();
}

/**
 * Awaits a promise that the library does not control: fetch, a file, a child process. In a dump the goroutine is in
 * `IO wait`. Under control the step lasts until it has answered, so give it only what answers alike each time.
 *
 * @param promise what is awaited.
 * @returns what it gives.
 * @throws what it is rejected with; the reason of the signal in `options`, when that aborts first.
 * @example
 * assert.equal(await outside(Promise.resolve("answer")), "answer");
 */
export function outside<T>(promise: PromiseLike<T>, options?: Abortable): Promise<T> {
  const signal = options?.signal;
  if (hasAborted(signal)) return rejected(reasonOf(signal));
  if (world.control !== undefined) return world.control.outside(promise);
  const waiter = new Waiter(scheduler.current, SHAPE_VALUE, undefined);
  const parked = scheduler.park(waiter, "IO wait") as Promise<T>;
  let waits = true;
  const answered = (settle: () => void): void => {
    if (!waits) return;
    waits = false;
    settle();
    scheduler.ready(waiter);
  };
  if (signal !== undefined) leavesAtAbort(waiter, signal, () => waits && !(waits = false));
  promise.then(
    (value) => answered(() => (waiter.value = value)),
    (error: unknown) => answered(() => waiter.fail(error)),
  );
  return parked;
}

/**
 * Captures stacks at every `go` and every wait: about 2 µs each; off by default. With `{ every: n }` at one of n: a service
 * under load then shows where most of its goroutines wait, for an n-th of the cost; the others are shown without a line.
 *
 * @param on whether, or at one of how many.
 * @throws RangeError where n is no integer of at least 1.
 * @example
 * runtime.setTraceback({ every: 100 });
 */
export function setTraceback(on: boolean | { readonly every: number }): void {
  const every = typeof on === "boolean" ? Number(on) : on.every;
  if (typeof on !== "boolean" && !(Number.isSafeInteger(every) && every >= 1)) throw new RangeError(`runtime.setTraceback: every is ${every}; it is an integer of at least 1`);
  scheduler.captureEvery(every);
}

/**
 * What happens on an unrecovered panic; by default the process ends with exit code 2, as in Go.
 *
 * @param handler is given the goroutine, the value and Go's text. Undefined: the default.
 * @example
 * const texts = new Chan<string>(1);
 * runtime.onPanic(({ text }) => void texts.send(text));
 * go(() => panic("no disk"));
 * assert.match((await texts.recv())!, /^panic: no disk/);
 */
export function onPanic(handler: ((panicked: Panicked) => void) | undefined): void {
  scheduler.onPanic = handler;
}

/**
 * Labels of the current goroutine and of those that it starts from now on (pprof.SetGoroutineLabels).
 *
 * @param labels names and values: they replace those that it has.
 * @example
 * runtime.setLabels({ request: "7" });
 */
export function setLabels(labels: Readonly<Record<string, string>>): void {
  if (world.control === undefined) scheduler.current.labels = labels;
}

/**
 * Runs `body` as main: goroutine 1. When it returns the program is over, as in Go: no timer fires any more, and
 * goroutines that still wait are not waited for. An uncaught throw is an unrecovered panic. Where the process has
 * nothing left to do while main is blocked, it ends with Go's fatal error (runtime/proc.go, checkdead).
 *
 * @throws FatalError where a goroutine calls it.
 * @example
 * await runtime.main(async () => {
 *   await time.sleep("1ms");
 * });
 */
export async function main(body: () => unknown): Promise<void> {
  if (world.control !== undefined) throw new FatalError("main was called by a goroutine: explore the function itself", world.control.current.name);
  if (mainHook.take !== undefined) return mainHook.take(body);
  scheduler.over = false;
  realClock.resume();
  const unwatch = scheduler.platform.atIdleExit(() => {
    const asleep = "all goroutines are asleep - deadlock!";
    scheduler.platform.fatal(`fatal error: ${asleep}\n\n${stack()}`, new FatalError(asleep, 1));
  });
  try {
    await body();
  } catch (error) {
    scheduler.panicked(scheduler.main, error);
  } finally {
    unwatch();
    scheduler.over = true;
    realClock.stop();
  }
}

export type { Panicked } from "../core/scheduler.js";
export { stack };
export { runtimeSnapshot as census } from "../observe/runtime-snapshot.js";
