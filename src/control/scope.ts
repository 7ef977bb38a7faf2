import { nanos, type GoroutineName, type Nanos } from "../model/ids.js";
import type { Outcome } from "../model/run/outcome.js";
import type { GoroutinePhase } from "./goroutine.js";
import { isDraining, isSpinning, type Spinner } from "./spinning.js";

/** A goroutine as its scope sees it. */
interface ScopeGoroutine extends Spinner {
  readonly name: GoroutineName;
  readonly phase: GoroutinePhase;
}

/** How a scope ended: main returned (or os.Exit), the test passed or failed. */
interface ScopeEnd {
  readonly kind: "main" | "test";
  readonly code: number;
}

export interface ScopeState {
  readonly over: ScopeEnd | undefined;
  /** When it ended, in virtual time. */
  readonly endedAt: Nanos;
  readonly skipped: boolean;
  /** Who failed an assertion. */
  readonly failed: readonly GoroutineName[];
  /** Who was ended by that in the middle of its work: a goroutine of the code under test that calls a mock. */
  readonly cutOff: readonly GoroutineName[];
  /** Goroutines that lived when the scope ended. */
  readonly alive: readonly GoroutineName[];
}

const NEVER = nanos(0n);
const NOBODY: readonly GoroutineName[] = [];

/** What must be over before leaks are counted, and what its end makes of a run that has come to rest. */
export class RunScope {
  #over: ScopeEnd | undefined;
  #endedAt = NEVER;
  #skipped = false;
  #alive = NOBODY;
  #failed = NOBODY;
  #cutOff = NOBODY;
  /** The scope has ended in the step at hand. */
  #ending = false;
  #exit: Outcome | undefined;

  get over(): ScopeEnd | undefined {
    return this.#over;
  }

  end(over: ScopeEnd, now: Nanos): void {
    this.#over = over;
    this.#endedAt = now;
    this.#ending = true;
  }

  /** Nanoseconds since the scope was over; 0 before. */
  watched(now: Nanos): number {
    return this.#over === undefined ? 0 : Number(now - this.#endedAt);
  }

  skip(): void {
    this.#skipped = true;
  }

  /** A goroutine fails an assertion of the test. `isCutOff`: that ends it, and it is not the test's own. */
  fails(name: GoroutineName, isCutOff = false): void {
    if (!this.#failed.includes(name)) this.#failed = [...this.#failed, name];
    if (isCutOff) this.#cutOff = [...this.#cutOff, name];
  }

  get hasFailed(): boolean {
    return this.#failed.length > 0;
  }

  /** The one that failed started it, or it started that one: the two are of one test (parallel subtests are not). */
  hasFailedFor(name: GoroutineName): boolean {
    return this.#failed.some((one) => one === name || name.startsWith(`${one}.`) || one.startsWith(`${name}.`));
  }

  /** Who started it was ended in the middle of its work, and will not end it. */
  isLeftBehind(name: GoroutineName): boolean {
    return this.#cutOff.some((one) => name.startsWith(`${one}.`));
  }

  /** A goroutine other than main called os.Exit: the program is gone. Once time has passed since a test's end it may have been gone before. */
  exit(code: number, now: Nanos): void {
    const isLate = this.#over?.kind === "test" && this.watched(now) > 0;
    this.#exit = isLate && this.#over?.code !== 0 ? { kind: "failed", cutShort: 0 } : { kind: "exit", exitCode: code, ...(isLate ? { late: true as const } : {}) };
  }

  /**
   * After the step in which the scope ended: who only had to return has done so by now, and is not cut short. The
   * goroutines are asked for in that step only.
   */
  afterStep(goroutines: () => readonly ScopeGoroutine[]): void {
    if (!this.#ending) return;
    this.#ending = false;
    const alive = goroutines().filter(({ name, phase }) => phase !== "over" && !name.startsWith("0."));
    this.#alive = alive.length === 0 ? NOBODY : alive.map(({ name }) => name);
  }

  /** No goroutine can go on, and no timer is set. `blocked`: those that wait for others. */
  atRest(goroutines: readonly ScopeGoroutine[], blocked: () => ReadonlySet<GoroutineName>): Outcome {
    if (this.#exit) return this.#exit;
    if (this.#over === undefined) return { kind: "deadlock" };
    const cutShort = this.#cutShort(goroutines, blocked);
    if (this.#over.kind === "main") return { kind: "quiescent", exitCode: this.#over.code, cutShort };
    if (this.#over.code !== 0) return { kind: "failed", cutShort };
    return this.#skipped ? { kind: "skipped" } : { kind: "quiescent", exitCode: 0, cutShort };
  }

  /**
   * The run is ended by a limit. Who spins when it was only too long may count its looks, and end: that is no runaway; nor is one
   * within the scope where a timer is set that has not been seen to fire, and may be what it looks for (`unseen`).
   */
  atLimit(limit: "time" | "timeout" | "steps", goroutines: readonly ScopeGoroutine[], blocked: () => ReadonlySet<GoroutineName>, now: Nanos, unseen = false): Outcome {
    const over = this.#over;
    const cutShort = this.#cutShort(goroutines, blocked);
    if (over?.kind === "test" && over.code !== 0) return { kind: "failed", cutShort };
    const spinning = limit !== "time" || (unseen && over === undefined) ? undefined : goroutines.find((one) => one.phase === "stopped" && (isSpinning(one) || isDraining(one)));
    if (spinning) return { kind: "runaway", goroutine: spinning.name, stack: [], scopeOver: over !== undefined };
    return { kind: "horizon", scopeOver: over !== undefined, cutShort, limit, ...(over === undefined ? undefined : { watched: nanos(now - this.#endedAt) }) };
  }

  /** One goes round for ever on what is always ready. */
  endless(goroutine: GoroutineName): Outcome {
    return { kind: "runaway", goroutine, stack: [], scopeOver: this.#over !== undefined };
  }

  save(): ScopeState {
    return { over: this.#over, endedAt: this.#endedAt, skipped: this.#skipped, failed: this.#failed, cutOff: this.#cutOff, alive: this.#alive };
  }

  restore({ over, endedAt, skipped, failed, cutOff, alive }: ScopeState): void {
    this.#over = over;
    this.#endedAt = endedAt;
    this.#skipped = skipped;
    this.#failed = failed;
    this.#cutOff = cutOff;
    this.#alive = alive;
  }

  /** Still had something to do when main returned: ended since, or sleeping, or able to go on. */
  #cutShort(goroutines: readonly ScopeGoroutine[], blocked: () => ReadonlySet<GoroutineName>): number {
    if (this.#alive.length === 0) return 0;
    const waiting = blocked();
    const left = new Set(goroutines.map(({ name }) => name));
    return this.#alive.filter((name) => !left.has(name) || !waiting.has(name)).length;
  }
}
