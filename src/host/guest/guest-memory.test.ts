import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestMemory } from "./guest-memory.js";

test("follows a memory that grows, and one that is attached later", () => {
  const memory = new GuestMemory();
  assert.throws(() => memory.setU32(0, 1), { message: "EFAULT" });
  const real = new WebAssembly.Memory({ initial: 1 });
  memory.attach(real);
  memory.setU32(65532, 7);
  assert.throws(() => memory.setU32(65533, 7), { message: "EFAULT" });
  real.grow(1);
  assert.equal(memory.u32(65532), 7);
  memory.setU64(131064, 1n << 40n);
  assert.equal(new DataView(real.buffer).getBigUint64(131064, true), 1n << 40n);
  assert.equal(memory.bytes(131064, 8).length, 8);
  assert.throws(() => memory.bytes(131064, 9), { message: "EFAULT" });
});

test("addresses above 2^31 are unsigned, as an i32 parameter gives them", () => {
  const memory = new GuestMemory({ buffer: new ArrayBuffer(16) });
  assert.throws(() => memory.bytes(-8, 4), { message: "EFAULT" });
});
