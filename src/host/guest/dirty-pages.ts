import { copyInstructions, loopHead, type Notices } from "./count-jumps.js";
import { CodeWriter, decode, encode, encodeSigned, localsOf, pastNumber } from "./wasm-code.js";

/**
 * Which pages of a Go module's memory were written: each store is rewritten so that it notes its page in a map of bytes, which lies in
 * the module's own memory, where Go's linker keeps 8 KiB free that wasip1 does not use (cmd/link/internal/ld/data.go,
 * wasmMinDataAddr: "8192 bytes for args and env" of js); the other half of these is guest-protocol.ts's PASSING. A world is then put back by copying what was written, some twenty pages,
 * in place of megabytes (instance-snapshot.ts).
 *
 * W1. After a store, a bulk instruction of the module's or a write of the host's (GuestMemory.mark) the entry of each page in
 *     which a written byte lies is not 0, except that up to 7 bytes at the beginning of a page may be of a store that was noted at the
 *     page before: who copies a page copies 8 bytes more.
 * W2. Pages that are MAP.entries apart share an entry.
 */
export const MAP = { at: 4096, entries: 4096 } as const;
export const PAGE_BITS = 10;
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
const ADDED_LOCALS = ADDED.flatMap((type) => [1, type]);
const VALUE_AT: Readonly<Record<number, number>> = { [TYPE.i32]: 1, [TYPE.i64]: 3, [TYPE.f32]: 4, [TYPE.f64]: 5 };

/** What noting needs to know of a module. */
interface NotedModule {
  /** Of each function. */
  readonly parameters: readonly number[];
  /** Index of the import that hears of long writes (address, length). */
  readonly mark: number;
  /** What stands at the head of each function's loop. */
  readonly jump: readonly number[];
}

/**
 * The code section with each function's stores noted, and its jumps counted on the same way: modules have millions of
 * instructions, so it is one pass, and no array for each. Undefined: an instruction is not known.
 */
export function noteStores(section: Uint8Array, { parameters, mark, jump }: NotedModule): Uint8Array<ArrayBuffer> | undefined {
  const [count, first] = decode(section, 0);
  const out = new CodeWriter(2 * section.length);
  const notes = new Map<number, Notes>();
  const notesFor = (locals: number): Notes => {
    const known = notes.get(locals) ?? new Notes(locals, mark);
    notes.set(locals, known);
    return known;
  };
  out.copy(section, 0, first);
  for (let number = 0, at = first; number < count; number++) {
    const [size, start] = decode(section, at);
    at = start + size;
    const begins = out.reserveSize();
    if (!noteIn(section, start, at, parameters[number]!, notesFor, jump, out)) return undefined;
    out.setSize(begins);
  }
  return out.bytes();
}

/** One function, from its locals to its end. */
function noteIn(code: Uint8Array, start: number, end: number, parameters: number, notesFor: (locals: number) => Notes, jump: readonly number[], out: CodeWriter): boolean {
  const { groups, from: groupsAt, end: localsEnd, locals } = localsOf(code, start, parameters);
  out.put(encode(groups + ADDED.length));
  out.copy(code, groupsAt, localsEnd);
  out.put(ADDED_LOCALS);
  return copyInstructions(code, { from: localsEnd, end, head: loopHead(code, start) }, jump, notesFor(locals), out);
}

/** Of a store. */
function offsetOf(code: Uint8Array, store: number): number {
  let offset = 0;
  for (let at = pastNumber(code, store + 1), factor = 1; ; at++, factor *= 128) {
    offset += (code[at]! & 0x7f) * factor;
    if ((code[at]! & 0x80) === 0) return offset;
  }
}

/** What stands before the stores of the functions with so many locals: each kind is made once. */
class Notes implements Notices {
  readonly #locals: number;
  readonly #mark: number;
  readonly #known = new Map<number, readonly number[]>();
  #bulk: readonly number[] | undefined;

  constructor(locals: number, mark: number) {
    this.#locals = locals;
    this.#mark = mark;
  }

  before(code: Uint8Array, at: number): readonly number[] | undefined {
    const op = code[at]!;
    if (op >= STORES.first && op <= STORES.last) return this.ofStore(op, offsetOf(code, at));
    return op === OP.prefix ? this.ofBulk(code[at + 1]!) : undefined;
  }

  /** Before a store the address is on the stack, and the value on top of it. */
  ofStore(op: number, offset: number): readonly number[] {
    const key = offset * 16 + (op - STORES.first);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const address = encode(this.#locals);
    const value = encode(this.#locals + VALUE_AT[STORED[op - STORES.first]!]!);
    const note = [OP.localSet, ...value, OP.localTee, ...address, ...noted(offset), OP.localGet, ...address, OP.localGet, ...value];
    this.#known.set(key, note);
    return note;
  }

  /** Before memory.copy and memory.fill a destination is on the stack, what is written, and its length on top. */
  ofBulk(kind: number): readonly number[] | undefined {
    return kind === BULK.copy || kind === BULK.fill ? (this.#bulk ??= this.#ofBulk()) : undefined;
  }

  #ofBulk(): readonly number[] {
    const [address, other, length] = [encode(this.#locals), encode(this.#locals + 1), encode(this.#locals + 2)];
    return [
      OP.localSet, ...length, OP.localSet, ...other, OP.localTee, ...address, ...noted(0),
      OP.localGet, ...address, OP.localGet, ...length, OP.i32Add, ...noted(0),
      OP.localGet, ...length, OP.i32Const, ...encodeSigned(PAGE), OP.i32GtU, OP.if, VOID,
      OP.localGet, ...address, OP.localGet, ...length, OP.call, ...encode(this.#mark), OP.end,
      OP.localGet, ...address, OP.localGet, ...other, OP.localGet, ...length,
    ];
  }
}

/** An address is on the stack: it is taken off, and its page noted. */
const noted = (offset: number): readonly number[] => {
  const tail = [OP.i32Const, PAGE_BITS, OP.i32ShrU, OP.i32Const, ...encodeSigned(MAP.entries - 1), OP.i32And, OP.i32Const, 1, OP.i32Store8, 0, ...encode(MAP.at)];
  return offset === 0 ? tail : [OP.i32Const, ...encodeSigned(offset), OP.i32Add, ...tail];
};
