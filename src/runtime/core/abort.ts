import type { ObjectId } from "../../model/ids.js";
import type { OpKind } from "../../model/run/operation.js";
import type { OperationControl } from "./pending-operation.js";
import { Hchan } from "./hchan.js";
import type { Waiter } from "./waiter.js";
import { world, scheduler } from "./current-runtime.js";

/**
 * What ends a wait early. An operation whose signal has aborted does nothing, and is rejected with the signal's reason, as
 * fetch is; one that waits stops waiting.
 */
export interface Abortable {
  /** Ends the wait when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** As the platform rejects: with the signal's own reason, whatever that is. */
export const reasonOf = (signal: AbortSignal): unknown => signal.reason as unknown;

/**
 * A signal in the run that it is used in. Its number comes from who made it (virtual-globals.ts notes that), so that the steps
 * of different runs that look at it, or abort it, are known to be about the same.
 */
interface RunSignal {
  readonly home: OperationControl;
  readonly object: ObjectId;
  /** Of those that AbortSignal.any made of it: an abort of this one is theirs. */
  readonly dependents: ObjectId[];
}

const signals = new WeakMap<AbortSignal, RunSignal>();
const channels = new WeakMap<AbortSignal, Hchan>();

/** Under control: the current goroutine has made `signal`. `sources`: it aborts when one of them does. */
export function signalIsMade(home: OperationControl, signal: AbortSignal, sources: Iterable<AbortSignal> = []): void {
  const made = runSignal(home, signal);
  for (const source of sources) runSignal(home, source).dependents.push(made.object);
}

/** Under control, before the current goroutine aborts it. */
export function signalAborts(home: OperationControl, signal: AbortSignal): void {
  const { object, dependents } = runSignal(home, signal);
  home.touch(object, "close");
  for (const one of dependents) home.touch(one, "close");
}

/** Has it aborted? Under control the step depends on who aborts it. */
export function hasAborted(signal: AbortSignal | undefined): signal is AbortSignal {
  if (signal === undefined) return false;
  if (world.control !== undefined) world.control.touch(runSignal(world.control, signal).object, LOOK);
  return signal.aborted;
}

const LOOK: OpKind = "load";

/** As it was when the module was loaded: under control the program's own is another (virtual-globals.ts). */
const { AbortController } = globalThis;

/** A signal that is made when somebody asks for it, whoever that is: its number comes from who made what it belongs to. */
export class OwnSignal {
  readonly #home = world.control;
  readonly #object = world.control?.newObject();
  #controller: AbortController | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      const { signal } = this.#controller;
      if (this.#home !== undefined) signals.set(signal, { home: this.#home, object: this.#object!, dependents: [] });
    }
    return this.#controller.signal;
  }

  /** Has somebody asked for it? */
  get isMade(): boolean {
    return this.#controller !== undefined;
  }

  abort(reason: unknown): void {
    const { signal } = this;
    if (signal.aborted) return;
    if (world.control !== undefined && world.control === this.#home) signalAborts(world.control, signal);
    this.#controller!.abort(reason);
  }
}

function runSignal(home: OperationControl, signal: AbortSignal): RunSignal {
  const known = signals.get(signal);
  if (known?.home === home) return known;
  const made: RunSignal = { home, object: home.newObject(), dependents: [] };
  signals.set(signal, made);
  return made;
}

/** A channel that is closed when `signal` has aborted: what waits for it waits as for any other. One for each signal. */
export function signalChannel(signal: AbortSignal): Hchan {
  const known = channels.get(signal);
  if (known !== undefined && known.owningRun === world.control) return known;
  const core = new Hchan(0, { label: { kind: "AbortSignal" }, ...(world.control === undefined ? {} : { object: runSignal(world.control, signal).object }) });
  channels.set(signal, core);
  if (signal.aborted) core.closed = true;
  else signal.addEventListener("abort", () => core.close(), { once: true });
  return core;
}

/**
 * In production: the goroutine that `waiter` parks stops waiting when `signal` aborts. `leave` takes it out of what it waits in;
 * false: it was served already.
 */
export function leavesAtAbort(waiter: Waiter, signal: AbortSignal, leave: () => boolean): void {
  const abort = (): void => {
    if (!leave()) return;
    waiter.rejectWith(reasonOf(signal));
    scheduler.ready(waiter);
  };
  const settle = waiter.resolve!;
  waiter.resolve = (value) => {
    signal.removeEventListener("abort", abort);
    settle(value);
  };
  signal.addEventListener("abort", abort, { once: true });
}
