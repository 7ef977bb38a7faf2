import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { countJumps, FUEL_GLOBAL, jumpCount } from "./count-jumps.js";
import { noteStores } from "./dirty-pages.js";
import { concat, encode, encodeSigned } from "./wasm-code.js";

/** What a basic block does, one after the other: a jump, or leaving the function, where a draw says so. */
type Deed = { readonly kind: "jump"; readonly to: number; readonly nested: boolean } | { readonly kind: "unwind" } | { readonly kind: "return" } | { readonly kind: "store" };

interface Body {
  readonly blocks: readonly (readonly Deed[])[];
  /** How many numbers each block has. */
  readonly numbers: readonly number[];
}

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("jump" as const), to: fc.nat(99), nested: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ kind: "unwind" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "return" as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: "store" as const }) },
);
const body: fc.Arbitrary<Body> = fc.integer({ min: 1, max: 80 }).chain((count) =>
  fc.record({ blocks: fc.array(fc.array(deed, { maxLength: 4 }), { minLength: count, maxLength: count }), numbers: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: count, maxLength: count }) }),
);

const CALL = { saw: 0, draw: 1, fuel: 2, mark: 3 } as const;
const VOID = 0x40;
const section = (id: number, bytes: readonly number[]): Uint8Array => Uint8Array.from([id, ...encode(bytes.length), ...bytes]);
const text = (word: string): readonly number[] => [word.length, ...new TextEncoder().encode(word)];

/** As Go's assembler writes it (wasmobj.go, assemble). */
function function_({ blocks, numbers }: Body): readonly number[] {
  const last = blocks.length - 1;
  const table = numbers.flatMap((many, block) => Array.from({ length: many }, () => block));
  const jump = (from: number, to: number, nested: number): readonly number[] => [0x41, ...encodeSigned(table.indexOf(to % blocks.length)), 0x21, 0, 0x0c, ...encode(last - from + nested)];
  const deeds = (one: Deed, at: number): readonly number[] => {
    const drawn = [0x10, CALL.draw, 0x04, VOID];
    switch (one.kind) {
      case "jump":
        return one.nested ? [...drawn, ...drawn, ...jump(at, one.to, 2), 0x0b, 0x0b] : [...drawn, ...jump(at, one.to, 1), 0x0b];
      case "unwind":
        return [0x10, CALL.draw, 0x0d, ...encode(last - at + 1)];
      case "return":
        return [...drawn, 0x41, 0, 0x0f, 0x0b];
      case "store":
        return [0x41, 8, 0x41, 1, 0x36, 2, 0];
    }
  };
  const code = blocks.flatMap((block, at) => [0x0b, 0x41, ...encodeSigned(at), 0x10, CALL.saw, ...block.flatMap((one) => deeds(one, at))]);
  const head = [...blocks.flatMap(() => [0x02, VOID]), 0x20, 0, 0x0e, ...encode(table.length - 1), ...table.flatMap(encode)];
  return [0, 0x02, VOID, 0x03, VOID, ...head, ...code, ...jump(last, 0, 0), 0x0b, 0x00, 0x0b, 0x41, 1, 0x0b];
}

const codeOf = (one: Body): Uint8Array => {
  const code = function_(one);
  return Uint8Array.from([1, ...encode(code.length), ...code]);
};

function moduleOf(code: Uint8Array): WebAssembly.Module {
  const types = [4, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 1, 0x7f, 0, 0x60, 0, 1, 0x7f, 0x60, 0, 0, 0x60, 2, 0x7f, 0x7f, 0].with(0, 5);
  const imports = [4, ...([["saw", 1], ["draw", 2], ["fuel", 3], ["mark", 4]] as const).flatMap(([name, type]) => [...text("t"), ...text(name), 0, type])];
  const exports = [2, ...text("f"), 0, 4, ...text("left"), 3, 0];
  const parts = [Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), section(1, types), section(2, imports), section(3, [1, 0]), section(5, [1, 0, 1]), section(6, [1, ...FUEL_GLOBAL]), section(7, exports), section(10, [...code])];
  return new WebAssembly.Module(concat(parts));
}

interface Ran {
  readonly saw: readonly number[];
  readonly answer: number | undefined;
  /** How often the head of the loop was passed. */
  readonly counted: number;
}

class Enough extends Error {}

function run(code: Uint8Array, entry: number, draws: readonly boolean[]): Ran {
  const saw: number[] = [];
  let drawn = 0;
  const draw = (): number => (draws[drawn++ % draws.length] ? 1 : 0);
  const sees = (block: number): void => {
    if (saw.push(block) > 200) throw new Enough();
  };
  const { exports } = new WebAssembly.Instance(moduleOf(code), { t: { saw: sees, draw, fuel: () => undefined, mark: () => undefined } });
  const left = exports["left"] as WebAssembly.Global<"i32">;
  let answer: number | undefined;
  try {
    answer = (exports["f"] as (entry: number) => number)(entry);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return { saw, answer, counted: -1 - left.value };
}

const jump = jumpCount(0, CALL.fuel);

it("a function whose jumps forwards are direct ones passes the same blocks from each entry, with its stores noted or not, and counts its jumps back", () => {
  fc.assert(
    fc.property(body, fc.nat(200), fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (one, entry, draws) => {
      const code = codeOf(one);
      const wanted = run(code, entry, draws);
      const back = wanted.saw.filter((block, n) => n > 0 && block <= wanted.saw[n - 1]!).length;
      for (const rewritten of [countJumps(code, jump), noteStores(code, { parameters: [1], mark: CALL.mark, jump })!]) assert.deepEqual(run(rewritten, entry, draws), { ...wanted, counted: 1 + back });
    }),
    { numRuns: 300 * Number(process.env["UNPARK_EFFORT"] ?? 1), seed: 7 },
  );
});

it("where no jump goes back the loop is none, and the function is smaller", () => {
  const forwards: Body = { blocks: [[{ kind: "jump", to: 2, nested: false }], [], [{ kind: "return" }]], numbers: [1, 1, 1] };
  const code = codeOf(forwards);
  const without = Uint8Array.from(code);
  // Its last jump is the only one that goes back.
  const at = code.length - 12;
  assert.deepEqual([...code.subarray(at, at + 6)], [0x41, 0, 0x21, 0, 0x0c, 0]);
  without.set([0x01, 0x01, 0x01, 0x01, 0x01, 0x00], at);
  const loops = (bytes: Uint8Array): number => bytes.filter((byte, n) => byte === 0x03 && bytes[n + 1] === VOID).length;
  assert.equal(loops(countJumps(code, [])), 1);
  assert.equal(loops(countJumps(without, [])), 0);
  assert.deepEqual(run(countJumps(without, jump), 0, [true]), { saw: [0, 2], answer: 0, counted: 1 });
});
