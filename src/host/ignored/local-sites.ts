import { LayeredMap } from "../../base/layered-map.js";
import { isOf, type OpKind } from "../../model/run/operation.js";
import { codesWhere } from "../guest/op-codes.js";
import type { GoroutineName } from "../../model/ids.js";

/*
 * Which operations of the standard library's own code need no choice, for nobody else can notice them: a lock or an atomic that one
 * goroutine alone uses, and an atomic that several read and nobody writes.
 *
 * Two first runs of a program show which instructions come upon such objects only (calibration-run.ts). That is a guess about
 * all other runs, so each run checks it, and the guess is given up for the whole program where one does not bear it out.
 *
 * Words: E is the program with each of these operations a choice; L the same with those of the guessed instructions let through,
 * without a choice, where they need not wait. A *conflict* is a run in which an object that a guessed instruction has used is
 * used by two goroutines, and not only read.
 *
 * S1. The guess is fixed before the first run that counts, and follows from the program alone: all runs of L have the same steps,
 *     in each thread and process.
 * S2. A goroutine uses an object when it comes to the operation, whether or not it can go on: `use` is called before each
 *     operation. So no conflict hides behind a lock that is held.
 * S3. What a goroutine does between an operation that was let through and its next choice, nobody else can notice, plain uses of
 *     memory apart, as behind any step: ending the program or its scope and changing a socket's state are conflicts, too
 *     (`noticed`). Locks that are given back need no choice anyway (run/step/library-blocks.ts).
 * S4. At most MOST_IN_A_ROW operations are let through in a row, then one is a choice: who polls an object that it alone
 *     has used so far comes to a stop, and somebody else may come.
 *
 * Why nothing is lost where a complete exploration of L shows no conflict:
 *
 * (1) Let S be L with each goroutine having the guessed objects for itself. In S the operations that are let through commute with all
 *     others, by construction, so reduction tries every trace of S. S and L are the same up to the first conflict, and a conflict
 *     is seen in each run of a trace that has one (S2: the operations that each goroutine has come to are the same in all of them).
 *     So if S had a conflict, the exploration of L would have seen one. It has none: S is L, and every trace of L was tried.
 * (2) Take a shortest run of E that ends with a conflict. Before its end each operation of a guessed instruction is on an
 *     object that nobody else has used, or that is only read: it commutes with what other goroutines did since its own goroutine's step
 *     before, and (S3) so does the rest of its step. Moved there, and with those behind it that L lets through at once, the run is
 *     one of L, in which both goroutines have come to the object: L has the conflict. (1) says that it has none, so E has none.
 * What is said of reading holds for a lock around something that commutes with all that others do under the same lock at such an instruction
 * (COMMUTING): they are used together as if they were read, and any other use of the lock is a conflict.
 *
 * (3) So in every run of E these operations are both movers (Lipton, CACM 18(12), 1975): each run of E is one of L with some of
 *     its steps in parts, and ends as that one does.
 *
 * Not in it: that the clock moves early between such an operation and the step before it, which a goroutine that reads the clock
 * behind it could notice. Computing takes no time (docs/exploring.md, N1); between two steps that others notice the clock does not move.
 *
 * Where there was a conflict the exploration is not complete, and where nothing else was missing every schedule of E is tried
 * (pipeline/examine/every-step.ts). test/noise explores programs both ways and compares how they end.
 */

/** Who has used an object, while it is one goroutine alone; was it written; from which instructions. */
interface Use {
  readonly goroutine: GoroutineName | undefined;
  readonly isWritten: boolean;
  readonly pcs: readonly number[];
}

export type OwnersState = ReadonlyMap<number, Use>;

/** S4 */
const MOST_IN_A_ROW = 64;

/**
 * Functions at whose objects a first run may show one goroutine alone, and a later run soon shows others, which costs the proof:
 * what is made to be shared, and used by whoever comes first. A row too few costs time, one too many some steps.
 */
const MADE_TO_BE_SHARED: readonly { readonly prefix: string; readonly what: "all" | "locks" }[] = [
  { prefix: "context.", what: "all" },
  { prefix: "net/http.(*Transport).", what: "locks" },
  { prefix: "net/http.(*wantConn).", what: "locks" },
  { prefix: "net/http.(*conn).serve", what: "all" },
  { prefix: "net/http.(*Server).SetKeepAlivesEnabled", what: "all" },
  { prefix: "net/http.(*Server).", what: "locks" },
  { prefix: "net/http/httptest.(*Server).", what: "locks" },
  { prefix: "net/http.(*readTrackingBody).", what: "all" },
  { prefix: "net/http.(*connReader).", what: "all" },
  { prefix: "database/sql.(*DB).", what: "locks" },
];

