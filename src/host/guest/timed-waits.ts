/** A goroutine's waits for time that are over. */
export interface TimedWaits {
  /** When the last one began. */
  readonly from: number;
  readonly length: number;
  readonly many: number;
  /** They were not all as long: a retry that waits longer each time, a random delay. */
  readonly differ: boolean;
}

export const NO_WAITS: TimedWaits = { from: -1, length: 0, many: 0, differ: false };

/** Another one is over: it began at `from`, and was for `length`. Two timers of one select are one wait. */
export function withWait(waits: TimedWaits, from: number, length: number): TimedWaits {
  if (waits.from === from) return waits;
  const differs = waits.many > 0 && Math.abs(length - waits.length) > Math.max(length, waits.length) / ALIKE;
  return { from, length, many: waits.many + 1, differ: waits.differ || differs };
}

/** What a ticker's loop does between two waits makes them differ by less. */
const ALIKE = 8;

/**
 * It may yet give up: its waits differ, and were few. Two rounds of equal ones show a loop; a back-off that ends after 15 minutes (cenkalti/backoff, by
 * default) has some 30 of its own, each longer than the one before.
 */
export const mayGiveUp = ({ many, differ }: TimedWaits): boolean => differ && many < ENOUGH;

const ENOUGH = 40;
