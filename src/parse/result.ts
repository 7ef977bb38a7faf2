import type { Result } from "../base/result.js";
import type { RaceReport } from "../model/finding/race.js";
import type { Provenance, Snapshot } from "../model/goroutine/snapshot.js";

/**
 * What was read. Every line of a text is accounted for: `lines` = those understood + `outside` + those that a
 * snapshot's `losses` speak of.
 */
export interface Parsed {
  /** Several where a file holds several dumps; never empty. */
  readonly snapshots: readonly Snapshot[];
  /** Text before, between and after the dumps. */
  readonly outside: Outside;
  /** Reports of the race detector, in dump text only. */
  readonly races?: readonly RaceReport[];
  /** Lines of text read; 0 for a binary profile. */
  readonly lines: number;
}

export interface Outside {
  readonly lines: number;
  /** The first few of them, shortened. */
  readonly sample: readonly string[];
}

/**
 * The ways to fail. `not-mine`: this is something else, try another reader. `broken`: it is a dump or profile,
 * but cannot be read from `at` (a line or a byte) on, because. `too-large`: what it says would not fit into memory.
 */
export type ParseFailure =
  | { readonly kind: "not-mine"; readonly what: string }
  | { readonly kind: "broken"; readonly at: string; readonly because: string }
  | { readonly kind: "too-large"; readonly because: string };

/** More losses than these nobody reads, and each takes memory: the others are counted. */
export const MOST_LOSSES = 1000;

/** What a parser is told of where the bytes came from; it adds `how` itself. */
export type InputOrigin = Omit<Provenance, "how"> & { readonly how?: string };

/** Takes bytes as they come; keeps no more of them than it must. */
export interface ByteParser {
  push(chunk: Uint8Array): void;
  end(): Result<Parsed, ParseFailure>;
}
