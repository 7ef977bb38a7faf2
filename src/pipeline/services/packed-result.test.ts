import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import type { Parsed } from "../../parse/result.js";
import { packed, unpacked } from "./packed-result.js";

const FRAMES: readonly Frame[] = Array.from({ length: 20 }, (_, i) => ({ function: `main.f${i}`, file: "/m.go", line: i + 1 }));
const read = (goroutines: readonly Goroutine[]): Parsed => ({ snapshots: [{ provenance: { source: "x", how: "pprof" }, goroutines, losses: ["one"] }], outside: { lines: 0, sample: [] }, lines: 0 });

/** Through a thread's door: only what a structured clone carries. */
function sent(parsed: Parsed): Parsed {
  const { result, handed } = packed({ ok: true, value: parsed });
  const came = unpacked(structuredClone(result, { transfer: handed }));
  assert.ok(came.ok);
  return came.value;
}

const plain = fc.record({ count: fc.integer({ min: 1, max: 1e9 }), state: fc.constantFrom("waiting" as const, "running" as const), waitReason: fc.constantFrom("", "chan send", "select\n(no cases)"), stack: fc.array(fc.constantFrom(...FRAMES), { maxLength: 6 }) }, { noNullPrototype: true });

test("property: what comes out is what went in, of a thousand plain ones and more, and of others beside them", () => {
  const many = fc.array(plain, { minLength: 1, maxLength: 30 }).map((few) => Array.from({ length: 1000 + few.length }, (_, i) => few[i % few.length]!));
  fc.assert(fc.property(many, fc.constantFrom<readonly Partial<Goroutine>[]>([], [{ id: 7 }], [{ labels: { a: "b" } }], [{ unreachable: true }]), (goroutines, more) => {
    const parsed = read([...goroutines, ...more.map((fields) => ({ ...goroutines[0]!, ...fields }))]);
    assert.deepEqual(sent(parsed), parsed);
  }), { numRuns: 20 });
});

test("a frame that many stacks share is one object again; a few goroutines go as they are", () => {
  const one: Goroutine = { count: 1, state: "waiting", waitReason: "select", stack: [FRAMES[0]!, FRAMES[1]!] };
  const { goroutines } = sent(read(Array.from({ length: 2000 }, () => one))).snapshots[0]!;
  assert.equal(new Set(goroutines.flatMap(({ stack }) => stack)).size, 2);
  assert.equal(packed({ ok: true, value: read([one]) }).handed.length, 0);
});

test("what could not be read is said as it is", () => {
  const failure = { ok: false, error: { kind: "too-large", because: "it is" } } as const;
  assert.deepEqual(unpacked(packed(failure).result), failure);
});
