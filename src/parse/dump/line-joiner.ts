import { argumentsAt, isBlankByte, isCreatedBy, IN_GOROUTINE, textOf } from "./line-matchers.js";

/**
 * Lines of a dump that a terminal or a mail program wrapped: one that cannot be whole by itself is kept until the next
 * one is seen, and both are one where that is a line of a dump. Only such lines are copied; a healthy dump has hardly any.
 */
export function mayBeWrapped(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < SHORTEST) return false;
  let at = start;
  while (at < end && isBlankByte(bytes[at]!)) at++;
  if (at > start) return isLocationStart(bytes, at) && !hasOffset(bytes, Math.max(at, end - 100), end);
  if (isCreatedBy(bytes, start, end)) return !textOf(bytes, start, end).includes(new TextDecoder().decode(IN_GOROUTINE));
  return bytes[end - 1] !== 0x29 && argumentsAt(bytes, start, end) < 0 && /^[^\s()]+\(|^[^\s()]+\.\(\*?[^\s()]*$/.test(textOf(bytes, start, end));
}

/** The one line that both are; undefined: they are two. */
export function joinedLine(first: string, next: string): string | undefined {
  const rest = next.trim();
  if (rest === "") return undefined;
  if (/^goroutine \d+ \[[^\]]*$/.test(first)) return fits(first, rest, /^goroutine \d+ \[[A-Za-z][\w .()]*(?:, [\w ]+)*\]:$/);
  if (first.startsWith("created by ")) return fits(first, rest, /^created by \S+ in goroutine \d+$/);
  if (/^\s/.test(first)) {
    if (/^\s/.test(next) && !/^ ?\+0x/.test(next)) return undefined; // the next location, or its function is missing
    return fits(first, rest, /^\s+\S(?:.*\S)?\.(?:go|s|c):\d+(?: \+0x[0-9a-f]+)(?: fp=\S+ sp=\S+ pc=\S+)?$/) ?? (/:\d+$/.test(first) ? undefined : fits(first, rest, /^\s+\S+\.(?:go|s|c):\d+$/));
  }
  return /^\s/.test(next) ? undefined : fits(first, rest, /^[^\s()]+(?:\(\*?[^\s()]+\)[^\s()]*)?\([^()]*\)$/);
}

/** Cut between two characters, or at a blank that is gone. */
function fits(first: string, rest: string, form: RegExp): string | undefined {
  for (const between of ["", " "]) if (form.test(first + between + rest)) return first + between + rest;
  return undefined;
}

function hasOffset(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = end - 4; i > start; i--) if (bytes[i] === 0x2b && bytes[i - 1] === 0x20 && bytes[i + 2] === 0x78) return true;
  return false;
}

/** Nobody's screen is narrower. */
const SHORTEST = 30;
const isLocationStart = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0x2f || (bytes[at + 1] === 0x3a && bytes[at + 2] === 0x5c) || (bytes[at + 1] === 0x3a && bytes[at + 2] === 0x2f);
