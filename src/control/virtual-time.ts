import { STEP, type LamportTime } from "./lamport.js";

/** Nanoseconds by which the clock goes on with a reading: one that stands still breaks real tests. */
export const TICK = 100;
/** 2026-01-01T00:00:00Z when a host's clock is 0: a run must not depend on the day it is made. */
export const EPOCH = 1_767_225_600_000_000_000n;
/** After this many readings without a step in between, each further block of as many doubles the tick: a loop that waits for a time ends soon. */
const IMPATIENCE = 1_000;
/** So many readings without a step in between are as long as steps. */
const ORDINARY = 16;
/** So many receives in a row from what is closed count as one such block. */
const EMPTY = 64;
/** One reading goes no further than a second. */
const MOST = 2 ** 20 * STEP;

/** A goroutine that reads the clock. */
export interface ClockReader extends LamportTime {
  /** Since it last stopped. */
  readings: number;
  /** Receives in a row that brought nothing (spinning.ts): what reads the clock beside them waits for a time. */
  empty: number;
}

/**
 * What a goroutine reads from the clock. The base moves only when the clock itself takes a step; a reading is the base, or where that is
 * later what was read last in the reader's causal past (lamport.ts) with a microsecond for every step since, and a little more. Never
 * a global count: otherwise every reading would depend on every other, and no two steps that read the clock would commute. (A step that does
 * not read it commutes with the clock's, for it looks at no base.) Nor a sum of the base and all steps: who has done much
 * and then slept for 10 ms would read more than 10 ms (gocron v2.21.2 was ever later for its next run). The first readings after a step
 * count as steps, so that who does the same at the same time reads the same; one that only looks a thousand times sees 0.1 ms pass.
 *
 * `base` and what is returned: nanoseconds since `origin`'s zero; the run began at `origin`.
 * Numbers, not bigint: nanoseconds stay below 2^53 for 104 days of virtual time.
 */
export function readClock(base: number, reader: ClockReader, origin = 0): number {
  const blocks = Math.floor(reader.readings / IMPATIENCE) + Math.floor(reader.empty / EMPTY);
  const more = Math.min(MOST, (reader.readings++ < ORDINARY ? STEP : TICK) * 2 ** blocks);
  reader.lamport = Math.max(reader.lamport, base - origin) + more;
  return origin + reader.lamport;
}
