import type { WallClock } from "../../base/wall-clock.js";
import { BY_SUBTESTS, type Coverage } from "../../model/results/examination.js";

/**
 * `--total`: real time for the whole command, builds and the native run included, shared among its programs.
 *
 * T0. While packages are still to be built, programs of those that are get little more than their natural schedule: builds use all
 *     cores, and the natural schedules of the others come first.
 * T1. First every program gets an equal share of half of the time. Where one schedule is all, that costs one run; what is
 *     complete after that is never run again, and what it did not need is the others'.
 * T2. What is not complete is explored on, in rounds, each with half of the time that is left, the last one with all of it:
 *     equal shares, but twice as much for a program in which the round before found something new. Each round has random
 *     numbers of its own, and adds to what the rounds before found.
 * T3. No program gets more than --budget in all, where that was given.
 * T4. A little is kept back, so that what is found is replayed in time. What had not been begun by then is named: it has no
 *     verdict (exit code 2).
 * T5. Subtests that were to be explored by themselves and were not begun are none of that: their test was run with them. It
 *     counts as one that the total time ended.
 */
export class TotalTime {
  readonly #total: number;
  readonly #workers: number;
  readonly #wall: WallClock;
  readonly #began: number;
  #round = 0;

  /** Milliseconds; it begins to run now. */
  constructor(total: number, workers: number, wall: WallClock) {
    this.#total = total;
    this.#workers = workers;
    this.#wall = wall;
    this.#began = wall.now();
  }

  /** Milliseconds until nothing may go on (T4). */
  get left(): number {
    return Math.max(0, this.#began + this.#total - this.#reserve - this.#wall.now());
  }

  get #reserve(): number {
    return Math.min(MOST_KEPT, KEPT * this.#total);
  }

  /** Milliseconds behind the total for what cannot be left as it is: a command ends within a fifth more than was asked for. */
  get grace(): number {
    return Math.ceil(this.#total / 10);
  }

  /** T0, T1: of one of so many programs that are still to be begun. */
  first(programs: number, isBuilding = false): number {
    if (isBuilding) return LEAST;
    return Math.max(LEAST, Math.min((this.#total / 2) * this.#workers, this.left * this.#workers) / Math.max(1, programs, this.#workers));
  }

  /** T2: what one part of the next round is worth, of so many; undefined where there is no time for one. */
  next(parts: number): number | undefined {
    if (parts === 0 || this.left < SHORTEST_ROUND) return undefined;
    const share = ++this.#round >= ROUNDS ? 1 : 1 / 2;
    const each = (this.left * share * this.#workers) / Math.max(parts, this.#workers);
    return Math.max(LEAST, each * (1 - REPLAYS));
  }
}

/** T2: may another round add to it? Not where every schedule was tried, nor where something else than time ended it. */
export const isOpen = ({ complete, stoppedBy, schedules }: Coverage): boolean => !complete && stoppedBy !== BY_SUBTESTS && schedules > 0 && (stoppedBy?.startsWith("time") ?? false);

/** Of the total, at most so many milliseconds. */
const KEPT = 1 / 20;
const MOST_KEPT = 1_500;
/** A program's smallest share, and the shortest time for a round. */
const LEAST = 100;
const SHORTEST_ROUND = 500;
const ROUNDS = 4;
/** examine.ts, E4: replays may end so much later than the budget. */
const REPLAYS = 0.15;

/** How a program's exploration ended that the total time ended. */
export const TOTAL_ENDED = "total time: raise --total";
