import { RECORDED_STEPS } from "../../../model/run/limits.js";

/** Nanoseconds that a step takes in a run that does not come to rest, with what lies between two; and an operation that is done unasked. */
const STEP = 1_000;
const UNASKED = 50;

/**
 * The time that a quiet machine's computing takes, and where its clock stands. Nanoseconds.
 *
 * N7. Where a run goes on and on (RECORDED_STEPS) and never comes to rest, computing takes time from then on: the clock moves to a timer that is due by STEP for each step
 *     since it moved last, and UNASKED for each operation that was done unasked, though others could go on. A stress test that goes round until a
 *     timer fires ends so. At rest it begins anew: a machine that has nothing to do now and then is not late (a thousand jobs each 100 ms).
 */
export class ComputedTime {
  /** Where the clock stands; NaN: not known. */
  now = 0;
  /** When the next timer is due. */
  due = Infinity;
  /** Steps since the machine came to rest. */
  #stretch = 0;
  /** How long it has been computed since the clock moved. */
  #busy = 0;

  get isDue(): boolean {
    return this.#stretch >= RECORDED_STEPS && this.now + this.#busy >= this.due;
  }

  step(): void {
    this.#computes(STEP);
    this.#stretch++;
  }

  unasked(operations: number): void {
    this.#computes(operations * UNASKED);
  }

  /** Another strategy chose a step. */
  followed(isClock: boolean): void {
    this.#stretch++;
    if (isClock) this.now = NaN;
  }

  /** The clock moves to the next timer; `isRest`: because nobody had more to do. */
  moves(isRest: boolean): void {
    if (isRest) this.#stretch = 0;
    this.now = this.due;
    this.#busy = 0;
  }

  #computes(nanoseconds: number): void {
    if (this.#stretch >= RECORDED_STEPS) this.#busy += nanoseconds;
  }
}
