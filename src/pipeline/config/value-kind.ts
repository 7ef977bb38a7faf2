/**
 * What a flag's value looks like, where a file of settings gives it: checked with the line at hand, and said to editors by the JSON
 * schema. A list of words: one of these.
 */
export type ValueKind = keyof typeof KINDS | readonly string[];

interface Shape {
  /** `a time such as 10s` */
  readonly words: string;
  readonly pattern: string;
  /** May stand there as a number, without quotes. */
  readonly number: boolean;
}

const KINDS = {
  text: { words: "a text", pattern: "[^\\u0000-\\u001f\\u007f]", number: true },
  time: { words: "a time such as 10s or 1m30s", pattern: "^((\\d+(\\.\\d+)?)(ns|us|µs|ms|s|m|h))+$", number: false },
  count: { words: "a whole number from 0", pattern: "^\\d{1,9}$", number: true },
  positive: { words: "a whole number from 1", pattern: "^[1-9]\\d{0,8}$", number: true },
  size: { words: "a size such as 512MiB or 2GiB", pattern: "^\\d{1,6}(\\.\\d{1,3})?\\s*[MmGg](i?[Bb])?$", number: false },
  file: { words: "the name of a file", pattern: "[^\\u0000-\\u001f\\u007f]", number: false },
  output: { words: "the name of a file inside of this project", pattern: "^(?![/\\\\~]|.*:|(.*[/\\\\])?\\.\\.[. ]*([/\\\\]|$))[^\\u0000-\\u001f\\u007f]+$", number: false },
} as const satisfies Readonly<Record<string, Shape>>;

export const kindWords = (kind: ValueKind): string => (isShape(kind) ? KINDS[kind].words : `one of ${kind.join(", ")}`);

/** Is this text of the file such a value? */
export const fitsKind = (kind: ValueKind, text: string): boolean => (isShape(kind) ? new RegExp(KINDS[kind].pattern, "u").test(text) : kind.includes(text));

/** The same for an editor. */
export function kindSchema(kind: ValueKind): Readonly<Record<string, unknown>> {
  if (!isShape(kind)) return { enum: kind };
  const { pattern, number } = KINDS[kind];
  const text = { type: "string", pattern };
  return number ? { anyOf: [kind === "text" ? { type: "number" } : { type: "integer", minimum: kind === "positive" ? 1 : 0 }, text] } : text;
}

const isShape = (kind: ValueKind): kind is keyof typeof KINDS => typeof kind === "string";
