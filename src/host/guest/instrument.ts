import { err, ok, type Result } from "../../base/result.js";
import { countJumps, FUEL_GLOBAL, jumpCount } from "./count-jumps.js";
import { noteStores } from "./dirty-pages.js";
import { watchMemory, type WatchedCode } from "./watched-memory.js";
import { concat, decode, encode } from "./wasm-code.js";

/**
 * Rewrites a compiled Go module so that the host can stop it and copy its world: exports its mutable globals and the
 * function `wasm_pc_f_loop` (runtime/asm_wasm.s), by which a paused module goes on, bounds its memory, makes jumps forwards
 * direct ones (direct-jumps.ts), and counts those that go back, and calls: after so many it asks the host (`unpark.fuel`), so
 * that a goroutine that loops without ever synchronising does not hang it.
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

/**
 * What else the code does: nothing; it notes which pages it writes (dirty-pages.ts); or functions, by the linker's names, report
 * their uses of memory (watched-memory.ts).
 */
type Noting = { readonly kind: "none" } | { readonly kind: "pages" } | { readonly kind: "accesses"; readonly of: (name: string) => boolean };

export function instrument(module: Uint8Array, maxPages: number, noting: Noting): Result<Uint8Array<ArrayBuffer>, string> {
  const sections = readSections(module);
  if (!sections.ok) return sections;
  const loop = findFunction(sections.value, LOOP);
  if (loop === undefined) return err(`the module has no function ${LOOP}: it was built without names (-ldflags=-s?), or not by Go`);
  const ask = findImport(sections.value, "unpark", "fuel");
  if (ask === undefined) return err("the module does not import unpark.fuel: it was not built with Unpark's overlay");
  const jump = jumpCount(FUEL, ask);
  const parts: Uint8Array[] = [module.subarray(0, 8)];
  for (const { id, body } of sections.value) {
    const made = id === SECTION.code ? rewriteCode(body, sections.value, noting, jump) : ok(rewriteSection(id, body, loop, maxPages));
    if (!made.ok) return made;
    if (made.value === undefined) return err("the module has other globals than Go's linker gives it: this Go version is not supported");
    parts.push(Uint8Array.of(id, ...encode(made.value.length)), made.value);
  }
  return ok(concat(parts));
}

function rewriteCode(body: Uint8Array, sections: readonly Section[], noting: Noting, jump: readonly number[]): Result<Uint8Array, string> {
  const ask = noting.kind === "none" ? undefined : findImport(sections, "unpark", "access");
  if (noting.kind === "pages") {
    const noted = ask === undefined ? undefined : noteStores(body, { parameters: parametersOf(sections), mark: ask, jump });
    return noted === undefined ? err("the module has instructions that Go's compiler does not write: this Go version is not supported") : ok(noted);
  }
  const watched = noting.kind === "accesses" && ask !== undefined ? watchMemory(body, watchedCode(sections, ask, noting.of)) : body;
  return ok(countJumps(watched, jump));
}

function rewriteSection(id: number, body: Uint8Array, loop: number, maxPages: number): Uint8Array | undefined {
  switch (id) {
    case SECTION.memory:
      return boundMemory(body, maxPages);
    case SECTION.global:
      return body[0] === GLOBALS.length ? concat([Uint8Array.of(body[0] + 1), body.subarray(1), FUEL_GLOBAL]) : undefined;
    case SECTION.export:
      return addExports(body, loop);
    default:
      return body;
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

function watchedCode(sections: readonly Section[], ask: number, watch: (name: string) => boolean): WatchedCode {
  const [imported] = decode(sections.find(({ id }) => id === SECTION.import)!.body, 0);
  const functions = new Set<number>();
  const text = new TextDecoder();
  for (const { index, bytes, start, end } of functionNames(sections)) if (index >= imported && watch(text.decode(bytes.subarray(start, end)))) functions.add(index - imported);
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

/** A module has some ten thousand names: they are compared as bytes. */
function findFunction(sections: readonly Section[], wanted: string): number | undefined {
  const name = new TextEncoder().encode(wanted);
  for (const { index, bytes, start, end } of functionNames(sections)) {
    if (end - start === name.length && name.every((byte, at) => bytes[start + at] === byte)) return index;
  }
  return undefined;
}

interface NamedFunction {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Functions by index, as the custom section "name" (subsection 1) has them. */
function* functionNames(sections: readonly Section[]): Generator<NamedFunction> {
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

function* namesIn(bytes: Uint8Array): Generator<NamedFunction> {
  const [count, first] = decode(bytes, 0);
  for (let n = 0, at = first; n < count; n++) {
    const [index, afterIndex] = decode(bytes, at);
    const [length, start] = decode(bytes, afterIndex);
    at = start + length;
    yield { index, bytes, start, end: at };
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
