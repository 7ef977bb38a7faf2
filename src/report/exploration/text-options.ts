import type { Style } from "../shared/style.js";
import type { Waited } from "./package-lines.js";

/** How a report is shown on a terminal. */
export interface TextOptions {
  readonly style?: Style;
  /** Files below this folder are shown relative to it. */
  readonly cwd?: string;
  /** Lingering goroutines count as findings. */
  readonly strict?: boolean;
  /** Show the steps of each finding. Default true. */
  readonly steps?: boolean;
  /** Notes, limits and every test in full, and every step. */
  readonly verbose?: boolean;
  /** Without it the seconds of tests that were explored side by side are added. */
  readonly waited?: Waited | undefined;
}
