import type { Cause } from "../finding/cause.js";
import type { Confidence } from "../finding/suspect.js";

/** Why a target did not answer: a closed list, for an error's own words differ each time. */
export const FAILURE_KINDS = ["refused", "unknown-host", "unreachable", "timeout", "tls", "status", "not-goroutines", "too-large", "other"] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** What an operator's metrics say of one target: bounded, whatever the target does. */
export interface TargetMeasure {
  readonly target: string;
  /** What a discovery knows of it. */
  readonly labels: Readonly<Record<string, string>>;
  /** Looks that brought something, and those that failed. */
  readonly looks: number;
  readonly failures: number;
  /** Undefined: the last look brought something, or none was made yet. */
  readonly failure?: FailureKind;
  readonly failuresInARow: number;
  /** Of the last look that brought something. */
  readonly last?: LookMeasure;
}

export interface LookMeasure {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly goroutines: number;
  readonly groups: number;
  /** Those that grow, then those that were shown before, then the largest: at most as many as were asked for. */
  readonly shown: readonly GroupMeasure[];
  /** Goroutines of all other groups. */
  readonly others: number;
  readonly growing: number;
  readonly suspects: readonly SuspectMeasure[];
}

export interface GroupMeasure {
  readonly fingerprint: string;
  readonly function: string;
  /** File and line; empty where it is not known. */
  readonly place: string;
  readonly state: string;
  /** `tenant=a`, where groups are split by a pprof label. */
  readonly label: string;
  readonly count: number;
  /** Only where it grows like a leak: goroutines an hour. */
  readonly perHour?: number;
  readonly cause?: Cause;
}

/** Goroutines that are suspected, for each cause and how sure it is; those of low confidence are notes, and not counted. */
export interface SuspectMeasure {
  readonly cause: Cause;
  readonly confidence: Confidence;
  readonly goroutines: number;
}
