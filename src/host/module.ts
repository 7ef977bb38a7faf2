import { err, ok, type Result } from "../base/result.js";

/**
 * Rewrites a compiled Go module so that the host can stop it and copy its world: exports its mutable globals and the
 * function `wasm_pc_f_loop` (runtime/asm_wasm.s), by which a paused module goes on, and bounds its memory.
 *
 * The globals are declared by the linker in this order (cmd/link/internal/wasm/asm.go, writeGlobalSec).
 */
export const GLOBALS = ["SP", "CTXT", "g", "RET0", "RET1", "RET2", "RET3", "PAUSE"] as const;
const LOOP = "wasm_pc_f_loop";

const SECTION = { custom: 0, memory: 5, export: 7 } as const;
const KIND = { function: 0, global: 3 } as const;

interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

export function instrument(module: Uint8Array, maxPages: number): Result<Uint8Array<ArrayBuffer>, string> {
  const sections = readSections(module);
  if (!sections.ok) return sections;
  const loop = findFunction(sections.value, LOOP);
  if (loop === undefined) return err(`the module has no function ${LOOP}: it was built without names (-ldflags=-s?), or not by Go`);
  const parts: Uint8Array[] = [module.slice(0, 8)];
  for (const section of sections.value) {
    const body =
      section.id === SECTION.export
        ? addExports(section.body, loop)
        : section.id === SECTION.memory
          ? boundMemory(section.body, maxPages)
          : section.body;
    parts.push(Uint8Array.of(section.id, ...encode(body.length)), body);
  }
  return ok(concat(parts));
}

function readSections(module: Uint8Array): Result<readonly Section[], string> {
  if (module.length < 8 || module[0] !== 0 || module[1] !== 0x61 || module[2] !== 0x73 || module[3] !== 0x6d) {
    return err("not a WebAssembly module");
  }
  const sections: Section[] = [];
  for (let at = 8; at < module.length; ) {
    const id = module[at]!;
    const [length, start] = decode(module, at + 1);
    if (start + length > module.length) return err(`truncated module: section ${id} ends behind the end of the file`);
    sections.push({ id, body: module.subarray(start, start + length) });
    at = start + length;
  }
  return ok(sections);
}

/** A function's index by its name in the custom section "name" (subsection 1). */
function findFunction(sections: readonly Section[], wanted: string): number | undefined {
  const text = new TextDecoder();
  for (const { id, body } of sections) {
    if (id !== SECTION.custom) continue;
    const [length, start] = decode(body, 0);
    if (text.decode(body.subarray(start, start + length)) !== "name") continue;
    for (let at = start + length; at < body.length; ) {
      const [size, inner] = decode(body, at + 1);
      if (body[at] === 1) return findName(body.subarray(inner, inner + size), wanted);
      at = inner + size;
    }
  }
  return undefined;
}

function findName(names: Uint8Array, wanted: string): number | undefined {
  const text = new TextDecoder();
  const [count, first] = decode(names, 0);
  for (let n = 0, at = first; n < count; n++) {
    const [index, afterIndex] = decode(names, at);
    const [length, start] = decode(names, afterIndex);
    if (length === wanted.length && text.decode(names.subarray(start, start + length)) === wanted) return index;
    at = start + length;
  }
  return undefined;
}

function addExports(body: Uint8Array, loop: number): Uint8Array {
  const [count, start] = decode(body, 0);
  const added: number[] = [];
  const add = (name: string, kind: number, index: number): void => {
    added.push(...encode(name.length), ...new TextEncoder().encode(name), kind, ...encode(index));
  };
  GLOBALS.forEach((name, index) => add(`unpark_${name}`, KIND.global, index));
  add("unpark_loop", KIND.function, loop);
  return concat([Uint8Array.from(encode(count + GLOBALS.length + 1)), body.subarray(start), Uint8Array.from(added)]);
}

/** One memory without a maximum gets one: a program that allocates without end fails in Go's own words. */
function boundMemory(body: Uint8Array, maxPages: number): Uint8Array {
  const [, flagsAt] = decode(body, 0);
  const [initial] = decode(body, flagsAt + 1);
  return Uint8Array.from([1, 1, ...encode(initial), ...encode(Math.max(initial, maxPages))]);
}

function decode(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return [value, at];
  }
}

function encode(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? low | 0x80 : low);
  } while (value > 0);
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
