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

export const nanosecond: Duration = 1;
export const microsecond: Duration = 1e3;
export const millisecond: Duration = 1e6;
export const second: Duration = 1e9;
export const minute: Duration = 60e9;
export const hour: Duration = 3600e9;

/** `time.ms(500)`: half a second. */
export const ms = (n: number): Duration => n * millisecond;
/** `time.seconds(2)`. */
export const seconds = (n: number): Duration => n * second;
/** `time.minutes(5)`. */
export const minutes = (n: number): Duration => n * minute;
/** `time.hours(1)`. */
export const hours = (n: number): Duration => n * hour;

/** time.ParseDuration: nanoseconds of a text such as `"1h30m"`; a RangeError names what is none. */
export const parse = (text: string): Duration => durationOf(text as DurationText, "time.parse");
