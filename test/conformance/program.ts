/**
 * Small concurrent programs, each described once; `to-go.ts` writes the description as Go, `to-typescript.ts` runs it
 * on the TypeScript runtime. What each goroutine sees it logs under its own label, and a goroutine that comes to its
 * end logs `end`: so the logs of a run, taken goroutine by goroutine, say everything that the schedule decided.
 */
export type Stmt =
  | { readonly do: "send"; readonly ch: string; readonly value: number }
  | { readonly do: "recv" | "close" | "range"; readonly ch: string }
  | { readonly do: "select"; readonly cases: readonly SelectCase[]; readonly otherwise: boolean }
  | { readonly do: "lock" | "unlock" | "trylock" | "rlock" | "runlock" | "tryrlock"; readonly mu: string }
  | { readonly do: "add"; readonly wg: string; readonly delta: number }
  | { readonly do: "wait"; readonly wg: string }
  | { readonly do: "once"; readonly once: string; readonly body: Body }
  | { readonly do: "cwait" | "signal" | "broadcast"; readonly cond: string }
  | { readonly do: "sleep"; readonly ms: number }
  | { readonly do: "go"; readonly body: Body }
  | { readonly do: "cancel" | "awaitctx"; readonly ctx: string }
  | { readonly do: "panic"; readonly text: string }
  | { readonly do: "goexit" }
  /** Runs the body in a function with a deferred recover, which logs what it recovered. */
  | { readonly do: "guarded"; readonly body: Body }
  /** Runs the body in a function that defers the other first. */
  | { readonly do: "deferring"; readonly deferred: Body; readonly body: Body }
  | { readonly do: "load"; readonly a: string }
  | { readonly do: "store" | "addint" | "swap"; readonly a: string; readonly value: number }
  | { readonly do: "cas"; readonly a: string; readonly old: number; readonly value: number }
  | { readonly do: "timer"; readonly t: string; readonly ms: number }
  | { readonly do: "trecv" | "tstop"; readonly t: string }
  | { readonly do: "treset"; readonly t: string; readonly ms: number }
  | { readonly do: "afterfunc"; readonly ms: number; readonly body: Body }
  | { readonly do: "log"; readonly text: string };

export type SelectCase =
  | { readonly send: string; readonly value: number }
  | { readonly recv: string }
  | { readonly after: number }
  | { readonly done: string };

export type Body = readonly Stmt[];

/** Names: `c…` channels with their sizes (or nil), `m…` mutexes, `r…` RWMutexes, `w…`, `o…`, `k…` (Cond on m0), `x…`, `a…`, `t…`. */
export interface Description {
  readonly name: string;
  readonly chans?: Readonly<Record<string, number | "nil">>;
  readonly mutexes?: readonly string[];
  readonly rwmutexes?: readonly string[];
  readonly waitgroups?: readonly string[];
  readonly onces?: readonly string[];
  readonly conds?: readonly string[];
  /** Contexts: with cancel, or with a timeout in ms; a parent by name (declared before), else the background. */
  readonly contexts?: Readonly<Record<string, { readonly timeout?: number; readonly parent?: string }>>;
  readonly atomics?: readonly string[];
  readonly timers?: readonly string[];
  readonly body: Body;
}

/** Goroutine labels, as the runtime names goroutines: the k-th `go` in the text of 1.2 is 1.2.k; AfterFunc counts as `t`. */
export class Labels {
  readonly label: string;
  #children = 0;
  #timers = 0;

  constructor(label = "1") {
    this.label = label;
  }

  child(): Labels {
    return new Labels(`${this.label}.${++this.#children}`);
  }

  timer(): Labels {
    return new Labels(`${this.label}.t${++this.#timers}`);
  }
}
