import type { Platform } from "../core/platform.js";

const RESOLVED = Promise.resolve();

/** Microtasks to wait for where nothing says that none is left: once the goroutine has stopped, and while it has not. */
const ROUNDS_STOPPED = 32;
const ROUNDS_RUNNING = 20_000;

interface Ticks {
  /** How many of the program's own `process.nextTick` calls have not run yet. */
  readonly pending: number;
}

/**
 * Notices that no microtask is left: all that plain promises make of a step is done then. One for all runs of a
 * program, for the event loop may not turn for thousands of runs.
 *
 * In a browser it cannot be known that no microtask is left before the event loop turns, and once it has turned it is too
 * late: what was awaited may have answered, and the run goes on as if it were repeatable (a `data:` fetch overtook every
 * message in Chromium 156). So there the loop is kept from turning, by a microtask that queues itself so many times.
 */
export class MicrotaskEnd {
  readonly #platform: Platform;
  readonly #ticks: Ticks;
  #task: (() => void) | undefined;
  #settled: () => boolean = () => false;
  #armed = false;
  #rounds = 0;

  constructor(platform: Platform, ticks: Ticks = { pending: 0 }) {
    this.#platform = platform;
    this.#ticks = ticks;
  }

  /** The microtasks were dropped: their end is not waited for. */
  reset(): void {
    this.#armed = false;
    this.#task = undefined;
    this.#noneLeft = this.#told(); // a tick that is still to come calls the old one
  }

  /** Calls `task` once no microtask is left, unless `wait` was called again before. `settled`: has the goroutine stopped? */
  wait(task: () => void, settled: () => boolean): void {
    this.#task = task;
    this.#settled = settled;
    this.#rounds = 0;
    if (!this.#armed) this.#arm();
  }

  #arm(): void {
    this.#armed = true;
    const { afterMicrotasks } = this.#platform;
    if (afterMicrotasks) afterMicrotasks(this.#noneLeft);
    else this.#round();
  }

  #told(): () => void {
    const told = (): void => {
      if (told !== this.#noneLeft) return;
      this.#armed = false;
      if (this.#ticks.pending > 0) return this.#arm();
      const task = this.#task;
      this.#task = undefined;
      task?.();
    };
    return told;
  }
  #noneLeft = this.#told();

  readonly #round = (): void => {
    if (++this.#rounds > (this.#settled() ? ROUNDS_STOPPED : ROUNDS_RUNNING)) this.#noneLeft();
    else void RESOLVED.then(this.#round); // queueMicrotask takes ten times as long in Chromium
  };
}
