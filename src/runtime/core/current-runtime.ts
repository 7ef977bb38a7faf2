import type { GoroutineName } from "../../model/ids.js";
import type { OperationControl } from "./pending-operation.js";
import { ForeignObject } from "../api/panic.js";
import { otherCopies, registerCopy } from "./copies.js";
import { Scheduler } from "./scheduler.js";

/**
 * The two worlds that the same program runs in. This is the library's one piece of ambient state, and cannot be
 * avoided: `go(f)` names no world, as Go's `go` statement does not. Production has one scheduler per process (realm);
 * a control is in force only while a step of its run lasts.
 */
export const scheduler = new Scheduler();

registerCopy(import.meta.url);
/** Undefined, or who else is loaded beside this copy. */
export const secondCopy = (): string | undefined => otherCopies(import.meta.url);

/** A property, not an exported variable: in CommonJS (src/cjs/require.cts) what is imported is a copy. */
export const world: { control: OperationControl | undefined } = { control: undefined };

export function enterControl(next: OperationControl | undefined): OperationControl | undefined {
  const before = world.control;
  world.control = next;
  return before;
}

/** The goroutine that an error names. */
export const currentName = (): number | GoroutineName =>
  world.control === undefined ? scheduler.current.id : world.control.current.name;

/**
 * What returns a promise does not throw: it is rejected. That an object is another run's is also said to nobody, where
 * nobody awaits it: a callback of a run that is over (a file that was read, a timer) is none of the test's doing.
 */
export function rejected(error: unknown): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever was thrown
  const promise = Promise.reject<never>(error);
  if (error instanceof ForeignObject) promise.catch(() => undefined);
  return promise;
}

/** An object may be used in the world that it was made in, and in no other. */
export function checkOwner(home: OperationControl | undefined, what: string): void {
  if (home !== world.control) throw new ForeignObject(currentName(), what);
}
