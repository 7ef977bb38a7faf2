import { formatDuration } from "../../base/duration.js";
import type { Argument } from "../../model/goroutine/argument.js";
import type { ParameterSyntax } from "../../model/source/syntax.js";

/** More of a string than this is no help in a line. */
const MOST_TEXT = 40;
/** Below lies nothing of Go's on wasm (cmd/link/internal/ld/data.go, wasmMinDataAddr), so no address is shown as a number. */
const FIRST_ADDRESS = 4096n;

/**
 * `source = "fast", takes = 100ms`: what a function was called with, by the names and types that its source declares. What
 * cannot be told apart without the compiler's own types is left out: a word that may be a number or an address, fields of
 * structs that are declared elsewhere. Empty where the source and the values do not fit.
 *
 * @param objectAt the name that the run's pages have for an object, by its address
 */
export function callValues(signature: readonly ParameterSyntax[], values: readonly Argument[], objectAt: (address: bigint) => string | undefined): string {
  const isCut = values.at(-1)?.kind === "cut";
  if (isCut ? values.length - 1 > signature.length : values.length !== signature.length) return ""; // a generic function has one more
  return signature
    .flatMap(({ name, type, kind }, index) => {
      const said = values[index] === undefined || name === "" || name === "_" ? undefined : valueWords(values[index], type === "time.Duration" ? type : (kind ?? type), objectAt);
      return said === undefined ? [] : [`${name} = ${said}`];
    })
    .join(", ");
}

function valueWords(value: Argument, type: string, objectAt: (address: bigint) => string | undefined): string | undefined {
  if (value.kind === "cut") return undefined;
  return value.kind === "word" ? wordWords(value.value, value.size, type, objectAt) : groupWords(value, type);
}

function wordWords(value: bigint, size: number, type: string, objectAt: (address: bigint) => string | undefined): string | undefined {
  if (type === "time.Duration") return formatDuration(BigInt.asIntN(64, value));
  if (type === "bool") return value === 0n ? "false" : "true";
  if (/^(?:int(?:8|16|32|64)?|rune)$/.test(type)) return String(BigInt.asIntN(8 * size, value));
  if (/^(?:uint(?:8|16|32|64)?|uintptr|byte)$/.test(type)) return String(value);
  if (type === "float64" || type === "float32") return String(floating(value, size));
  const isAddress = /^(?:\*|map\[|func\b|(?:<-)?chan\b)/.test(type);
  if (isAddress && value === 0n) return "nil";
  if (/^(?:<-)?chan\b/.test(type)) return objectAt(value);
  return !isAddress && value < FIRST_ADDRESS ? String(value) : undefined;
}

function floating(value: bigint, size: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value, true);
  return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

function groupWords({ parts, text }: Extract<Argument, { kind: "group" }>, type: string): string | undefined {
  const words = parts.flatMap((part) => (part.kind === "word" ? [part.value] : []));
  if (parts.some(({ kind }) => kind === "group") || words.length < 2) return undefined;
  if (type === "string") return words[1] === 0n ? '""' : text && JSON.stringify(text.length > MOST_TEXT || words[1]! > BigInt(text.length) ? `${text.slice(0, MOST_TEXT)}…` : text);
  if (/^(?:\[\]|\.\.\.)/.test(type)) return words[0] === 0n ? "nil" : `${words[1]} of ${type.replace(/^\.\.\./, "[]")}`;
  // An interface's first word is its type: without one it is nil.
  return parts.length === 2 && words[0] === 0n && words[1] === 0n && /^(?:error|any|interface\b)/.test(type) ? "nil" : undefined;
}
