import type { Clock } from "../core/timer-clock.js";
import { durationOf, type Duration, type DurationLike, type DurationArgument } from "./duration.js";

/** Nanoseconds since 1970: the last that Go's int64 has. */
const LAST = 2n ** 63n - 1n;

/**
 * An instant, with a monotonic reading that differences use (package time, "Monotonic Clocks").
 *
 * @example
 * const start = time.now();
 * const end = start.add("2s");
 * assert.deepEqual([end.sub(start), end.after(start), end.before(start)], [2 * time.second, true, false]);
 * assert.ok(end.toDate() > start.toDate());
 */
export class Time {
  /** Nanoseconds since 1970. */
  readonly unixNano: bigint;
  /** Nanoseconds of a clock that nobody sets. */
  readonly monotonic: number;

  /**
   * @param unixNano nanoseconds since 1970.
   * @param monotonic nanoseconds of a clock that nobody sets.
   */
  constructor(unixNano: bigint, monotonic: number) {
    this.unixNano = unixNano;
    this.monotonic = monotonic;
  }

  /** How long after `earlier`, in nanoseconds; negative: before. */
  sub(earlier: Time): Duration {
    return this.monotonic - earlier.monotonic;
  }

  /**
   * The instant so much later.
   *
   * @param later a duration: "2s", time.seconds(2), or a number of nanoseconds.
   * @throws RangeError for what is no duration.
   */
  add<D extends DurationLike>(later: DurationArgument<D>): Time {
    const duration = durationOf(later, "Time.add");
    if (!Number.isFinite(duration)) return new Time(duration > 0 ? LAST : -LAST, this.monotonic + duration);
    return new Time(this.unixNano + BigInt(Math.round(duration)), this.monotonic + duration);
  }

  /** Is it before `other`? */
  before(other: Time): boolean {
    return this.monotonic < other.monotonic;
  }

  /** Is it after `other`? */
  after(other: Time): boolean {
    return this.monotonic > other.monotonic;
  }

  /** As a Date, in whole milliseconds. */
  toDate(): Date {
    return new Date(Number(this.unixNano / 1_000_000n));
  }
}

export const timeAt = (c: Clock, reading: number): Time => new Time(c.wallOf(reading), reading);
