import { concat, decode, encode, encodeSigned, nextInstruction } from "./wasm-code.js";

/**
 * Which pages of a Go module's memory were written: each store is rewritten so that it notes its page in a map of bytes, which lies in
 * the module's own memory, where Go's linker keeps 8 KiB free that wasip1 does not use (cmd/link/internal/ld/data.go,
 * wasmMinDataAddr: "8192 bytes for args and env" of js). A world is then put back by copying what was written, some ten pages,
 * in place of megabytes (instance-snapshot.ts).
 *
 * W1. After a store, a bulk instruction of the module's or a write of the host's (GuestMemory.mark) the entry of each page in
 *     which a written byte lies is not 0, except that up to 7 bytes at the beginning of a page may be of a store that was noted at the
 *     page before: who copies a page copies 8 bytes more.
 * W2. Pages that are MAP.entries apart share an entry.
 */
export const MAP = { at: 4096, entries: 8192 } as const;
export const PAGE_BITS = 12;
export const PAGE = 1 << PAGE_BITS;
export const SPILL = 8;

const OP = { if: 0x04, end: 0x0b, call: 0x10, localGet: 0x20, localSet: 0x21, localTee: 0x22, i32Store8: 0x3a, i32Const: 0x41, i32GtU: 0x4b, i32Add: 0x6a, i32And: 0x71, i32ShrU: 0x76, prefix: 0xfc } as const;
const TYPE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;
const VOID = 0x40;
const STORES = { first: 0x36, last: 0x3e } as const;
/** Of each store from i32.store on, what it writes. */
const STORED = [TYPE.i32, TYPE.i64, TYPE.f32, TYPE.f64, TYPE.i32, TYPE.i32, TYPE.i64, TYPE.i64, TYPE.i64] as const;
/** memory.copy and memory.fill. */
const BULK = { copy: 10, fill: 11 } as const;
/** Locals that are added: an address, a second i32, a length, and values. */
const ADDED = [TYPE.i32, TYPE.i32, TYPE.i32, TYPE.i64, TYPE.f32, TYPE.f64] as const;
const VALUE_AT: Readonly<Record<number, number>> = { [TYPE.i32]: 1, [TYPE.i64]: 3, [TYPE.f32]: 4, [TYPE.f64]: 5 };

/** The code section with each function's stores noted. `parameters`: of each function; `mark`: the import that is told (address, length). Undefined: an instruction is not known. */
export function noteStores(section: Uint8Array, parameters: readonly number[], mark: number): Uint8Array<ArrayBuffer> | undefined {
  const [count, first] = decode(section, 0);
  const parts: Uint8Array[] = [section.subarray(0, first)];
  for (let number = 0, at = first; number < count; number++) {
    const [size, start] = decode(section, at);
    const body = noteIn(section.subarray(start, start + size), parameters[number]!, mark);
    if (body === undefined) return undefined;
    parts.push(Uint8Array.from(encode(body.length)), body);
    at = start + size;
  }
  return concat(parts);
}

/** Parts of a function before its first instruction. */
const HEAD = 3;

function noteIn(code: Uint8Array, parameters: number, mark: number): Uint8Array | undefined {
  const [groups, groupsAt] = decode(code, 0);
  let at = groupsAt;
  let locals = parameters;
  for (let group = 0; group < groups; group++) {
    const [many, typeAt] = decode(code, at);
    locals += many;
    at = typeAt + 1;
  }
  const parts: Uint8Array[] = [Uint8Array.from(encode(groups + ADDED.length)), code.subarray(groupsAt, at), Uint8Array.from(ADDED.flatMap((type) => [1, type]))];
  let from = at;
  while (at < code.length) {
    const op = code[at]!;
    const next = nextInstruction(code, at);
    if (next === undefined) return undefined;
    const noted = op >= STORES.first && op <= STORES.last ? noteStore(code, at, op, locals) : op === OP.prefix ? noteBulk(code, at, locals, mark) : undefined;
    if (noted !== undefined) {
      parts.push(code.subarray(from, at), Uint8Array.from(noted));
      from = at;
    }
    at = next;
  }
  if (parts.length === HEAD) return code; // it writes nothing
  return concat([...parts, code.subarray(from)]);
}

/** An address is on the stack: it is taken off, and its page noted. */
const noted = (offset: number): number[] => [
  ...(offset === 0 ? [] : [OP.i32Const, ...encodeSigned(offset), OP.i32Add]),
  OP.i32Const, PAGE_BITS, OP.i32ShrU,
  OP.i32Const, ...encodeSigned(MAP.entries - 1), OP.i32And,
  OP.i32Const, 1, OP.i32Store8, 0, ...encode(MAP.at),
];

/** Before a store the address is on the stack, and the value on top of it. */
function noteStore(code: Uint8Array, at: number, op: number, locals: number): number[] {
  const [, offsetAt] = decode(code, at + 1);
  const [offset] = decode(code, offsetAt);
  const address = encode(locals);
  const value = encode(locals + VALUE_AT[STORED[op - STORES.first]!]!);
  return [OP.localSet, ...value, OP.localTee, ...address, ...noted(offset), OP.localGet, ...address, OP.localGet, ...value];
}

/** Before memory.copy and memory.fill a destination is on the stack, what is written, and its length on top. */
function noteBulk(code: Uint8Array, at: number, locals: number, mark: number): number[] | undefined {
  const [kind] = decode(code, at + 1);
  if (kind !== BULK.copy && kind !== BULK.fill) return undefined;
  const [address, other, length] = [encode(locals), encode(locals + 1), encode(locals + 2)];
  return [
    OP.localSet, ...length, OP.localSet, ...other, OP.localTee, ...address, ...noted(0),
    OP.localGet, ...address, OP.localGet, ...length, OP.i32Add, ...noted(0),
    OP.localGet, ...length, OP.i32Const, ...encodeSigned(PAGE), OP.i32GtU, OP.if, VOID,
    OP.localGet, ...address, OP.localGet, ...length, OP.call, ...encode(mark), OP.end,
    OP.localGet, ...address, OP.localGet, ...other, OP.localGet, ...length,
  ];
}
