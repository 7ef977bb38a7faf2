import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "./codec.js";

test("what threads can send each other comes back the same", () => {
  const value = { a: [1, undefined, "x"], b: 12345678901234567890n, c: Infinity, d: -Infinity, e: { f: null, g: true }, h: [[undefined]] };
  const back = decode<typeof value>(encode(value));
  assert.deepEqual([...back.a], value.a);
  assert.equal(back.a.length, 3);
  assert.equal(back.h[0]!.length, 1);
  assert.equal(back.b, value.b);
  assert.equal(back.c, Infinity);
  assert.equal(back.d, -Infinity);
  assert.deepEqual(back.e, value.e);
});

test("a field that is undefined stays one, and a list has no holes", () => {
  assert.deepEqual(decode(encode({ a: undefined, b: 1 })), { a: undefined, b: 1 });
  assert.deepEqual(Object.keys(decode<object>(encode([undefined]))), ["0"]);
});

test("what is no message is refused, and so is one that would fill the memory", () => {
  assert.throws(() => decode(Buffer.from("hello")));
  assert.throws(() => decode(encode("x".repeat(1 << 20)), 1024));
});
