import { DEFAULT_STEPS } from "../model/run/limits.js";

/** How many steps that come to nothing a run may do in a row. The natural run, and what a search found, are followed further: a loop may count. */
export interface LoopLimits {
  /** Receives of nothing by one goroutine: from then on it is looked at whether its state comes again, where the host can see one. */
  readonly empty: number;
  /** ... and then its loop has no end even where no round is seen: a loop that counts is longer only rarely. */
  readonly endless: number;
  /** Steps of any goroutine that only look. */
  readonly fruitless: number;
}

const EXPLORED: LoopLimits = { empty: 2_000, endless: 2_000, fruitless: 5_000 };
const NATURAL: LoopLimits = { empty: 5_000, endless: 25_000, fruitless: 50_000 };

/** `steps`: the run's longest length; undefined: the usual. */
export const loopLimits = (steps: number | undefined): LoopLimits => ((steps ?? 0) > DEFAULT_STEPS ? NATURAL : EXPLORED);
