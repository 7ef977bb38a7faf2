import type { Strategy } from "../strategy.js";
import { Pct } from "./pct.js";
import { Random } from "./random.js";

/** The strategies that draw, as the portfolio and its helpers use them beside the systematic one. `runs`: of each; default: without end. */
export const walks = (seed: number, runs?: number): readonly Strategy[] => [new Random(seed, runs), new Pct(seed, runs)];
