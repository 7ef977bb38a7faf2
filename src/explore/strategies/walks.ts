import type { Strategy } from "../strategy.js";
import { withFaults } from "./faults.js";
import { Pct } from "./pct.js";
import { Random } from "./random.js";

interface WalkOptions {
  readonly seed: number;
  /** So many things go wrong in one run. */
  readonly faults: number;
  /** How many of each. Default: without end. */
  readonly runs?: number;
}

/** The strategies that draw, as the portfolio and its helpers use them beside the systematic one. */
export const walks = ({ seed, faults, runs }: WalkOptions): readonly Strategy[] =>
  [new Random(seed, runs), new Pct(seed, runs)].map((walk) => withFaults(walk, seed, faults));
