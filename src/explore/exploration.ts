import type { Coverage } from "../model/results/examination.js";
import type { Divergence } from "../model/run/program.js";
import type { Schedule } from "../model/run/schedule.js";
import type { RunEnd } from "./strategy.js";

/** What came of many runs of one program. */
export interface Exploration<T> {
  readonly coverage: Coverage;
  /** Of a complete exploration in an order of its own, else in order of first sight. */
  readonly found: readonly Found<T>[];
  /** All runs, those given up as repetitions and those of the random searches included. */
  readonly runs: number;
  /** Runs that were given up because they would have repeated others. */
  readonly redundant: number;
  /** Runs that hit the step limit. */
  readonly cut: number;
  /** What the program's host says that its runs have shown, this thread's and the helpers' (Program.limits). */
  readonly limits: readonly string[];
  /** The first place where the program did something else than in the same run before: it is not deterministic. */
  readonly diverged?: Divergence;
}

export interface Found<T> {
  readonly key: string;
  readonly value: T;
  /** The natural one if that shows it. Else, of a complete exploration, the least (schedule-order.ts); or the first seen. */
  readonly schedule: Schedule;
  /** In how many of the schedules that differ, if it completed; else in how many of the runs. */
  readonly seen: number;
  /** The number of the run that showed it first, counted from 1, and the milliseconds until then. */
  readonly run: number;
  readonly milliseconds: number;
  /** The strategy whose run it was. */
  readonly strategy: string;
}

/** What the caller makes of one run: things found, each with a key that is the same in every schedule that shows it. */
export type RunJudge<T> = (end: RunEnd) => readonly RunObservation<T>[] | Promise<readonly RunObservation<T>[]>;

export interface RunObservation<T> {
  readonly key: string;
  readonly value: T;
}

export interface ExplorationProgress {
  readonly schedules: number;
  /** Runs a second, since the beginning, all workers together. */
  readonly rate: number;
  /** Longest run so far, in steps. */
  readonly depth: number;
  readonly found: number;
  readonly milliseconds: number;
  /** The strategy at work: `random`, `reduced`. */
  readonly strategy: string;
  /** Threads at work on it. */
  readonly workers: number;
}
