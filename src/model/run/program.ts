import type { Choice } from "./choice.js";
import type { Fault } from "./fault.js";
import type { GoroutineName, Nanos } from "../ids.js";
import type { Access, OpKind } from "./operation.js";
import type { Outcome } from "./outcome.js";
import type { Snapshot } from "../goroutine/snapshot.js";
import type { Trace } from "./trace.js";

/**
 * The seam at the heart. A program that Unpark controls: compiled Go (`host`), TypeScript on our own goroutines
 * (`runtime`), small models (tests). The explorer knows none of them.
 *
 * What every implementation keeps (checked by control/testing/seam-conformance.ts and by the swap test):
 * P1. Same choices, same run: `pending`, `last`, `outcome`, `goroutines` are functions of the schedule alone.
 * P2. Waiting is no event: a goroutine that cannot go on stays *pending* with no alternatives; it is never "let in to
 *     block". A send and a receive on an unbuffered channel are one step of two goroutines (`meet`). What arriving
 *     itself makes visible is an event of its own (Cond.Wait; RWMutex.Lock, which shuts out new readers).
 * P3. Independent steps commute: two steps that share no goroutine and whose accesses do not conflict, taken in either
 *     order, lead to the same pending operations, the same objects and the same names.
 * P4. A goroutine's name depends only on who started it and as which one.
 */
export interface Program {
  readonly name: string;
  /** Starts a new run from the beginning. One run at a time per program: starting ends the one before. */
  start(options?: RunOptions): Run | Promise<Run>;
  /** What the runs so far have shown that bounds what may be concluded from them: whole sentences, for people. */
  limits?(): readonly string[];
  /** The runs so far have shown that they leave out choices that matter: not every schedule is tried by trying all of these. */
  isRefuted?(): boolean;
  /** Gives back memory and threads. */
  close?(): void | Promise<void>;
}

export interface RunOptions {
  /** Record stacks and lives for `trace()`; slow, for replays that are shown. Default false. */
  readonly trace?: boolean;
  /** With `trace`: record also what functions were called with, where the host can tell; costs memory. Default false. */
  readonly values?: boolean;
  /** Where the program's stdout and stderr go; dropped by default. */
  readonly output?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
  /**
   * A goroutine that is blocked when the clock moves and no other can go on has certainly reached its channel: a select's
   * default is then no way past it (rendezvous.ts, R4). True only under a lazy clock, where the clock never moves
   * otherwise; else the clock's step would depend on what the other goroutines could do (P3). Default false.
   */
  readonly arrival?: boolean;
  /** The run ends as `horizon` (limit `steps`) after so many steps, where the host counts them. */
  readonly steps?: number;
  /** It shows whether the program passes: it may compute for as long as there is time. Default false. */
  readonly natural?: boolean;
  /**
   * Behind so many steps a goroutine may do operations that need not wait without asking, where the host can tell; nobody asks what these
   * steps did, and a schedule is one of runs with the same number alone. Default: never.
   */
  readonly unaskedAfter?: number;
  /** The run ends as `computes` where a step computes for long while others could go on. Default: where it is not natural. */
  readonly preempts?: boolean;
  /** Asked now and then, in the middle of a step that computes, too: true ends the run as `horizon` (limit `budget`). */
  readonly overtime?: () => boolean;
  /** The run ends as `horizon` (limit `timeout`) where its scope is not over after so much virtual time, in nanoseconds. */
  readonly timeout?: number;
  /** The run ends as `horizon` (limit `time`) after so many moves of the clock in a row that found all as before. */
  readonly rounds?: number;
}

/**
 * The goroutine that has gone on is before `op`, which need not wait, and for all others nothing has changed. The choice that the
 * explorer makes, and has recorded, if it chooses the same goroutine again; the host does it at once. `unasked`: as in Pending.
 */
export type GoesOn = (op: OpKind, yielding: boolean, unasked: number) => Choice | undefined;

