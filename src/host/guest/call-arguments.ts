import type { Argument } from "../../model/goroutine/argument.js";
import type { GuestMemory } from "./guest-memory.js";

/** internal/abi, TraceArgsEndSeq …: above SPECIAL are operators, below it the offset of a value, with its size behind. */
const ARG_INFO = { end: 0xff, begin: 0xfe, close: 0xfd, more: 0xfc, tooFar: 0xfb, special: 0xf0 } as const;
/** internal/abi, TraceArgsMaxLen. */
const LONGEST = 171;
const MOST_TEXT = 80;

/**
 * The values that a frame was called with, read as printArgs of runtime/traceback.go does. `frame`: where its arguments lie;
 * `info`: its ArgInfo. On wasm all arguments lie on the stack (ABI0), each in its own place for as long as the call lasts;
 * a parameter that the function has changed since may show either value.
 */
export function callArguments(memory: GuestMemory, frame: number, info: number): readonly Argument[] {
  if (info === 0) return [];
  const codes = memory.all().subarray(info, info + LONGEST);
  let at = 0;
  const group = (): Argument[] => {
    const parts: Argument[] = [];
    for (;;) {
      const code = codes[at++] ?? ARG_INFO.end;
      if (code === ARG_INFO.end || code === ARG_INFO.close) return parts;
      if (code === ARG_INFO.begin) parts.push(grouped(memory, group()));
      else if (code >= ARG_INFO.special) parts.push({ kind: "cut" });
      else parts.push(word(memory, frame + code, codes[at++] ?? 8));
    }
  };
  return group();
}

function word(memory: GuestMemory, address: number, size: number): Argument {
  let value = 0n;
  const bytes = memory.all();
  for (let index = size - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[address + index] ?? 0);
  return { kind: "word", size, value };
}

function grouped(memory: GuestMemory, parts: readonly Argument[]): Argument {
  const [address, length, more] = parts;
  if (more !== undefined || address?.kind !== "word" || length?.kind !== "word" || address.size !== 8 || length.size !== 8) return { kind: "group", parts };
  const all = memory.all();
  const end = address.value + length.value;
  if (length.value === 0n || end > BigInt(all.length)) return { kind: "group", parts };
  const from = Number(address.value);
  return { kind: "group", parts, text: new TextDecoder().decode(all.subarray(from, Math.min(Number(end), from + MOST_TEXT))) };
}
