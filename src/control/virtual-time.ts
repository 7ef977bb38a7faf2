import type { LamportTime } from "./lamport.js";

/** Nanoseconds that a reading, or a step in the reader's causal past, moves the clock on: a clock that stands still breaks real tests. */
export const TICK = 1_000;
/** 2026-01-01T00:00:00Z when a host's clock is 0: a run must not depend on the day it is made. */
export const EPOCH = 1_767_225_600_000_000_000n;
/** After this many readings without a step in between, each further block of as many doubles the tick: a loop that waits for a time ends soon. */
const IMPATIENCE = 1_000;
/** So many receives in a row from what is closed count as one such block. */
const EMPTY = 64;

/** A goroutine that reads the clock. */
export interface ClockReader extends LamportTime {
  /** Since it last stopped. */
  readings: number;
  /** Receives in a row that brought nothing (spinning.ts): what reads the clock beside them waits for a time. */
  empty: number;
}

/**
 * What a goroutine reads from the clock. The base moves only when the clock itself takes a step; a reading is the base
 * plus a tick for every step and reading in the reader's causal past (lamport.ts), never a global count: otherwise every
 * reading would depend on every other, and no two steps that read the clock would commute.
 *
 * Numbers, not bigint: nanoseconds stay below 2^53 for 104 days of virtual time.
 */
export function readClock(base: number, reader: ClockReader): number {
  reader.lamport += 2 ** Math.min(20, Math.floor(reader.readings++ / IMPATIENCE) + Math.floor(reader.empty / EMPTY));
  return base + reader.lamport * TICK;
}
