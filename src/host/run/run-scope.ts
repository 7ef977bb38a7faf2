import { isSpinning } from "../../control/spinning.js";
import { nanos, type GoroutineName, type Nanos } from "../../model/ids.js";
import type { Outcome } from "../../model/outcome.js";
import type { GuestGoroutine } from "../guest/guest-goroutine.js";

export interface ScopeState {
  /** How it ended: main returned (or os.Exit), the test passed, failed, was skipped. */
  readonly over?: { readonly kind: "main" | "test"; readonly code: number };
  /** When it ended, in virtual time. */
  readonly endedAt?: Nanos;
  readonly skipped: boolean;
  /** Goroutines that lived when the scope ended. */
  readonly alive: ReadonlySet<GoroutineName>;
}

/** What must be over before leaks are counted, and what its end makes of a run that has come to rest. */
export class RunScope {
  #state: ScopeState = { skipped: false, alive: new Set() };
  /** The scope has ended in the step at hand. */
  #ending = false;
  #exit: Outcome | undefined;

  get over(): ScopeState["over"] {
    return this.#state.over;
  }

  end(over: NonNullable<ScopeState["over"]>, main: GuestGoroutine | undefined, now: Nanos): void {
    if (main) main.over = true;
    this.#state = { ...this.#state, over, endedAt: now };
    this.#ending = true;
  }

  /** Nanoseconds since the scope was over; 0 before. */
  watched(now: Nanos): number {
    const { endedAt } = this.#state;
    return endedAt === undefined ? 0 : Number(now - endedAt);
  }

  skip(): void {
    this.#state = { ...this.#state, skipped: true };
  }

  /** Somebody else than main called os.Exit: the program is gone. */
  exit(code: number): void {
    this.#exit = { kind: "exit", exitCode: code };
  }

  /** After the step in which the scope ended: who only had to return has done so by now, and is not cut short. */
  afterStep(goroutines: readonly GuestGoroutine[]): void {
    if (!this.#ending) return;
    this.#ending = false;
    const alive = goroutines.filter((one) => !one.over && !one.name.startsWith("0.")).map((one) => one.name);
    this.#state = { ...this.#state, alive: new Set(alive) };
  }

  /** Nobody can go on, and no timer is set. */
  atRest(goroutines: readonly GuestGoroutine[], blocked: ReadonlySet<GoroutineName>): Outcome {
    if (this.#exit) return this.#exit;
    const { over, skipped } = this.#state;
    const cutShort = this.#cutShort(goroutines, blocked);
    if (over === undefined) return { kind: "deadlock" };
    if (over.kind === "main") return { kind: "quiescent", exitCode: over.code, cutShort };
    if (over.code !== 0) return { kind: "failed", cutShort };
    return skipped ? { kind: "skipped" } : { kind: "quiescent", exitCode: 0, cutShort };
  }

  /** The run is ended by a limit. */
  atLimit(limit: "time" | "steps", goroutines: readonly GuestGoroutine[], blocked: ReadonlySet<GoroutineName>, now: Nanos): Outcome {
    const { over, endedAt } = this.#state;
    const cutShort = this.#cutShort(goroutines, blocked);
    if (over?.kind === "test" && over.code !== 0) return { kind: "failed", cutShort };
    const spinning = goroutines.find((one) => one.stopped && !one.over && isSpinning(one));
    if (spinning) return { kind: "runaway", goroutine: spinning.name, stack: [], scopeOver: over !== undefined };
    return { kind: "horizon", scopeOver: over !== undefined, cutShort, limit, ...(endedAt === undefined ? {} : { watched: nanos(now - endedAt) }) };
  }

  /** One goes round for ever on what is always ready. */
  endless(goroutine: GoroutineName): Outcome {
    return { kind: "runaway", goroutine, stack: [], scopeOver: this.#state.over !== undefined };
  }

  save(): ScopeState {
    return this.#state;
  }

  restore(state: ScopeState): void {
    this.#state = state;
  }

  /** Still had something to do when main returned: ended since, or sleeping, or able to go on. */
  #cutShort(goroutines: readonly GuestGoroutine[], blocked: ReadonlySet<GoroutineName>): number {
    const { over, alive } = this.#state;
    if (over === undefined) return 0;
    return [...alive].filter((name) => !goroutines.some((one) => one.name === name) || !blocked.has(name)).length;
  }
}
