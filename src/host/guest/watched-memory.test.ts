import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { isOutsideStandard, siteOf, watchMemory } from "./watched-memory.js";
import { encodeSigned } from "./wasm-code.js";

const I32 = 0x7f;
const section = (id: number, ...bytes: number[]): number[] => [id, bytes.length, ...bytes];
const name = (text: string): number[] => [text.length, ...Buffer.from(text)];

/** (import "unpark" "access"), one memory, and function 0, exported as f: (param i32) (result i32), one i64 local. */
function moduleOf(code: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, 2, 0x60, 2, I32, I32, 0, 0x60, 1, I32, 1, I32),
    ...section(2, 1, ...name("unpark"), ...name("access"), 0, 0),
    ...section(3, 1, 1),
    ...section(5, 1, 0, 1),
    ...section(7, 2, ...name("f"), 0, 1, ...name("memory"), 2, 0),
    ...section(10, ...code),
  ]);
}

/** f(p) { *(p + 8) = int64(7); *(float64*)(p + 200) = 1.5; *(byte*)p = 3; return *(int32*)(p + 8) } */
const BODY = [
  1, 1, 0x7e,
  0x20, 0, 0x42, 7, 0x37, 3, 8, // i64.store offset=8
  0x20, 0, 0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x39, 3, 0xc8, 0x01, // f64.store offset=200
  0x20, 0, 0x41, 3, 0x3a, 0, 0, // i32.store8
  0x02, 0x40, 0x20, 0, 0x0e, 1, 0, 0, 0x0b, // block; br_table 0 0; end
  0x20, 0, 0x28, 2, 8, // i32.load offset=8
  0x0b,
];
const CODE = Uint8Array.from([1, BODY.length, ...BODY]);

function runs(code: Uint8Array): { readonly answer: unknown; readonly asked: readonly (readonly number[])[]; readonly memory: Uint8Array } {
  const asked: (readonly number[])[] = [];
  const instance = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(code)), { unpark: { access: (address: number, site: number) => asked.push([address, site]) } });
  const answer = (instance.exports["f"] as (at: number) => number)(16);
  return { answer, asked, memory: new Uint8Array((instance.exports["memory"] as WebAssembly.Memory).buffer, 0, 256).slice() };
}

test("each load and store asks first, with its address, and does what it did", () => {
  const plain = runs(CODE);
  const watched = runs(watchMemory(CODE, { ask: 0, imported: 1, functions: new Set([0]) }));
  assert.deepEqual(plain.asked, []);
  assert.deepEqual(watched.asked, [[24, siteOf(0, true)], [216, siteOf(0, true)], [16, siteOf(0, true)], [24, siteOf(0, false)]]);
  assert.equal(watched.answer, plain.answer);
  assert.deepEqual(watched.memory, plain.memory);
});

test("functions that are not asked about, and code that is not known, stay as they are", () => {
  assert.deepEqual(watchMemory(CODE, { ask: 0, imported: 1, functions: new Set() }), CODE);
  const vectors = Uint8Array.from([1, 4, 0, 0xfd, 12, 0x0b]);
  assert.deepEqual(watchMemory(vectors, { ask: 0, imported: 1, functions: new Set([0]) }), vectors);
});

test("a constant is signed: 64 takes two bytes", () => {
  assert.deepEqual([encodeSigned(63), encodeSigned(64), encodeSigned(8191), encodeSigned(8192)], [[63], [0xc0, 0], [0xff, 0x3f], [0x80, 0xc0, 0]]);
});

describe("whose code it is, by the linker's name", () => {
  const names: Readonly<Record<string, boolean>> = {
    "main.main": true, "main.__T_.f": true, "example.com_shop.__Cart_.Add": true, "races.TestX.func1": true, "golang.org_x_sync_errgroup.__Group_.Go": true,
    "go.uber.org_goleak.Find": true, "go_ast.Walk": false, "net_http.__Server_.Serve": false, "sync.__Mutex_.Lock": false, "runtime.mallocgc": false,
    "internal_poll.__FD_.Read": false, "slices.SortFunc_go.shape.int_": false, "type_.eq.main.box": false, "memeqbody": false, "_rt0_wasm_wasip1": false, "wasm_pc_f_loop": false,
  };
  for (const [one, expected] of Object.entries(names)) it(one, () => assert.equal(isOutsideStandard(one), expected));
});
