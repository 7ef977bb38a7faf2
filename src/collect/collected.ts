import { spellOut } from "../base/spell-out.js";
import type { Nanos } from "../model/ids.js";

/** Bytes on their way, and how they were got. Reading `chunks` may throw a CollectError, and nothing else. */
export interface CollectedBytes {
  readonly source: string;
  /** When asked, real time; not known of what was saved or pasted. */
  readonly at?: Nanos;
  /** How, where it is more than the format says: `gops`, `SIGQUIT`. */
  readonly how?: string;
  readonly version?: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** What went wrong outside, as one sentence that says what, where and what to do next. */
export class CollectError extends Error {
  constructor(message: string) {
    super(spellOut(message)); // it may hold what a server, a process or a file's name said
    this.name = "CollectError";
  }
}

export interface CollectOptions {
  /** debug level to ask a service for; undefined: 2. */
  readonly debug?: 0 | 1 | 2;
  /** `goroutine` or `goroutineleak`. */
  readonly profile: string;
  /** Request headers, `Name: value`. */
  readonly headers: readonly (readonly [string, string])[];
  /** `user:password`. */
  readonly user?: string;
  /** PEM texts. */
  readonly tls?: { readonly cert?: string; readonly key?: string; readonly ca?: string; readonly insecure?: boolean };
  /** Longest silence of the other side, and longest time for all of it; milliseconds. */
  readonly timeoutMs: number;
  /** Largest answer after unpacking, bytes: the guard against endless answers and gzip bombs. */
  readonly maxBytes: number;
  /** Most memory that what is read may take, bytes; undefined: a share of the heap (parse/memory.ts). */
  readonly budget?: number;
  readonly signal: AbortSignal;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Only goroutines that have all of these pprof labels; none: all goroutines. */
  readonly where?: readonly (readonly [key: string, value: string])[];
  /** Relative file names start here. */
  readonly cwd: string;
  /** Real time, nanoseconds since 1970. */
  readonly now: () => Nanos;
  /** Milliseconds that pass evenly, for limits of time: somebody may set the clock at which `now` looks. Default: the system's own. */
  readonly steady?: () => number;
}
