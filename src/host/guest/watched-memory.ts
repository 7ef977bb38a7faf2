import { isStandardElement } from "../../model/source/blame.js";
import { concat, decode, encode, encodeSigned, localsOf, nextInstruction } from "./wasm-code.js";

/**
 * Rewrites functions of a compiled Go module so that each load from memory and each store asks the host first
 * (`unpark.access`, with the address and a site: function and direction). What a function keeps on its own stack is reported
 * as well: the host knows where stacks are (go/runtime/unpark.go), the code does not say.
 */
export interface WatchedCode {
  /** Index of the import. */
  readonly ask: number;
  /** How many functions are imported: a function's number is its index without them. */
  readonly imported: number;
  /** Which functions, by number. */
  readonly functions: ReadonlySet<number>;
}

/** A function's number and whether it writes, in one number. */
export const siteOf = (number: number, isWrite: boolean): number => number * 2 + (isWrite ? 1 : 0);
export const siteFrom = (site: number): { readonly number: number; readonly isWrite: boolean } => ({ number: site >>> 1, isWrite: (site & 1) === 1 });

/**
 * Is it the user's, or a module's that it depends on? By the linker's name, in which every character that is no letter,
 * digit, dot or underscore is an underscore (cmd/link/internal/wasm/asm.go, nameRegexp): `example.com_shop.__Cart_.Add`.
 */
export function isOutsideStandard(name: string): boolean {
  const first = /^[A-Za-z0-9]+(?=[._])/.exec(name)?.[0];
  if (first === undefined || !name.includes(".") || first === "type") return false;
  return !isStandardElement(first) || name.startsWith("go.");
}

const OP = { call: 0x10, localGet: 0x20, localSet: 0x21, localTee: 0x22, i32Const: 0x41, i32Add: 0x6a } as const;
const TYPE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;
const LOADS = { first: 0x28, last: 0x35 } as const;
const STORES = { first: 0x36, last: 0x3e } as const;
/** Of each store from i32.store on, what it writes. */
const STORED = [TYPE.i32, TYPE.i64, TYPE.f32, TYPE.f64, TYPE.i32, TYPE.i32, TYPE.i64, TYPE.i64, TYPE.i64] as const;
/** Locals that are added: an address, and a value of each type. */
const ADDED = [TYPE.i32, TYPE.i32, TYPE.i64, TYPE.f32, TYPE.f64] as const;
/** Go's functions take one argument, where to go on (cmd/internal/obj/wasm/wasmobj.go, PC_B). */
const PARAMETERS = 1;

/** The code section with the functions rewritten; as it was where an instruction is not known. */
export function watchMemory(section: Uint8Array, watched: WatchedCode): Uint8Array {
  const [count, first] = decode(section, 0);
  const parts: Uint8Array[] = [section.subarray(0, first)];
  for (let number = 0, at = first; number < count; number++) {
    const [size, start] = decode(section, at);
    const end = start + size;
    const body = watched.functions.has(number) ? watchFunction(section.subarray(start, end), number, watched.ask) : undefined;
    if (body === undefined) parts.push(section.subarray(at, end));
    else parts.push(Uint8Array.from(encode(body.length)), body);
    at = end;
  }
  return concat(parts);
}

function watchFunction(code: Uint8Array, number: number, ask: number): Uint8Array | undefined {
  const { groups, from: groupsAt, end, locals } = localsOf(code, 0, PARAMETERS);
  let at = end;
  const parts: Uint8Array[] = [Uint8Array.from(encode(groups + ADDED.length)), code.subarray(groupsAt, at), Uint8Array.from(ADDED.flatMap((type) => [1, type]))];
  let from = at;
  while (at < code.length) {
    const op = code[at]!;
    const next = nextInstruction(code, at);
    if (next === undefined) return undefined;
    if (op >= LOADS.first && op <= STORES.last) {
      const [, offsetAt] = decode(code, at + 1);
      const [offset] = decode(code, offsetAt);
      parts.push(code.subarray(from, at), Uint8Array.from(asked(op, offset, locals, number, ask)));
      from = at;
    }
    at = next;
  }
  parts.push(code.subarray(from));
  return concat(parts);
}

/** Before a load the address is on the stack, before a store the value on top of it. */
function asked(op: number, offset: number, locals: number, number: number, ask: number): number[] {
  const isWrite = op >= STORES.first;
  const report = [OP.localTee, ...encode(locals), OP.localGet, ...encode(locals), OP.i32Const, ...encodeSigned(offset), OP.i32Add, OP.i32Const, ...encodeSigned(siteOf(number, isWrite)), OP.call, ...encode(ask)];
  if (!isWrite) return report;
  const value = encode(locals + 1 + ADDED.slice(1).indexOf(STORED[op - STORES.first]!));
  return [OP.localSet, ...value, ...report, OP.localGet, ...value];
}
