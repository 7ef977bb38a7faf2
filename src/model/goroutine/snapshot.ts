import type { Ending } from "./ending.js";
import type { GoroutineName, Nanos } from "../ids.js";
import type { Access, OpKind } from "../run/operation.js";
import type { Frame, Stack } from "./stack.js";

/**
 * The goroutines of one process at one moment: from a run under control, from a dump of a live service, from a
 * profile, from a TypeScript service. Diagnosis and reports see only this.
 */
export interface Snapshot {
  readonly provenance: Provenance;
  readonly goroutines: readonly Goroutine[];
  /** What the source left out or what could not be read, each a sentence. Empty when nothing was lost. */
  readonly losses: readonly string[];
  /**
   * Under control: once finalizers had run, a goroutine went on that had waited, or the pass did not come to its end. What is at rest here waits, as far as
   * is known, only for the collector.
   */
  readonly wokenByFinalizers?: true;
  /** The process's last words before a dump that it printed in dying: `panic: …`, `fatal error: …`, `SIGQUIT: quit`. */
  readonly message?: string;
  /** Why the text was printed, where it says that something is wrong. */
  readonly ending?: Ending;
  /** Not what is there, but what changed within so many seconds (`?seconds=N`): counts are of goroutines that came, `gone` left. */
  readonly delta?: { readonly seconds: number; readonly gone: readonly Goroutine[] };
}

export interface Provenance {
  /** Where from: a file name, a URL, `pid:12`, or the program's name under control. */
  readonly source: string;
  /** How: `debug=2 text`, `pprof`, `gops`, `run`. */
  readonly how: string;
  /** When, real time since 1970, where known. */
  readonly at?: Nanos;
  /** Go's (or Unpark's runtime's) version, where known. */
  readonly version?: string;
}

/** One goroutine; or, from a profile, `count` of them that look alike. */
export interface Goroutine {
  /** The runtime's number, where the source gives one. */
  readonly id?: number;
  /** Under control: the stable name. */
  readonly name?: GoroutineName;
  readonly count: number;
  readonly state: GoroutineState;
  /** The runtime's words for why it waits: `chan send`, `select (no cases)`, `sync.Mutex.Lock`; `""` when it runs. */
  readonly waitReason: string;
  /** Whole minutes that it has waited, where the source says. */
  readonly waitMinutes?: number;
  /** Under control: the length of the sleep that it is in, or of its wait at the channel of a timer that is set. */
  readonly sleep?: Nanos;
  /** Under control, where virtual time or steps ended the run: for how long (virtual time) it has been seen to go on. */
  readonly age?: Nanos;
  readonly lockedToThread?: boolean;
  /** The testing/synctest bubble that it lives in. */
  readonly bubble?: number;
  /** Blocked so that only its bubble can wake it. */
  readonly durable?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly stack: Stack;
  /** Of each frame, the address that its method was called with (`(*T).f(0xc000…)`); 0 where the text does not say it for sure. */
  readonly receivers?: readonly number[];
  /** How many frames the source elided from the stack's middle. */
  readonly elided?: number;
  readonly createdBy?: Creator;
  /** Who started it, who started that one, and so on, each with its stack at that moment (GODEBUG=tracebackancestors=N). */
  readonly ancestors?: readonly Ancestor[];
  /** Under control: its test had failed an assertion before it came here. */
  readonly afterFailure?: true;
  /** Under control: it has asked a weak pointer for its object; natively the object may be gone, and the goroutine end by that. */
  readonly asksWeak?: true;
  /** Under control: it waits for another time in each round, and went round too few times to say that it goes on for ever. */
  readonly mayGiveUp?: true;
  /** Proved unreachable by the runtime's leak collection; undefined where none was run. */
  readonly unreachable?: boolean;
  /** It is an `await` of ordinary code: what is known of the promise that it waits for. */
  readonly awaits?: AwaitedPromise;
  /** Under control: what it is blocked on. In a dump: the address of the lock, as the runtime's own frames show it. */
  readonly blockedOn?: Blocked;
}

/** What an `await` waits for. */
export interface AwaitedPromise {
  /** Where the promise was made; innermost frame first. */
  readonly madeAt: Stack;
  /** The package of node_modules that made it. */
  readonly inside?: string;
  /** Who waits for this await in turn, the nearest first. */
  readonly awaitedBy: readonly Frame[];
  /** The code that waits was itself called by that package, from there. */
  readonly calledByPackage?: Frame;
  /** Earlier calls of the same function of the package that were answered, and whose callers have ended since. */
  readonly takers: readonly Frame[];
}

export type GoroutineState =
  | "running"
  | "runnable"
  | "waiting" // parked by the runtime: channel, select, lock, condition …
  | "sleeping" // a timer will wake it
  | "io" // waits for the network or another process
  | "syscall"
  | "unknown";

/** The `go` statement that started a goroutine: the function it stands in, where, and the goroutine that ran it. */
export interface Creator extends Frame {
  readonly id?: number;
  readonly name?: GoroutineName;
}

/** A goroutine at the moment when it started another. It may have ended since. */
export interface Ancestor {
  readonly id: number;
  /** The innermost frame holds the `go` statement. */
  readonly stack: Stack;
  readonly createdBy?: Creator;
}

export interface Blocked {
  readonly op: OpKind;
  readonly objects: readonly Access[];
  /** A nil channel, or a select without a channel: nothing can ever meet it. */
  readonly nil: boolean;
  /** For a WaitGroup: its counter. For a channel: how many values it holds, and its size. */
  readonly counter?: number;
  readonly length?: number;
  readonly capacity?: number;
}