/** Functions whose sections under a lock commute with each other, whoever does them. */
const COMMUTING: readonly { readonly prefix: string; readonly why: string }[] = [
  { prefix: "net/http.(*Transport).prepareTransportCancel", why: "enters a request in a table, and takes it out: each its own; only CancelRequest looks for it there" },
];

export const isCommuting = (caller: string): boolean => COMMUTING.some(({ prefix }) => caller.startsWith(prefix));

/** What a function does is let through at most: everything, atomics and Onces, or nothing. */
export type Letting = "all" | "no locks" | "nothing";

export function lettingOf(caller: string): Letting {
  if (isCommuting(caller)) return "all";
  const row = MADE_TO_BE_SHARED.find(({ prefix }) => caller.startsWith(prefix));
  return row === undefined ? "all" : row.what === "locks" ? "no locks" : "nothing";
}

/** Operations that are let through where their object belongs to one goroutine. */
export const CANDIDATES = codesWhere((op) => isOf(op, "mutex", "rwmutex", "atomic", "once"));

/** Instructions of one program's standard library by what all their objects have in common. */
export class LocalSites {
  readonly #seen = new Set<number>();
  readonly #shared = new Set<number>();
  readonly #late = new Set<number>();
  #phase: "learning" | "known" | "none" = "learning";

  /** What the first runs have shown counts from now on (S1). */
  learned(): void {
    this.#phase = "known";
  }

  /** Nothing is let through: all steps are wanted. */
  none(): void {
    this.#phase = "none";
  }

  get isLearning(): boolean {
    return this.#phase === "learning";
  }

  has(pc: number): boolean {
    return this.#phase === "known" && this.#seen.has(pc) && !this.#shared.has(pc);
  }

  /** It is let through, or will be for all that is known. */
  maybe(pc: number): boolean {
    return this.#phase !== "none" && !this.#shared.has(pc);
  }

  saw(pc: number): void {
    if (this.isLearning) this.#seen.add(pc);
  }

  /** What these instructions do others notice. */
  shares(pcs: readonly number[]): void {
    for (const pc of pcs) {
      if (this.isLearning) this.#shared.add(pc);
      else if (this.has(pc)) this.#late.add(pc);
    }
  }

  /** Those of which that turned out when it was too late. */
  get late(): ReadonlySet<number> {
    return this.#late;
  }
}

/** Who has used which object in one run. */
export class Owners {
  readonly #uses = new LayeredMap<number, Use>();

  /** A goroutine comes to an operation (S2). `pc`: of the instruction, if it may be one of those; 0: of other code, or not known. `commutes`: see COMMUTING. */
  use(op: OpKind, object: number, goroutine: GoroutineName, pc: number, sites: LocalSites, commutes = false): void {
    if (object === 0) return;
    if (pc !== 0) sites.saw(pc);
    const known = this.#uses.get(object);
    const writes = op !== "load" && !commutes;
    if (known === undefined) {
      this.#uses.set(object, { goroutine, isWritten: writes, pcs: pc === 0 ? [] : [pc] });
      return;
    }
    const isOwn = known.goroutine === goroutine;
    const isWritten = known.isWritten || writes;
    const pcs = pc === 0 || known.pcs.includes(pc) ? known.pcs : [...known.pcs, pc];
    if (!isOwn && isWritten) sites.shares(pcs);
    if (pcs === known.pcs && isWritten === known.isWritten && (isOwn || known.goroutine === undefined)) return;
    this.#uses.set(object, { goroutine: isOwn ? goroutine : undefined, isWritten, pcs });
  }

  save(): OwnersState {
    return this.#uses.save();
  }

  restore(state: OwnersState): void {
    this.#uses.restore(state);
  }
}

/** What a goroutine was let through since its last choice. */
export interface Trail {
  readonly length: number;
  /** From which instructions, each once. */
  readonly pcs: readonly number[];
}

export const NO_TRAIL: Trail = { length: 0, pcs: [] };

/** With one more; undefined: it has been let through often enough (S4). */
export function longer({ length, pcs }: Trail, pc: number): Trail | undefined {
  return length >= MOST_IN_A_ROW ? undefined : { length: length + 1, pcs: pcs.includes(pc) ? pcs : [...pcs, pc] };
}
