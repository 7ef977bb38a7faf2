import { functionEntryName, type Body } from "../core/goroutine.js";
import { GoroutineHandle } from "../core/goroutine-handle.js";
import { world, scheduler } from "../core/current-runtime.js";

/**
 * Go's `go` statement: starts `body` as a goroutine and returns at once. What it throws and does not catch is a panic,
 * which ends the program, unless it is joined. Arguments are evaluated now, by the caller, as in Go. A body with one parameter
 * more than there are arguments is given the handle's `signal`, which `cancel` aborts.
 *
 * @returns a handle, for who wants to wait for it, or to ask it to stop.
 * @example
 * const worker = go(async () => 6 * 7);
 * assert.equal(await worker.join(), 42);
 * const jobs = new Chan<string>();
 * const idle = go((signal) => jobs.recv({ signal }));
 * idle.cancel();
 */
export function go<T>(body: (signal: AbortSignal) => T): GoroutineHandle<Awaited<T>>;
export function go<A extends readonly unknown[], T>(body: (...args: A) => T, ...args: A): GoroutineHandle<Awaited<T>>;
export function go<A extends readonly unknown[], T>(body: (...args: [...A, AbortSignal]) => T, ...args: A): GoroutineHandle<Awaited<T>>;
export function go<A extends readonly unknown[], T>(body: (...args: readonly never[]) => T, ...args: A): GoroutineHandle<Awaited<T>> {
  const handle = new GoroutineHandle<Awaited<T>>();
  const call = body as (...args: readonly unknown[]) => T;
  const start = call.length > args.length ? calledAs(call, () => call(...args, handle.signal)) : args.length === 0 ? (call as Body) : calledAs(call, () => call(...args));
  if (world.control !== undefined) world.control.go(start, functionEntryName(body), handle);
  else scheduler.go(start, handle);
  return handle;
}

/** `start`, by the name of what it runs. */
export const calledAs = (body: { readonly name: string }, start: Body): Body => Object.defineProperty(start, "name", { value: body.name });
