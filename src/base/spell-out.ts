/**
 * Characters that do something to a terminal, a log or a reader's eyes rather than show: C0, DEL, C1 (a terminal takes
 * U+009B as it takes ESC [), the marks and overrides of bidirectional text (CVE-2021-42574), line and paragraph
 * separators, and halves of surrogate pairs, which no UTF-8 can hold.
 */
const LONE = "[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]";
const UNSEEN = new RegExp(`[\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]|${LONE}`, "g");
const BETWEEN_LINES = new RegExp(UNSEEN.source.replace("\\u0000-\\u001f", "\\u0000-\\u0008\\u000b-\\u001f"), "g");
const LONE_ONLY = new RegExp(LONE, "g");

/** A stranger's word as it may be shown: `\x1b`, `\u202e`, `\n`. What has no such character comes back as it is. */
export const spellOut = (text: string): string => text.replace(UNSEEN, spelled);

/** The same for text of several lines: tabs and line feeds stay. */
export const spellOutLines = (text: string): string => text.replace(BETWEEN_LINES, spelled);

/** Halves of surrogate pairs become U+FFFD. */
export const wellFormed = (text: string): string => text.replace(LONE_ONLY, "\ufffd");

const NAMES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function spelled(character: string): string {
  const code = character.charCodeAt(0);
  return NAMES[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`);
}

/** A value with all its texts spelled out; objects that occur several times are made once. */
export function spelledOut<T>(value: T): T {
  return walk(value, new Map()) as T;
}

function walk(value: unknown, made: Map<object, unknown>): unknown {
  if (typeof value === "string") return spellOutLines(value);
  if (typeof value !== "object" || value === null || value instanceof Map || value instanceof Set) return value;
  const known = made.get(value);
  if (known !== undefined) return known;
  const copy: unknown = Array.isArray(value) ? value.map((one) => walk(one, made)) : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, made)]));
  made.set(value, copy);
  return copy;
}
