import { Goexit } from "../api/panic.js";
import type { Member } from "./controlled-goroutine.js";
import type { Lookout } from "./globals-sandbox.js";

/** What becomes of the goroutine in flight, told to the run. */
export interface FlightObserver {
  /** It goes on now. */
  takesOff(member: Member): void;
  ended(member: Member): void;
  /** It threw what it did not catch. */
  threw(member: Member, error: unknown): void;
  /** R3: no microtask is left, and it has neither stopped nor ended. */
  late(member: Member): void;
  /** Nobody may go on any more in this step. */
  readonly grounded: boolean;
}

const SOON = Promise.resolve();

/**
 * Who goes on in a step, one after the other.
 * R1. At most one goroutine is in flight; the others are stopped, ended, or queued. So `current` is exact.
 * R2. A step is over when nobody is in flight and nobody is queued: told then, without a macrotask.
 */
export class Flight {
  current: Member;
  #inFlight: Member | undefined;
  #over: (() => void) | undefined;
  /** Answers from outside that are awaited, and were declared. */
  #awaited = 0;
  readonly #queue: Member[] = [];
  readonly #lookout: Lookout;
  readonly #observer: FlightObserver;

  constructor(main: Member, lookout: Lookout, observer: FlightObserver) {
    this.current = main;
    this.#lookout = lookout;
    this.#observer = observer;
  }

  get inFlight(): Member | undefined {
    return this.#inFlight;
  }

  get lastQueued(): Member | undefined {
    return this.#queue.at(-1);
  }

  queue(member: Member): void {
    this.#queue.push(member);
  }

  /** Lets those who are queued go on; `over` is called once all are stopped again. */
  begin(over: () => void): void {
    this.#over = over;
    this.next();
  }

  /** The goroutine in flight is about to stop. Not at once: what it does before it awaits is still its own. */
  landing(): void {
    void SOON.then(this.#landed);
  }

  next(): void {
    const member = this.#observer.grounded ? undefined : this.#queue.shift();
    this.#inFlight = member;
    this.#watch();
    if (member === undefined) return this.#over!();
    this.current = member;
    this.#observer.takesOff(member);
    if (member.begun) return member.goOn();
    member.begun = true;
    void SOON.then(member.body).then(
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
    this.#inFlight = undefined;
  }

  readonly #landed = (): void => {
    this.#inFlight = undefined;
    this.next();
  };

  #watch(): void {
    this.#lookout.watch(this.#inFlight === undefined || this.#awaited > 0 ? undefined : this.#late);
  }

  readonly #late = (): void => {
    if (this.#inFlight !== undefined) this.#observer.late(this.#inFlight);
  };

  #finished(member: Member, thrown?: { readonly error: unknown }): void {
    if (this.#inFlight !== member) return;
    if (thrown === undefined || thrown.error instanceof Goexit) this.#observer.ended(member);
    else this.#observer.threw(member, thrown.error);
    this.#landed();
  }
}
