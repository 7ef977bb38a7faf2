import { err, ok, type Result } from "../../base/result.js";
import { noteStores } from "./dirty-pages.js";
import { watchMemory, type WatchedCode } from "./watched-memory.js";
import { concat, decode, encode } from "./wasm-code.js";

/**
 * Rewrites a compiled Go module so that the host can stop it and copy its world: exports its mutable globals and the
 * function `wasm_pc_f_loop` (runtime/asm_wasm.s), by which a paused module goes on, bounds its memory, and counts
 * jumps: after so many it asks the host (`unpark.fuel`), so that a goroutine that loops without ever synchronising does
 * not hang it.
 *
 * The globals are declared by the linker in this order (cmd/link/internal/wasm/asm.go, writeGlobalSec).
 */
export const GLOBALS = ["SP", "CTXT", "g", "RET0", "RET1", "RET2", "RET3", "PAUSE"] as const;
const LOOP = "wasm_pc_f_loop";

/** The global that we add: how many jumps are left until the module asks the host. */
const FUEL = GLOBALS.length;

const SECTION = { custom: 0, type: 1, import: 2, function: 3, memory: 5, global: 6, export: 7, code: 10 } as const;
const KIND = { function: 0, global: 3 } as const;

interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

/** `watch`: functions, by the linker's names, whose uses of memory are reported (watched-memory.ts). */
export function instrument(module: Uint8Array, maxPages: number, watch?: (name: string) => boolean): Result<Uint8Array<ArrayBuffer>, string> {
  const sections = readSections(module);
  if (!sections.ok) return sections;
  const loop = findFunction(sections.value, LOOP);
  if (loop === undefined) return err(`the module has no function ${LOOP}: it was built without names (-ldflags=-s?), or not by Go`);
  const ask = findImport(sections.value, "unpark", "fuel");
  if (ask === undefined) return err("the module does not import unpark.fuel: it was not built with Unpark's overlay");
  const watching = watch === undefined ? undefined : watchedCode(sections.value, watch);
  const mark = findImport(sections.value, "unpark", "access");
  const parameters = parametersOf(sections.value);
  const parts: Uint8Array[] = [module.slice(0, 8)];
  for (const section of sections.value) {
    const code = section.id !== SECTION.code ? undefined : watching !== undefined ? watchMemory(section.body, watching) : mark === undefined ? undefined : noteStores(section.body, parameters, mark);
    if (section.id === SECTION.code && code === undefined) return err("the module has instructions that Go's compiler does not write: this Go version is not supported");
    const seen = code === undefined ? section : { id: section.id, body: code };
    const body = rewriteSection(seen, loop, ask, maxPages);
    if (body === undefined) return err("the module has other globals than Go's linker gives it: this Go version is not supported");
    parts.push(Uint8Array.of(section.id, ...encode(body.length)), body);
  }
  return ok(concat(parts));
}

function rewriteSection({ id, body }: Section, loop: number, ask: number, maxPages: number): Uint8Array | undefined {
  switch (id) {
    case SECTION.memory:
      return boundMemory(body, maxPages);
    case SECTION.global:
      return body[0] === GLOBALS.length ? concat([Uint8Array.of(body[0] + 1), body.subarray(1), FUEL_GLOBAL]) : undefined;
    case SECTION.export:
      return addExports(body, loop);
    case SECTION.code:
      return countJumps(body, ask);
    default:
      return body;
  }
}

const OP = { block: 0x02, loop: 0x03, if: 0x04, end: 0x0b, call: 0x10, localGet: 0x20, localSet: 0x21, globalGet: 0x23, globalSet: 0x24, i32Const: 0x41, i32Eqz: 0x45, i32Sub: 0x6b } as const;
const I32 = 0x7f;
const VOID = 0x40;
/** (global (mut i32) (i32.const -1)): unsigned, all ones. */
const FUEL_GLOBAL = Uint8Array.of(I32, 1, OP.i32Const, I32, OP.end);
/** fuel = fuel - 1; if (fuel == 0) ask the host, which sets it anew, or does not come back. */
const burn = (ask: number): Uint8Array =>
  Uint8Array.of(
    OP.globalGet, FUEL, OP.i32Const, 1, OP.i32Sub, OP.globalSet, FUEL,
    OP.globalGet, FUEL, OP.i32Eqz, OP.if, VOID, OP.call, ...encode(ask), OP.end,
  );

/**
 * A Go function that can be resumed or jumps backwards begins with one loop around its basic blocks, after a few
 * loads of locals and a block around all (cmd/internal/obj/wasm/wasmobj.go, "entry point loop"); every jump passes its head. Others are
 * left as they are.
 */
function countJumps(body: Uint8Array, ask: number): Uint8Array {
  const burnt = burn(ask);
  const [count, first] = decode(body, 0);
  const parts: Uint8Array[] = [body.subarray(0, first)];
  for (let n = 0, at = first; n < count; n++) {
    const [size, start] = decode(body, at);
    const end = start + size;
    const head = loopHead(body, start);
    if (head === undefined) parts.push(body.subarray(at, end));
    else parts.push(Uint8Array.from(encode(size + burnt.length)), body.subarray(start, head), burnt, body.subarray(head, end));
    at = end;
  }
  return concat(parts);
}

