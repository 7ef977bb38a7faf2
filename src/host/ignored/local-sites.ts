import { isOf, type OpKind } from "../../model/operation.js";
import type { GoroutineName } from "../../model/ids.js";

/** Who has used an object, while it is one goroutine alone; from which instructions. */
interface Use {
  readonly goroutine: GoroutineName | undefined;
  readonly pcs: readonly number[];
}

export type OwnersState = ReadonlyMap<number, Use>;

/**
 * Functions whose locks and atomics belong to one request or one body: they are there in case two goroutines use it. What
 * is made to be shared (a Server's lock, a Transport's, a context's) is not here, though a first run may show one
 * goroutine alone at it.
 */
const PRIVATE: readonly { readonly prefix: string; readonly why: string }[] = [
  { prefix: "net/http.(*conn).hijacked", why: "the handler's goroutine takes the connection over, and asks" },
  { prefix: "net/http.(*response).", why: "a response is written by its handler" },
  { prefix: "net/http.(*chunkWriter).", why: "a response is written by its handler" },
  { prefix: "net/http.(*body).", why: "a request's body is read by its handler" },
  { prefix: "net/http.(*bodyEOFSignal).", why: "a response's body is read by who asked for it" },
  { prefix: "net/http.(*cancelTimerBody).", why: "a response's body is read by who asked for it" },
  { prefix: "net/http.(*timeoutWriter).", why: "one request's answer" },
];

export const isPrivate = (caller: string): boolean => PRIVATE.some(({ prefix }) => caller.startsWith(prefix));

/** Operations that are let through where their object belongs to one goroutine. */
const isCandidate = (op: OpKind): boolean => isOf(op, "mutex", "rwmutex", "atomic", "once");

/**
 * Instructions of the standard library whose locks and atomics no two goroutines share: each response of net/http has
 * locks that its handler alone takes (PRIVATE). What one goroutine alone uses commutes with all that others do, and needs no
 * choice. Which instructions these are, two first runs of a program show, one that lets the first go on who can and one
 * that lets the last. What a later run shows (`late`) bounds the exploration, and is said.
 */
export class LocalSites {
  readonly #seen = new Set<number>();
  readonly #shared = new Set<number>();
  readonly #late = new Set<number>();
  #learning = true;

  /** What the first runs have shown counts from now on. */
  learned(): void {
    this.#learning = false;
  }

  has(pc: number): boolean {
    return !this.#learning && this.#seen.has(pc) && !this.#shared.has(pc);
  }

  saw(pc: number): void {
    if (this.#learning) this.#seen.add(pc);
  }

  /** These instructions use an object of several goroutines. */
  shares(pcs: readonly number[]): void {
    for (const pc of pcs) {
      if (this.#learning) this.#shared.add(pc);
      else if (this.has(pc)) this.#late.add(pc);
    }
  }

  /** Those that turned out to share when it was too late. */
  get late(): ReadonlySet<number> {
    return this.#late;
  }
}

/** Who has used which object in one run. */
export class Owners {
  #uses = new Map<number, Use>();

  /** `pc`: of the instruction, if it is one of those; 0: of other code, or not known. */
  use(op: OpKind, object: number, goroutine: GoroutineName, pc: number, sites: LocalSites): void {
    if (object === 0 || !isCandidate(op)) return;
    if (pc !== 0) sites.saw(pc);
    const known = this.#uses.get(object);
    if (known === undefined) {
      this.#uses.set(object, { goroutine, pcs: pc === 0 ? [] : [pc] });
      return;
    }
    const own = known.goroutine === goroutine;
    const pcs = pc === 0 || known.pcs.includes(pc) ? known.pcs : [...known.pcs, pc];
    if (!own) sites.shares(pcs);
    if (pcs === known.pcs && (own || known.goroutine === undefined)) return;
    this.#uses.set(object, { goroutine: own ? goroutine : undefined, pcs });
  }

  save(): OwnersState {
    return new Map(this.#uses);
  }

  restore(state: OwnersState): void {
    this.#uses = new Map(state);
  }
}
