import type { StrategyName } from "../../explore/strategies/registry.js";
import type { ClockPolicy } from "../../explore/fairness.js";

/** How long and how wide to explore each program: what the flags of `run` and `test` say. */
export interface Settings {
  /** Real milliseconds for each program. */
  readonly budget: number;
  /** Within a --total, of which the budget is a share: real milliseconds that the natural run may take. */
  readonly natural?: number;
  /** At most so many schedules of each program. */
  readonly schedules?: number;
  /** Threads at work: on programs side by side, and on parts of one where there are fewer programs. */
  readonly workers: number;
  readonly seed: number;
  readonly clock: ClockPolicy;
  readonly preemptions?: number;
  /** In place of the portfolio. */
  readonly strategy?: StrategyName;
  /** So many things may go wrong in one run: connections that are refused, reset, cut short (model/fault.ts). Default 0. */
  readonly faults?: number;
  /** Findings come with their runs as pictures, for a page. */
  readonly pictures?: true;
  /** Mebibytes that the memory of a compiled Go program may grow to. */
  readonly memory?: number;
  /** Nanoseconds of virtual time. */
  readonly horizon?: number;
}

/** What tells the outside how far it is; printing is the door's business. */
export interface Progress {
  readonly program: string;
  readonly schedules: number;
  readonly rate: number;
  readonly depth: number;
  readonly found: number;
  /** Threads at work on it. */
  readonly workers: number;
}
