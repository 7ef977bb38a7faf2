import { optional } from "../base/optional.js";
import type { WaitKind } from "../model/goroutine/wait.js";
import type { Frame, Stack } from "../model/goroutine/stack.js";

/** A group as the store knows it: enough to name it again without the snapshot. */
export interface StoredGroup {
  readonly fingerprint: string;
  readonly kind: WaitKind;
  readonly waitReason: string;
  readonly frame: Frame;
  /** `tenant=a`, where groups are split by a pprof label. */
  readonly label?: string;
  /** Where it waits, whole, innermost first. Need not be given with each look: what was given last is kept, once for all groups that have it. */
  readonly stack?: Stack;
}

/** One look at one target: how many goroutines each group had. */
export interface Scrape {
  readonly target: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly total: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** One scrape, with the groups that it names. */
export interface Look {
  readonly scrape: Scrape;
  readonly groups: readonly StoredGroup[];
}

/**
 * What was seen, to be asked later. Every answer is a promise, so that a server's database can stand behind it as well;
 * one conformance suite (testing/store-conformance.ts) runs against each implementation.
 *
 * S1. Scrapes of a target come back in the order of their times, with the counts that were put in.
 * S2. What was put in before the answer came survives the process, and the server.
 * S3. `prune` takes away nothing that is newer; of what is older it may keep what lies less than a day before.
 */
export interface Store {
  /** All of them, or an error. */
  put(looks: readonly Look[]): Promise<void>;
  targets(): Promise<readonly string[]>;
  /** From `since` on, oldest first; of each `every` milliseconds since 1970 the first alone. */
  scrapes(target: string, since: number, every?: number): Promise<readonly Scrape[]>;
  groups(fingerprints: Iterable<string>): Promise<ReadonlyMap<string, StoredGroup>>;
  /** Forgets scrapes older than `before`, milliseconds since 1970. */
  prune(before: number): Promise<void>;
  /** Where looks of hours that are over lie otherwise: brings some there, of those before `before`; answers whether nothing is left. What is told stays the same. */
  pack?(before: number): Promise<boolean>;
  close(): Promise<void>;
  /** Where several watches share a store, who looks at what. Undefined: each looks at all that it knows. */
  readonly sharing?: Sharing;
}

/**
 * Targets shared out among all watches of one store, by lease. Whoever says nothing for a lease's time has nothing any more.
 *
 * L1. What one has is nobody else's, as long as its lease lasts.
 * L2. What nobody has is taken by somebody who wants it, within a lease's time and two turns.
 */
export interface Sharing {
  /** Milliseconds until it is to be asked again. */
  readonly renewMs: number;
  /** Renews the lease; answers which of `wanted` are this watch's now. */
  share(wanted: readonly string[]): Promise<Share>;
  /** Gives back all that it has. */
  leave(): Promise<void>;
}

export interface Share {
  readonly mine: ReadonlySet<string>;
  /** That are there now and want some of the same targets, this one included. */
  readonly watchers: number;
}

/** Keeps everything in memory: for tests, and for a watch that is not to leave anything behind. */
export function memoryStore(): Store {
  let scrapes: Scrape[] = [];
  const known = new Map<string, StoredGroup>();
  return {
    put: async (looks) => {
      for (const { scrape, groups } of looks) {
        scrapes.push(scrape);
        for (const group of groups) known.set(group.fingerprint, { ...optional({ stack: known.get(group.fingerprint)?.stack }), ...group });
      }
    },
    targets: async () => [...new Set(scrapes.map(({ target }) => target))].sort(),
    scrapes: async (target, since, every = 1) => {
      const found = scrapes.filter((s) => s.target === target && s.at >= since).sort((a, b) => a.at - b.at);
      return every === 1 ? found : found.filter(({ at }, i) => Math.floor(at / every) !== Math.floor((found[i - 1]?.at ?? -Infinity) / every));
    },
    groups: async (fingerprints) => new Map([...fingerprints].flatMap((f) => (known.has(f) ? [[f, known.get(f)!] as const] : []))),
    prune: async (before) => {
      scrapes = scrapes.filter(({ at }) => at >= before);
      const named = new Set(scrapes.flatMap(({ counts }) => [...counts.keys()]));
      for (const fingerprint of known.keys()) if (!named.has(fingerprint)) known.delete(fingerprint);
    },
    close: async () => undefined,
  };
}
