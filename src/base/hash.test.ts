import assert from "node:assert/strict";
import { test } from "node:test";
import { HASH_BASIS, mixed, WideHash } from "./hash.js";

test("a million states of words without a pattern: none alike by 53 bits; by 32 a hundred are", () => {
  const random = xorshift(1);
  const wide = new Set<number>();
  const narrow = new Set<number>();
  for (let i = 0; i < 1_000_000; i++) {
    const words = [random(), random(), i];
    const hash = new WideHash();
    for (const word of words) hash.add(word);
    wide.add(hash.value);
    narrow.add(words.reduce(mixed, HASH_BASIS));
  }
  assert.equal(wide.size, 1_000_000);
  assert.ok(narrow.size < 1_000_000 - 50 && narrow.size > 1_000_000 - 200, `${narrow.size}`); // 1e12 / 2^33 = 116
});

test("counters that differ in one word differ", () => {
  const seen = new Set<number>();
  for (let i = 0; i < 300; i++) {
    for (let j = 0; j < 300; j++) {
      const hash = new WideHash();
      for (const word of [0x4000, i, 7, j, 0xffff]) hash.add(word);
      seen.add(hash.value);
    }
  }
  assert.equal(seen.size, 90_000);
});

/** Marsaglia, Xorshift RNGs (2003). */
function xorshift(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x;
  };
}
