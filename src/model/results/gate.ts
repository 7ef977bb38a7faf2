import type { GoroutineGroup } from "../goroutine/goroutine-group.js";

/** Goroutines that nothing can wake, by the runtime's own leak collection. */
export interface GateLeak {
  readonly group: GoroutineGroup;
  /** The first build that had it, where builds are kept; undefined: this is the first. */
  readonly since?: string;
}

/** What one target of the gate is: never left out, whatever happened. */
export type GateTarget = { readonly target: string } & (
  | { readonly state: "unchecked"; readonly reason: string }
  /** Leaked ones among them are all accepted by the list. */
  | { readonly state: "clean"; readonly ignored: number }
  | { readonly state: "leaking"; readonly leaks: readonly GateLeak[]; readonly leaked: number; readonly ignored: number }
);

/** A line of the list of accepted leaks. */
export interface AcceptedLeak {
  /** On the stack, or what started it; as of `verify --absent`. */
  readonly pattern: string;
  readonly reason: string;
  readonly line: number;
}

export interface GateReport {
  readonly targets: readonly GateTarget[];
  /** Entries that no goroutine of any target matched. */
  readonly unused: readonly AcceptedLeak[];
  readonly build?: string;
  /** Leaks and targets that could not be checked are told, and fail nothing. */
  readonly warnOnly: boolean;
  readonly milliseconds: number;
}
