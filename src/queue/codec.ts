import { deflateRawSync, inflateRawSync } from "node:zlib";

/**
 * Values as bytes: JSON with what JSON lacks and messages between threads have (bigint, undefined in lists, Infinity), compressed.
 * Nothing that comes from elsewhere is code.
 */
export function encode(value: unknown): Uint8Array {
  return deflateRawSync(JSON.stringify(value, (_, one: unknown) => mark(one)), { level: 6 });
}

/** Throws on what `encode` did not make. */
export function decode<T>(bytes: Uint8Array, most = LARGEST): T {
  const text = inflateRawSync(bytes, { maxOutputLength: most }).toString("utf8");
  return unmark(JSON.parse(text)) as T;
}

const MARK = "$unpark";
const LARGEST = 512 * 1024 * 1024;

function mark(value: unknown): unknown {
  if (typeof value === "bigint") return { [MARK]: "bigint", of: String(value) };
  if (value === undefined) return { [MARK]: "undefined" };
  if (typeof value === "number" && !Number.isFinite(value)) return { [MARK]: "number", of: String(value) };
  return value;
}

/** Not by JSON.parse's reviver: where that answers undefined a list has a hole. */
function unmark(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unmark);
  if (MARK in value) return special(value as Marked);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unmark(one)]));
}

interface Marked {
  readonly [MARK]: "bigint" | "number" | "undefined";
  readonly of?: string;
}

function special({ [MARK]: kind, of = "" }: Marked): unknown {
  return kind === "bigint" ? BigInt(of) : kind === "number" ? Number(of) : undefined;
}
