import { wasCut, type Beginning, type RunEnd, type Strategy } from "../strategy.js";
import { Forwarding } from "./forwarding.js";
import { NonPreemptive } from "./natural.js";
import { Families } from "./families.js";
import { Pct } from "./pct.js";

/** So many runs, all of them cut, and the program is taken to be one that needs more steps. */
const CUT_RUNS = 4;
/** Long runs: the natural one, one that goes through the families one by one, and some by PCT, which lets one goroutine finish before another begins. */
const PCT_RUNS = 4;
/** A few seconds of a compiled Go program. */
const LONG = 1_000_000;

/**
 * Another search; but when its first runs were all cut by the limit of steps, some runs with a limit that is far higher
 * come between. A program with long loops of visible operations (GoKer's Kubernetes58107 signals a condition 200,000
 * times) otherwise never gets to where it would leak, whatever the schedule.
 */
export class LongRunFallback extends Forwarding {
  readonly #inner: Strategy;
  readonly #long: readonly Strategy[];
  protected override current: Strategy;
  #runs = 0;
  #cut = 0;

  constructor(inner: Strategy, seed: number) {
    super();
    this.#inner = this.current = inner;
    this.#long = [new NonPreemptive(), new Families(), new Pct(seed, PCT_RUNS, 1)];
  }

  override begin(): Beginning | undefined {
    const long = this.#runs >= CUT_RUNS && this.#cut >= CUT_RUNS && this.#beginLong();
    if (long) return { ...long, steps: LONG };
    this.current = this.#inner;
    return this.#inner.begin();
  }

  #beginLong(): Beginning | undefined {
    for (const search of this.#long) {
      const beginning = search.begin();
      if (beginning === undefined) continue;
      this.current = search;
      return beginning;
    }
    return undefined;
  }

  override ended(end: RunEnd): void {
    super.ended(end);
    if (this.#runs++ < CUT_RUNS && wasCut(end)) this.#cut++;
  }
}
