import { optional } from "../base/optional.js";
import { DEFAULT_CLOCK, LAZY_CLOCK, type ClockPolicy } from "./fairness.js";
import type { StrategyName } from "./strategies/registry.js";

/**
 * How long and how wide each program is explored: the one value that the command line, `.unpark.yaml`, the library and
 * the worker threads mean. `exploreSettings` makes it of what somebody said.
 */
export interface ExploreSettings {
  /** Real milliseconds for each program. */
  readonly budget: number;
  /** Within a --total, of which the budget is a share: real milliseconds that the natural run may take. */
  readonly natural?: number;
  /** At most so many schedules of each program. */
  readonly schedules?: number;
  /** Threads at work: on programs side by side, and on parts of one where there are fewer programs. */
  readonly workers: number;
  /** What chance begins with: the same seed draws the same schedules. */
  readonly seed: number;
  readonly clock: ClockPolicy;
  /** At most so many preemptions in the systematic search. Default: no limit. */
  readonly preemptions?: number;
  /** How schedules are chosen (docs/exploring.md), in place of the portfolio. */
  readonly strategy?: StrategyName;
  /** So many things may go wrong in one run: connections that are refused, reset, cut short (model/run/fault.ts). Default 0. */
  readonly faults?: number;
  /** Which pairs of choices were tried both ways is told (choice-pairs.ts). */
  readonly pairs?: true;
  /** Findings come with their runs as pictures, for a page. */
  readonly pictures?: true;
  /** Mebibytes that the memory of a compiled Go program may grow to. */
  readonly memory?: number;
  /** Nobody asked for `memory`: it is what this machine has for a program. */
  readonly usualMemory?: true;
  /** Nanoseconds of virtual time. */
  readonly horizon?: number;
  /** Nanoseconds that `go test` gives a test: its natural run is ended after so much virtual time, as a failure. Default: none. */
  readonly timeout?: number;
}

/** `any`: a timer may win over work that could still run; `lazy`: only when nothing else can. */
export type ClockWord = "any" | "lazy";

/** What somebody said, on a command line, in a file or in a test; the rest is as usual. */
export interface SaidSettings extends Partial<Omit<ExploreSettings, "clock" | "usualMemory">> {
  /** When the clock may move. Default `any`. */
  readonly clock?: ClockWord;
}

export function exploreSettings({ clock = "any", ...said }: SaidSettings, usual: Pick<ExploreSettings, "budget" | "workers"> & Pick<ExploreSettings, "memory" | "usualMemory">): ExploreSettings {
  return { seed: 1, ...usual, clock: clock === "lazy" ? LAZY_CLOCK : DEFAULT_CLOCK, ...optional(said) };
}
