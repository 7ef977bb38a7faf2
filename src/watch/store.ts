import type { WaitKind } from "../model/wait.js";
import type { Frame } from "../model/stack.js";

/** A group as the store knows it: enough to name it again without the snapshot. */
export interface StoredGroup {
  readonly fingerprint: string;
  readonly kind: WaitKind;
  readonly waitReason: string;
  readonly frame: Frame;
  /** `tenant=a`, where groups are split by a pprof label. */
  readonly label?: string;
}

/** One look at one target: how many goroutines each group had. */
export interface Scrape {
  readonly target: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly total: number;
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * What was seen, to be asked later. Every answer is a promise, so that a server's database can stand behind it as well;
 * one conformance suite (store.test.ts) runs against each implementation.
 *
 * S1. Scrapes of a target come back in the order of their times, with the counts that were put in.
 * S2. What was put in before the answer came survives the process.
 * S3. `prune` takes away what is older, and nothing else.
 */
export interface Store {
  put(scrape: Scrape, groups: readonly StoredGroup[]): Promise<void>;
  targets(): Promise<readonly string[]>;
  /** From `since` on, oldest first. */
  scrapes(target: string, since: number): Promise<readonly Scrape[]>;
  groups(fingerprints: Iterable<string>): Promise<ReadonlyMap<string, StoredGroup>>;
  /** Forgets scrapes older than `before`; returns how many. */
  prune(before: number): Promise<number>;
  close(): Promise<void>;
}

/** Keeps everything in memory: for tests, and for a watch that is not to leave anything behind. */
export function memoryStore(): Store {
  let scrapes: Scrape[] = [];
  const known = new Map<string, StoredGroup>();
  return {
    put: async (scrape, groups) => {
      scrapes.push(scrape);
      for (const group of groups) known.set(group.fingerprint, group);
    },
    targets: async () => [...new Set(scrapes.map(({ target }) => target))].sort(),
    scrapes: async (target, since) => scrapes.filter((s) => s.target === target && s.at >= since).sort((a, b) => a.at - b.at),
    groups: async (fingerprints) => new Map([...fingerprints].flatMap((f) => (known.has(f) ? [[f, known.get(f)!] as const] : []))),
    prune: async (before) => {
      const count = scrapes.length;
      scrapes = scrapes.filter(({ at }) => at >= before);
      return count - scrapes.length;
    },
    close: async () => undefined,
  };
}
