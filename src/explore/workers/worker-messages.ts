import type { Choice } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Schedule } from "../../model/run/schedule.js";
import type { PairDelta } from "../choice-pairs.js";
import type { ClockPolicy, FairnessState } from "../fairness.js";
import type { StatsDelta } from "../finding-accumulator.js";
import type { ThreadIds } from "../dpor/thread-ids.js";
import type { GivenNode } from "../dpor/dpor-search.js";
import type { Saving } from "../dpor/saved-states.js";
import type { SleepSetEntry } from "../dpor/sleep-set.js";
import type { DependencyAccess } from "../dpor/object-access.js";

/** What the lead and its helpers send each other. Goroutines by name: each side numbers them for itself. */

/** A part of the tree: everything behind `path`, at whose last node `sleep` sleep. An empty path: the whole tree. */
export interface SubtreeJob {
  readonly path: Schedule;
  readonly sleep: readonly WireSleeper[];
  /** What is tried of random draws (draws.ts). */
  readonly round: number;
}

/** Undefined footprint: the choice was given to a helper that has not done it yet. */
export interface WireSleeper {
  readonly choice: Choice;
  readonly footprint?: { readonly procs: readonly (GoroutineName | undefined)[]; readonly touches: readonly DependencyAccess[] };
}

/** A node whose alternatives are to be shared out. */
export interface WireNode {
  readonly fairness: FairnessState;
  readonly pending: readonly WirePending[];
  readonly sleep: readonly WireSleeper[];
  /** Explored, or (the last) being explored by the one that hands the node over. */
  readonly explored: readonly WireSleeper[];
  readonly backtrack: readonly (GoroutineName | undefined)[];
}

interface WirePending {
  readonly goroutine: GoroutineName | undefined;
  readonly alternatives: readonly Choice[];
  readonly yielding: boolean;
}

/** At the node before step `depth` of the job's path, one of the candidates has to be taken up (Node.begin). */
export interface WorkRequest {
  readonly depth: number;
  readonly candidates: readonly (GoroutineName | undefined)[];
  readonly initials: readonly Choice[];
}

/** How a helper is to explore. */
export interface WorkerConfig {
  /** A SharedCounters's memory. */
  readonly counters: SharedArrayBuffer;
  readonly schedules: number;
  readonly clock: ClockPolicy;
  readonly steps: number;
  readonly saving: Saving;
  /** So many things may go wrong in one run. */
  readonly faults: number;
  /** It tells which pairs of choices it saw. */
  readonly pairs?: true;
  /** For its own walks. */
  readonly seed: number;
  /** Whatever its judge needs to know: the caller's business. */
  readonly context: unknown;
}

export type ToHelper =
  | { readonly kind: "orders"; readonly orders: WorkerConfig }
  | { readonly kind: "job"; readonly job: SubtreeJob }
  | { readonly kind: "over" };

export type FromHelper =
  | { readonly kind: "ready" }
  /** `nodes`: from below what was shared of the job's way down to the one that has alternatives to spare; or there are none. */
  | { readonly kind: "split"; readonly nodes: readonly WireNode[] }
  | { readonly kind: "demand"; readonly demand: WorkRequest }
  | { readonly kind: "found"; readonly account: StatsDelta<unknown>; readonly pairs?: readonly PairDelta[] }
  | { readonly kind: "done"; readonly account: StatsDelta<unknown>; readonly pairs?: readonly PairDelta[]; readonly part: SubtreeResult }
  /** It has no job, and takes none any more. */
  | { readonly kind: "left" }
  | { readonly kind: "failed"; readonly error: string };

/** What a job came to, besides what was found. */
export interface SubtreeResult {
  readonly distinct: number;
  readonly bounds: readonly string[];
  /** False: it was ended before it was done. */
  readonly exhausted: boolean;
  /** Of the helper's program, so far (Program.limits). */
  readonly limits: readonly string[];
  readonly isRefuted: boolean;
  /** Values of random draws were left out (draws.ts). */
  readonly leftDraws: boolean;
}

function toWire({ choice, procs, touches }: SleepSetEntry, names: ThreadIds): WireSleeper {
  return { choice, footprint: { procs: procs.map((p) => names.nameOf(p)), touches } };
}

export function fromWire({ choice, footprint }: WireSleeper, names: ThreadIds): SleepSetEntry {
  return { choice, procs: footprint?.procs.map((name) => names.procOf(name)) ?? [], touches: footprint?.touches ?? [] };
}

export function nodeToWire({ node, current, names }: GivenNode): WireNode {
  return {
    fairness: node.fairness,
    pending: node.pending.map(({ goroutine, alternatives, yielding }) => ({ goroutine, alternatives, yielding: yielding === true })),
    sleep: node.sleep.map((s) => toWire(s, names)),
    explored: [...node.explored, current].map((s) => toWire(s, names)),
    backtrack: node.backtrack.map((p) => names.nameOf(p)),
  };
}
