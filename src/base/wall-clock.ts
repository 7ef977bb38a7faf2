/**
 * Real time, handed in: for budgets and progress only. What a run computes never depends on it.
 */
export interface WallClock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Lets the event loop turn once, so that signals, timers and output get their chance. */
  turn(): Promise<void>;
}

/** As they were when the module was loaded: a test's fake timers do not hold an exploration up. */
const now = performance.now.bind(performance);
const immediate = setImmediate;

export const systemWallClock: WallClock = { now, turn: () => new Promise((resolve) => immediate(resolve)) };