/** One execution, stopped before a visible operation of every goroutine. */
export interface Run {
  /**
   * Every goroutine that has an operation before it, whether or not it can go on; and the clock, last, if a timer is set. The list
   * holds until the next step: who keeps it longer copies it. Its entries are never changed.
   */
  pending(): readonly Pending[];
  /** Those of `pending` that can go on, in its order, where the host need not look for them; holds as long. Missing: they are to be looked for there. */
  able?(): readonly Pending[];
  /** Of `pending`, in its order: those that have come, or have another entry, since this was asked last; and the clock. Undefined: all may have. Missing: nobody knows. */
  takeChanged?(): readonly Pending[] | undefined;
  /**
   * Those of the scope that wait inside the runtime, before no operation: `select {}`, a Cond that was not signalled.
   * In words that are the same for the same wait. Missing: this host lists all of them in `pending`.
   */
  parked?(): readonly string[];
  /**
   * One step: until all are stopped again. A promise only where the host needs microtasks. Throws Divergence. With `goesOn` a
   * host may take further steps of the same goroutine at once, and `last` is not to be asked.
   */
  take(choice: Choice, goesOn?: GoesOn): void | Promise<void>;
  /** What went wrong so far because the schedule says so. Missing: nothing ever does. */
  wentWrong?(): readonly Fault[];
  /** The test has failed an assertion: who came to where it stands after that. Undefined, or missing: it has not. */
  afterFailure?(): readonly GoroutineName[] | undefined;
  /** The clock has gone past timers that were due, to one that had not been seen yet (control/livelock.ts): who panics then does so for it is late. */
  skippedTime?(): boolean;
  /** So often a select took its default beside a partner who had been there before the clock last moved: as on a machine that stalls. Missing: never. */
  readonly overtaken?: number;
  /** What the last step did, exactly: its accesses, and every goroutine that moved. */
  last(): Footprint;
  /** Defined once the run is over. */
  outcome(): Outcome | undefined;
  /** All goroutines that are left. Rich (stacks, reasons); may end the run: after it only `outcome` and `trace` count. */
  goroutines(): Snapshot | Promise<Snapshot>;
  /** What was recorded, with `RunOptions.trace`. */
  trace(): Trace | undefined;
  /** Hosts that can copy the world. */
  fork?(): Checkpoint;
  /** Virtual time since the run began. */
  now(): Nanos;
}

/** A copy of a run's world. Restoring it makes the program's current run continue from there. */
export interface Checkpoint {
  /** Bytes that it holds, for bounding memory. */
  readonly bytes: number;
  restore(): Run;
  release(): void;
}

/** A goroutine and what it is stopped before; or the clock (`goroutine` undefined, `op` "clock"). */
export interface Pending {
  readonly goroutine: GoroutineName | undefined;
  readonly op: OpKind;
  /** Its place among those of `Run.pending`, which its goroutine keeps, of a host that tells what has changed (Run.takeChanged). */
  readonly order?: number;
  /** The objects that the operation would touch; a select lists all its channels, whichever case it takes. */
  readonly accesses: readonly Access[];
  /** The ways in which it can go on now; empty while it is blocked. A `meet` is listed by both its goroutines. */
  readonly alternatives: readonly Choice[];
  /**
   * Goes on only when nothing better can: a Gosched until another goroutine has moved; a spin on an atomic that
   * no goroutine has written since. Strategies that aim at fairness take these last.
   */
  readonly yielding?: boolean;
  /** It yields, but may be straight code: the clock moves beside it as on a machine that stalls. */
  readonly mayBeStraight?: boolean;
  /** On the way here it did more than look, and nobody was asked (RunOptions.unaskedAfter): it does not only poll. */
  readonly acted?: boolean;
  /** So many operations it did so. Missing: none. */
  readonly unasked?: number;
  /** For a select: has it a default case? Unknown (undefined) costs reduction some runs, nothing else. */
  readonly hasDefault?: boolean;
  /** For the clock: the time that it would move to, since the run began. */
  readonly time?: Nanos;
}

export interface Footprint {
  /**
   * In order of first touch; includes what was found only by doing it (clock readings as `load` of CLOCK_OBJECT). Of a
   * select that took a case, that case's channel only; of one that took its default, all its channels.
   */
  readonly accesses: readonly Access[];
  /** Every goroutine that went on during the step: those of the choice, those woken by it, those started in it. */
  readonly moved: readonly GoroutineName[];
  /** Those among `moved` that were started in it. */
  readonly started: readonly GoroutineName[];
}

/** Thrown by `take` when a choice is not among the alternatives: the program is not the one that the schedule was made with. */
export class Divergence extends Error {
  readonly step: number;
  readonly expected: string;
  readonly actual: string;

  constructor(step: number, expected: string, actual: string) {
    super(`replay diverges at step ${step}: the schedule says ${expected}, but ${actual}; was the program or its Go version changed?`);
    this.name = "Divergence";
    this.step = step;
    this.expected = expected;
    this.actual = actual;
  }
}
