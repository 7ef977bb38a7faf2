// What functions were called with, as a person reads it: by the source's names and types, and nothing that is not certain.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Argument } from "../../model/goroutine/argument.js";
import type { ParameterSyntax } from "../../model/source/syntax.js";
import { callValues } from "./call-values.js";

const word = (value: bigint, size = 8): Argument => ({ kind: "word", size, value });
const group = (...parts: Argument[]): Argument => ({ kind: "group", parts });
const text = (said: string, length = said.length): Argument => ({ kind: "group", parts: [word(65536n), word(BigInt(length))], text: said });
const ADDRESS = 0x12340n;
const nameOf = (address: bigint): string | undefined => (address === ADDRESS ? "channel A" : undefined);

const CASES: readonly (readonly [type: string | readonly [type: string, kind: string], value: Argument, said: string])[] = [
  ["int", word(7n), "x = 7"],
  ["int", word(0xffff_ffff_ffff_fffen), "x = -2"],
  ["int8", word(0xffn, 1), "x = -1"],
  ["byte", word(0xffn, 1), "x = 255"],
  ["bool", word(1n, 1), "x = true"],
  ["float64", word(0x3ff8_0000_0000_0000n), "x = 1.5"],
  ["float32", word(0x3fc0_0000n, 4), "x = 1.5"],
  ["time.Duration", word(1_500_000_000n), "x = 1.5s"],
  ["string", text("fast"), 'x = "fast"'],
  ["string", group(word(0n), word(0n)), 'x = ""'],
  ["string", text("\u001b[31m\n"), 'x = "\\u001b[31m\\n"'],
  ["string", text("a".repeat(80), 500), `x = "${"a".repeat(40)}…"`],
  ["[]string", group(word(65536n), word(3n), word(4n)), "x = 3 of []string"],
  ["[]string", group(word(0n), word(0n), word(0n)), "x = nil"],
  ["[]string", group(word(65536n), word(3n), { kind: "cut" }), "x = 3 of []string"], // its capacity would be the eleventh word
  ["...int", group(word(65536n), word(2n), word(2n)), "x = 2 of []int"],
  ["chan int", word(ADDRESS), "x = channel A"],
  ["<-chan int", word(0n), "x = nil"],
  ["chan int", word(0x99990n), ""], // no step touches it: it has no name
  ["*T", word(0n), "x = nil"],
  ["*T", word(ADDRESS), ""], // an address says nothing
  ["error", group(word(0n), word(0n)), "x = nil"],
  ["error", group(word(65536n), word(65600n)), ""],
  [["status", "int"], word(3n), "x = 3"],
  ["os.FileMode", word(0o644n, 4), "x = 420"],
  ["other.Thing", word(ADDRESS), ""], // a number, or an address
  ["struct{ a, b int }", group(word(1n), word(2n)), ""],
];

describe("what a function was called with", () => {
  for (const [declared, value, said] of CASES) {
    const [type, kind] = typeof declared === "string" ? [declared] : declared;
    it(`${type}: ${said === "" ? "nothing" : said}`, () => assert.equal(callValues([{ name: "x", type, ...(kind === undefined ? {} : { kind }) }], [value], nameOf), said));
  }

  const two: readonly ParameterSyntax[] = [{ name: "a", type: "int" }, { name: "_", type: "int" }, { name: "c", type: "int" }];
  it("parameters without a name are left out, and those behind keep their places", () => assert.equal(callValues(two, [word(1n), word(2n), word(3n)], nameOf), "a = 1, c = 3"));
  it("what Go does not tell any more is not guessed", () => assert.equal(callValues(two, [word(1n), { kind: "cut" }], nameOf), "a = 1"));
  it("values that do not fit the source are not shown: a generic function has its dictionary before them", () => assert.equal(callValues([{ name: "a", type: "int" }], [word(9n), word(1n)], nameOf), ""));
});
