import { parseDuration } from "../../base/duration.js";

declare const nanoseconds: unique symbol;
/**
 * Nanoseconds, as Go's time.Duration; exact up to 104 days (2^53 ns), then rounded to a few nanoseconds. `time.second` is one,
 * and what `time.ms(500)` gives.
 */
export type Duration = number & { readonly [nanoseconds]?: true };

type Unit = "ns" | "us" | "µs" | "ms" | "s" | "m" | "h";
/** As Go writes it: `"500ms"`, `"1.5s"`, `"1h30m"`. */
export type DurationText = `${number}${Unit}` | `${number}h${number}m` | `${number}m${number}s`;
/** Nanoseconds, or a text. */
export type DurationLike = number | DurationText;

/** How many characters stand before the point. */
type Whole<S extends string, Seen extends readonly unknown[] = []> = S extends `.${string}` ? Seen["length"] : S extends `${string}${infer Rest}` ? Whole<Rest, readonly [...Seen, 0]> : Seen["length"];
type UnderMillion = 1 | 2 | 3 | 4 | 5 | 6;

/**
 * What a parameter takes: a number whose value is known to the compiler, is no product with a unit, and would be less than a
 * millisecond, is taken for milliseconds by mistake, and refused. (Of a `number` that is only known at run time nothing is known.)
 */
export type DurationArgument<D extends DurationLike> = D extends string ? D : number extends D ? D : D extends 0 ? D : typeof nanoseconds extends keyof D ? D : `${D}` extends `-${string}` | `${string}e+${string}` ? D : Whole<`${D}`> extends UnderMillion ? "a number is nanoseconds: write \"500ms\", time.ms(500) or 500 * time.millisecond" : D;

/** A RangeError for what is no duration. Nothing is as quiet as one: it would wait for ever, or not at all. Infinity is never. */
export function durationOf(given: DurationLike, what: string): number {
  if (typeof given === "number" && !Number.isNaN(given)) return given;
  const text = String(given);
  const parsed = typeof given === "string" && /[a-zµ]$/.test(text) ? parseDuration(text) : undefined;
  if (parsed?.ok === true) return Number(parsed.value);
  throw new RangeError(`${what}: duration is ${text}; it is a number of nanoseconds, such as 500 * time.millisecond, or a text, such as "500ms"`);
}

/** One nanosecond. */
export const nanosecond: Duration = 1;
/** 1,000 nanoseconds. */
export const microsecond: Duration = 1e3;
/** 1,000,000 nanoseconds. */
export const millisecond: Duration = 1e6;
/** 1,000,000,000 nanoseconds. */
export const second: Duration = 1e9;
/** Sixty seconds, in nanoseconds. */
export const minute: Duration = 60e9;
/** Sixty minutes, in nanoseconds. */
export const hour: Duration = 3600e9;

/**
 * @param n milliseconds.
 * @returns nanoseconds.
 * @example
 * assert.equal(time.ms(500), 500 * time.millisecond);
 */
export const ms = (n: number): Duration => n * millisecond;
/**
 * @param n seconds.
 * @returns nanoseconds.
 * @example
 * assert.equal(time.seconds(2), 2 * time.second);
 */
export const seconds = (n: number): Duration => n * second;
/**
 * @param n minutes.
 * @returns nanoseconds.
 * @example
 * assert.equal(time.minutes(5), 300 * time.second);
 */
export const minutes = (n: number): Duration => n * minute;
/**
 * @param n hours.
 * @returns nanoseconds.
 * @example
 * assert.equal(time.hours(1), time.hour);
 */
export const hours = (n: number): Duration => n * hour;

/**
 * time.ParseDuration.
 *
 * @param text such as `"1h30m"`.
 * @returns nanoseconds.
 * @throws RangeError, which names what is none.
 * @example
 * assert.equal(time.parseDuration("1h30m"), 90 * time.minute);
 */
export const parse = (text: string): Duration => durationOf(text as DurationText, "time.parse");
