import { moveTo } from "../../control/goroutine.js";
import { Goexit } from "../api/panic.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import type { MicrotaskEnd } from "./microtask-end.js";

/** The real one: the program's are noted while a run is proved (runtime/control/proved-awaits.ts). */
const { WeakRef } = globalThis;

/** What becomes of the goroutine that runs. */
export interface RunQueueObserver {
  ended(member: ControlledGoroutine, value?: unknown): void;
  /** It threw what it did not catch. */
  threw(member: ControlledGoroutine, error: unknown): void;
  /** R3: no microtask is left, and it has neither stopped nor ended: it waits for a plain promise. */
  idles(member: ControlledGoroutine): void;
  /** May what was declared as outside still answer by itself? Else it waits for a timer of the run's. */
  readonly awaitsOutside: boolean;
  /** No goroutine may go on any more in this step. */
  readonly halted: boolean;
}

/**
 * Who goes on in a step, one after the other.
 * R1. At most one goroutine runs; the others are stopped, idle, ended, or queued. It runs until no microtask is left, for
 *     only then is all done that plain promises make of it: `running` is exact for whatever code asks.
 * R2. A step is over when no goroutine runs and none is queued: reported then, without a macrotask.
 */
export class RunQueue {
  current: ControlledGoroutine;
  #running: ControlledGoroutine | undefined;
  #over: (() => void) | undefined;
  /** Answers from outside that are awaited, and were declared. */
  #awaited = 0;
  /** Each wait for the end of the microtasks has its number: one that was overtaken means nothing. */
  #drain = 0;
  readonly #queue: ControlledGoroutine[] = [];
  readonly #microtasks: MicrotaskEnd;
  readonly #observer: RunQueueObserver;

  /** Notes what bodies return. */
  readonly #noting: boolean;

  constructor(main: ControlledGoroutine, microtasks: MicrotaskEnd, observer: RunQueueObserver, noting = false) {
    this.#noting = noting;
    this.current = main;
    this.#microtasks = microtasks;
    this.#observer = observer;
  }

  get running(): ControlledGoroutine | undefined {
    return this.#running;
  }

  /** Does the event loop turn within the step that lasts? What runs then may be a callback of somebody else's. */
  get turning(): boolean {
    return this.#awaited > 0;
  }

  get last(): ControlledGoroutine | undefined {
    return this.#queue.at(-1);
  }

  enqueue(member: ControlledGoroutine): void {
    if (member.phase === "created" && member.start === undefined) this.#prepare(member);
    this.#queue.push(member);
  }

  /** Lets those who are queued go on; `over` is called once no microtask of any is left. */
  begin(over: () => void): void {
    this.#over = over;
    this.#resumeNext();
  }

  /** Until it is answered, the goroutine that runs may take as long as it likes. */
  async answered<T>(promise: PromiseLike<T>): Promise<T> {
    this.#awaited++;
    try {
      return await promise;
    } finally {
      if (--this.#awaited === 0) this.#watch();
    }
  }

  /** Whatever waits for the end of the microtasks waits for nothing. */
  halt(): void {
    this.#drain++;
  }

  /** No goroutine goes on any more, and the step is over: what ran does not come to its end. */
  abandon(): void {
    this.halt();
    this.#running = undefined;
    this.#queue.length = 0;
    this.#over!();
  }

  #resumeNext(): void {
    const member = this.#observer.halted ? undefined : this.#queue.shift();
    this.#running = member;
    if (member === undefined) return this.#over!();
    this.current = member;
    const begins = member.phase === "created";
    moveTo(member, "running");
    this.#watch();
    if (!begins) return member.resume();
    member.start!();
    member.start = undefined;
  }

  /** Its promises are made where `go` was called: so AsyncLocalStorage flows into the goroutine from there. */
  #prepare(member: ControlledGoroutine): void {
    void new Promise<void>((resolve) => (member.start = resolve)).then(this.#noting ? noted(member) : member.body).then(
      (value: unknown) => this.#observer.ended(member, value),
      (error: unknown) => this.#finished(member, error),
    );
  }

  #watch(): void {
    const drain = ++this.#drain;
    this.#microtasks.wait(
      () => {
        if (drain === this.#drain && (this.#awaited === 0 || !this.#observer.awaitsOutside)) this.#drained();
      },
      () => this.#running?.phase === "stopped" || this.#running?.phase === "ended",
    );
  }

  #drained(): void {
    const member = this.#running!;
    if (member.phase === "running") this.#observer.idles(member);
    this.#resumeNext();
  }

  #finished(member: ControlledGoroutine, error: unknown): void {
    if (error instanceof Goexit) this.#observer.ended(member);
    else this.#observer.threw(member, error);
  }
}

/** Its body; what that returns is remembered, and not held. */
const noted = (member: ControlledGoroutine) => (): unknown => {
  const returned = member.body!();
  if (typeof returned === "object" && returned !== null) member.returned = new WeakRef(returned);
  return returned;
};