/** Where the body of the function's outermost loop begins. */
function loopHead(body: Uint8Array, start: number): number | undefined {
  let [groups, at] = decode(body, start); // local declarations: count and type each
  for (; groups > 0; groups--) at = decode(body, at)[1] + 1;
  for (;;) {
    const op = body[at]!;
    if (op === OP.loop && body[at + 1] === VOID) return at + 2;
    if (op === OP.block && body[at + 1] === VOID && body[at + 2] === OP.loop) at += 2;
    else if (op !== OP.globalGet && op !== OP.localSet && op !== OP.localGet && op !== OP.globalSet) return undefined;
    else at = decode(body, at + 1)[1];
  }
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

/** How many parameters each function has that is not imported. */
function parametersOf(sections: readonly Section[]): readonly number[] {
  const types: number[] = [];
  const body = (id: number): Uint8Array => sections.find((section) => section.id === id)?.body ?? Uint8Array.of(0);
  const [count, first] = decode(body(SECTION.type), 0);
  for (let n = 0, at = first; n < count; n++) {
    const [parameters, parametersAt] = decode(body(SECTION.type), at + 1);
    const [results, resultsAt] = decode(body(SECTION.type), parametersAt + parameters);
    types.push(parameters);
    at = resultsAt + results;
  }
  const functions: number[] = [];
  const [many, from] = decode(body(SECTION.function), 0);
  for (let n = 0, at = from; n < many; n++) {
    const [type, next] = decode(body(SECTION.function), at);
    functions.push(types[type]!);
    at = next;
  }
  return functions;
}

function watchedCode(sections: readonly Section[], watch: (name: string) => boolean): WatchedCode | undefined {
  const ask = findImport(sections, "unpark", "access");
  const imports = sections.find(({ id }) => id === SECTION.import)?.body;
  if (ask === undefined || imports === undefined) return undefined;
  const [imported] = decode(imports, 0);
  const functions = new Set<number>();
  for (const [index, name] of functionNames(sections)) if (index >= imported && watch(name)) functions.add(index - imported);
  return { ask, imported, functions };
}

/** The index of an imported function. */
function findImport(sections: readonly Section[], module: string, name: string): number | undefined {
  const body = sections.find(({ id }) => id === SECTION.import)?.body;
  if (body === undefined) return undefined;
  const text = new TextDecoder();
  const [count, first] = decode(body, 0);
  for (let n = 0, at = first; n < count; n++) {
    const [moduleLength, moduleAt] = decode(body, at);
    const [nameLength, nameAt] = decode(body, moduleAt + moduleLength);
    const kind = nameAt + nameLength;
    if (body[kind] !== KIND.function) return undefined; // Go imports functions only
    const from = text.decode(body.subarray(moduleAt, moduleAt + moduleLength));
    if (from === module && text.decode(body.subarray(nameAt, kind)) === name) return n;
    at = decode(body, kind + 1)[1];
  }
  return undefined;
}

const findFunction = (sections: readonly Section[], wanted: string): number | undefined => {
  for (const [index, name] of functionNames(sections)) if (name === wanted) return index;
  return undefined;
};

/** Functions by index, as the custom section "name" (subsection 1) has them. */
function* functionNames(sections: readonly Section[]): Generator<readonly [index: number, name: string]> {
  const text = new TextDecoder();
  for (const { id, body } of sections) {
    if (id !== SECTION.custom) continue;
    const [length, start] = decode(body, 0);
    if (text.decode(body.subarray(start, start + length)) !== "name") continue;
    for (let at = start + length; at < body.length; ) {
      const [size, inner] = decode(body, at + 1);
      if (body[at] === 1) yield* namesIn(body.subarray(inner, inner + size));
      at = inner + size;
    }
  }
}

function* namesIn(names: Uint8Array): Generator<readonly [index: number, name: string]> {
  const text = new TextDecoder();
  const [count, first] = decode(names, 0);
  for (let n = 0, at = first; n < count; n++) {
    const [index, afterIndex] = decode(names, at);
    const [length, start] = decode(names, afterIndex);
    yield [index, text.decode(names.subarray(start, start + length))];
    at = start + length;
  }
}

function addExports(body: Uint8Array, loop: number): Uint8Array {
  const [count, start] = decode(body, 0);
  const added: number[] = [];
  const add = (name: string, kind: number, index: number): void => {
    added.push(...encode(name.length), ...new TextEncoder().encode(name), kind, ...encode(index));
  };
  GLOBALS.forEach((name, index) => add(`unpark_${name}`, KIND.global, index));
  add("unpark_fuel", KIND.global, FUEL);
  add("unpark_loop", KIND.function, loop);
  return concat([Uint8Array.from(encode(count + GLOBALS.length + 2)), body.subarray(start), Uint8Array.from(added)]);
}

/** One memory without a maximum gets one: a program that allocates without end fails in Go's own words. */
function boundMemory(body: Uint8Array, maxPages: number): Uint8Array {
  const [, flagsAt] = decode(body, 0);
  const [initial] = decode(body, flagsAt + 1);
  return Uint8Array.from([1, 1, ...encode(initial), ...encode(Math.max(initial, maxPages))]);
}
