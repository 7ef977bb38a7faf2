import type { GuestGoroutine } from "../guest/guest-goroutine.js";

/** Nanoseconds that a reading, or a step in the reader's causal past, moves the clock on: a clock that stands still breaks real tests. */
const TICK = 1_000;
/** After this many readings without a step in between, each further block of as many doubles the tick: a loop that waits for a time ends soon. */
const IMPATIENCE = 1_000;

/**
 * Virtual time. The base moves only when the clock itself takes a step; what a goroutine reads is the base plus a tick
 * for every step and reading in its causal past (a Lamport clock), never a global count: otherwise every reading would
 * depend on every other, and no two steps that read the clock would commute.
 *
 * Numbers, not bigint: nanoseconds of the guest's monotonic clock stay below 2^53 for 104 days of virtual time.
 */
export interface HostClock {
  /** Nanoseconds of the guest's monotonic clock. */
  base: number;
}

/** 2026-01-01T00:00:00Z when the monotonic clock is 0: a run must not depend on the day it is made. */
export const WALL_EPOCH = 1_767_225_600_000_000_000n;

export function readClock(clock: HostClock, reader: GuestGoroutine | undefined): number {
  if (reader === undefined) return clock.base; // the scheduler: timers are due when the base says so
  const patience = Math.min(20, Math.floor(reader.readings++ / IMPATIENCE));
  reader.lamport += 2 ** patience;
  return clock.base + reader.lamport * TICK;
}

