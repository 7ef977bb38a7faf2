import { moveTo } from "../../control/goroutine.js";
import { Goexit } from "../api/panic.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import type { ForeignAwaitDetector } from "./globals-sandbox.js";

/** What becomes of the goroutine in flight, told to the run. */
export interface RunQueueObserver {
  /** It goes on now. */
  resumes(member: ControlledGoroutine): void;
  ended(member: ControlledGoroutine): void;
  /** It threw what it did not catch. */
  threw(member: ControlledGoroutine, error: unknown): void;
  /** R3: no microtask is left, and it has neither stopped nor ended. */
  neverYielded(member: ControlledGoroutine): void;
  /** Nobody may go on any more in this step. */
  readonly halted: boolean;
}

const RESOLVED = Promise.resolve();

/**
 * Who goes on in a step, one after the other.
 * R1. At most one goroutine is in flight; the others are stopped, ended, or queued. So `current` is exact.
 * R2. A step is over when nobody is in flight and nobody is queued: told then, without a macrotask.
 */
export class RunQueue {
  current: ControlledGoroutine;
  #running: ControlledGoroutine | undefined;
  #over: (() => void) | undefined;
  /** Answers from outside that are awaited, and were declared. */
  #awaited = 0;
  readonly #queue: ControlledGoroutine[] = [];
  readonly #detector: ForeignAwaitDetector;
  readonly #observer: RunQueueObserver;

  constructor(main: ControlledGoroutine, lookout: ForeignAwaitDetector, observer: RunQueueObserver) {
    this.current = main;
    this.#detector = lookout;
    this.#observer = observer;
  }

  get running(): ControlledGoroutine | undefined {
    return this.#running;
  }

  get last(): ControlledGoroutine | undefined {
    return this.#queue.at(-1);
  }

  enqueue(member: ControlledGoroutine): void {
    this.#queue.push(member);
  }

  /** Lets those who are queued go on; `over` is called once all are stopped again. */
  begin(over: () => void): void {
    this.#over = over;
    this.resumeNext();
  }

  /** The goroutine in flight is about to stop. Not at once: what it does before it awaits is still its own. */
  yieldControl(): void {
    void RESOLVED.then(this.#yielded);
  }

  resumeNext(): void {
    const member = this.#observer.halted ? undefined : this.#queue.shift();
    this.#running = member;
    this.#watch();
    if (member === undefined) return this.#over!();
    this.current = member;
    this.#observer.resumes(member);
    const begins = member.phase === "created";
    moveTo(member, "running");
    if (!begins) return member.resume();
    void RESOLVED.then(member.body).then(
      () => this.#finished(member),
      (error: unknown) => this.#finished(member, { error }),
    );
  }

  /** Until it is answered, whoever is in flight may take as long as it likes. */
  async answered<T>(promise: PromiseLike<T>): Promise<T> {
    this.#awaited++;
    this.#watch();
    try {
      return await promise;
    } finally {
      this.#awaited--;
      this.#watch();
    }
  }

  /** Whoever is in flight comes too late, should its promise be settled after all. */
  abandon(): void {
    this.#running = undefined;
  }

  readonly #yielded = (): void => {
    this.#running = undefined;
    this.resumeNext();
  };

  #watch(): void {
    this.#detector.watch(this.#running === undefined || this.#awaited > 0 ? undefined : this.#neverYielded);
  }

  readonly #neverYielded = (): void => {
    if (this.#running !== undefined) this.#observer.neverYielded(this.#running);
  };

  #finished(member: ControlledGoroutine, thrown?: { readonly error: unknown }): void {
    if (this.#running !== member) return;
    if (thrown === undefined || thrown.error instanceof Goexit) this.#observer.ended(member);
    else this.#observer.threw(member, thrown.error);
    this.#yielded();
  }
}
