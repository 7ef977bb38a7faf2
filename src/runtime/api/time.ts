import { clock } from "../core/current-clock.js";
import type { RecvChan } from "./chan.js";
import { durationOf, type Duration, type DurationLike, type DurationArgument } from "./duration.js";
import { timeAt, type Time } from "./instant.js";
import { Timer } from "./timer.js";

/** Go's package time. A duration is nanoseconds, or a text: `time.sleep(500 * time.millisecond)`, `time.sleep("500ms")`. */
export { hour, hours, microsecond, millisecond, minute, minutes, ms, nanosecond, parse as parseDuration, second, seconds, type Duration, type DurationLike, type DurationText } from "./duration.js";
export { Time } from "./instant.js";
export { sleep } from "./sleep.js";
export { Timer } from "./timer.js";

/**
 * The time: under control the run's own, which costs nothing to let pass.
 *
 * @example
 * assert.ok(time.now().toDate() > new Date(0));
 */
export function now(): Time {
  return timeAt(clock(), clock().read());
}
/**
 * How long ago `earlier` was, in nanoseconds.
 *
 * @example
 * assert.ok(time.since(time.now()) >= 0);
 */
export const since = (earlier: Time): Duration => now().sub(earlier);
/**
 * How long it is until `later`, in nanoseconds.
 *
 * @example
 * assert.ok(time.until(time.now().add("1h")) > 59 * time.minute);
 */
export const until = (later: Time): Duration => later.sub(now());

/**
 * A timer whose channel gets the time once.
 *
 * @param duration "500ms", time.ms(500), or a number of nanoseconds.
 * @throws RangeError for what is no duration.
 * @example
 * const timer = time.newTimer("1ms");
 * await timer.c.recv();
 */
export const newTimer = <D extends DurationLike>(duration: DurationArgument<D>): Timer => new Timer(duration, 0, undefined);
/**
 * A channel that gets the time once.
 *
 * @param duration "500ms", time.ms(500), or a number of nanoseconds.
 * @throws RangeError for what is no duration.
 * @example
 * await time.after("1ms").recv();
 */
export const after = <D extends DurationLike>(duration: DurationArgument<D>): RecvChan<Time> => new Timer(duration, 0, undefined, "time.after").c;
/**
 * Calls `body` in a goroutine of its own once `duration` has passed.
 *
 * @param duration "500ms", time.ms(500), or a number of nanoseconds.
 * @throws RangeError for what is no duration.
 * @example
 * const said = new Chan<string>(1);
 * time.afterFunc("1ms", () => said.send("now"));
 * assert.equal(await said.recv(), "now");
 */
export const afterFunc = <D extends DurationLike>(duration: DurationArgument<D>, body: () => unknown): Timer => new Timer(duration, 0, body, "time.afterFunc");

/**
 * A timer whose channel gets the time again and again, until it is stopped.
 *
 * @param period above 0: "500ms", time.ms(500), or a number of nanoseconds.
 * @throws RangeError for what is none.
 * @example
 * const ticker = time.newTicker("1ms");
 * await ticker.c.recv();
 * await ticker.c.recv();
 * await ticker.stop();
 */
export function newTicker<D extends DurationLike>(period: DurationArgument<D>): Timer {
  const length = durationOf(period, "time.newTicker");
  if (!(length > 0)) throw new RangeError("non-positive interval for NewTicker");
  return new Timer(length, length, undefined);
}
/**
 * The channel of a ticker that nobody stops: for the life of a program.
 *
 * @param period above 0: "500ms", time.ms(500), or a number of nanoseconds.
 * @throws RangeError for what is none.
 * @example
 * await time.tick("1ms").recv();
 */
export const tick = <D extends DurationLike>(period: DurationArgument<D>): RecvChan<Time> => newTicker<D>(period).c;
