import type { Choice } from "../../model/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Schedule } from "../../model/schedule.js";
import type { ClockPolicy } from "../gate.js";
import type { Names } from "../reduction/names.js";
import type { Handover } from "../reduction/reduced.js";
import type { Sleeper } from "../reduction/sleep.js";
import type { Touch } from "../reduction/touch.js";

/** What the workers and the coordinator tell each other. Goroutines by name: each side numbers them for itself. */

/** Undefined footprint: the choice was given to somebody who has not done it yet. */
export interface WireSleeper {
  readonly choice: Choice;
  readonly footprint?: { readonly procs: readonly (GoroutineName | undefined)[]; readonly touches: readonly Touch[] };
}

export interface WireNode {
  /** The choices that lead to the state. */
  readonly path: Schedule;
  readonly gate: number;
  readonly pending: readonly WirePending[];
  readonly sleep: readonly WireSleeper[];
  /** Explored, or being explored by whoever hands the node over. */
  readonly explored: readonly WireSleeper[];
  readonly wanted: readonly (GoroutineName | undefined)[];
}

export interface WirePending {
  readonly goroutine: GoroutineName | undefined;
  readonly alternatives: readonly Choice[];
  readonly yielding: boolean;
}

/** A part of the tree: everything behind `path`, at whose last node `sleep` sleep. An empty path: the whole tree. */
export interface Job {
  readonly path: Schedule;
  readonly sleep: readonly WireSleeper[];
}

export interface Setup {
  /** URL of a module that exports `createProgram(description)` and perhaps `judge(end)`. */
  readonly module: string;
  readonly description: unknown;
  readonly clock: ClockPolicy;
  readonly steps: number;
  readonly saving: { readonly every: number; readonly bytes: number };
}

export type ToWorker = { readonly kind: "job"; readonly job: Job } | { readonly kind: "split" } | { readonly kind: "stop" };

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly error: string }
  /** `nodes`: from below the job's own way down to the one that has alternatives to spare; none: there are none. */
  | { readonly kind: "split"; readonly nodes: readonly WireNode[] }
  | { readonly kind: "demand"; readonly path: Schedule; readonly candidates: readonly (GoroutineName | undefined)[]; readonly initials: readonly Choice[] }
  | { readonly kind: "told"; readonly tally: WireTally }
  | { readonly kind: "done"; readonly tally: WireTally };

/** What happened since the last tally. */
export interface WireTally {
  readonly runs: number;
  readonly distinct: number;
  readonly redundant: number;
  readonly cut: number;
  readonly depth: number;
  readonly diverged: string | undefined;
  readonly bounds: readonly string[];
  readonly found: readonly { readonly key: string; readonly value: unknown; readonly schedule: Schedule; readonly seen: number }[];
}

export function toWire(sleeper: Sleeper, names: Names): WireSleeper {
  const { choice, procs, touches } = sleeper;
  return { choice, footprint: { procs: procs.map((p) => names.nameOf(p)), touches } };
}

export function fromWire({ choice, footprint }: WireSleeper, names: Names): Sleeper {
  return { choice, procs: footprint?.procs.map((name) => names.procOf(name)) ?? [], touches: footprint?.touches ?? [] };
}

export function nodeToWire({ node, current, names }: Handover, path: Schedule): WireNode {
  return {
    path,
    gate: node.gate,
    pending: node.pending.map(({ goroutine, alternatives, yielding }) => ({ goroutine, alternatives, yielding: yielding === true })),
    sleep: node.sleep.map((s) => toWire(s, names)),
    explored: [...node.explored, current].map((s) => toWire(s, names)),
    wanted: node.wanted.map((p) => names.nameOf(p)),
  };
}
