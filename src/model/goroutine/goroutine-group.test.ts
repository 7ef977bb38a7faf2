import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type GoroutineGroup, groupGoroutines } from "./goroutine-group.js";
import { StackViewer } from "./stack-viewer.js";
import type { Goroutine, Snapshot } from "./snapshot.js";
import type { Frame, Stack } from "./stack.js";
import { waitKind } from "./wait.js";

const FRAMES: readonly Frame[] = [
  { function: "runtime.gopark", file: "/go/proc.go", line: 1 },
  { function: "sync.(*Mutex).Lock", file: "/go/mutex.go", line: 2 },
  { function: "main.f[go.shape.int]", file: "/m.go", line: 3 },
  { function: "main.f[...]", file: "/m.go", line: 3 },
  { function: "main.g", file: "/m.go", line: 4, offset: 0x1d },
  { function: "main.g", file: "/m.go", line: 4, offset: 0x2d },
  { function: "main.main.gowrap1", file: "/m.go", line: 5 },
];
const goroutine = fc.record({
  count: fc.integer({ min: 1, max: 3 }),
  state: fc.constant("waiting" as const),
  waitReason: fc.constantFrom("chan send", "chan send (nil chan)", "select"),
  stack: fc.array(fc.constantFrom(...FRAMES), { maxLength: 5 }),
});
const snapshotOf = (goroutines: readonly Goroutine[]): Snapshot => ({ provenance: { source: "test", how: "test" }, goroutines, losses: [] });
const visibleStack = (stack: Stack): Stack => new StackViewer().visible(stack);
const plainly = (g: Goroutine): string => `${waitKind(g)} ${visibleStack(g.stack).map((f) => `${f.function}@${f.file}:${f.line}`).join(" < ")}`;
const total = (groups: readonly GoroutineGroup[]): number => groups.reduce((n, g) => n + g.count, 0);

test("G1: each goroutine is in one group, together with those that look like it and with nobody else; counts add up", () => {
  fc.assert(
    fc.property(fc.array(goroutine, { maxLength: 30 }), (goroutines) => {
      const groups = groupGoroutines(snapshotOf(goroutines));
      const held = groups.flatMap((g) => g.goroutines);
      assert.ok(held.length === goroutines.length && goroutines.every((g) => held.filter((h) => h === g).length === 1));
      assert.equal(total(groups), goroutines.reduce((n, g) => n + g.count, 0));
      for (const group of groups) {
        assert.equal(new Set(group.goroutines.map(plainly)).size, 1);
        assert.deepEqual(group.stack, visibleStack(group.goroutines[0]!.stack));
        assert.equal(group.frame(() => true), group.stack[0]);
      }
      assert.equal(groups.length, new Set(goroutines.map(plainly)).size);
      assert.equal(new Set(groups.map((g) => g.exact)).size, groups.length);
    }),
  );
});

test("the order and the names do not depend on the source's order", () => {
  fc.assert(
    fc.property(fc.array(goroutine, { maxLength: 30 }), (goroutines) => {
      const names = (list: readonly Goroutine[]): string[] => groupGoroutines(snapshotOf(list)).map((g) => `${g.count} ${g.exact} ${g.fingerprint}`);
      assert.deepEqual(names([...goroutines].reverse()), names(goroutines));
    }),
  );
});

test("a fingerprint survives a moved line, and a name does not; both tell functions apart", () => {
  const of = (name: string, line: number): GoroutineGroup => groupGoroutines(snapshotOf([{ count: 1, state: "waiting", waitReason: "select", stack: [{ function: name, file: "/m.go", line }] }]))[0]!;
  assert.equal(of("main.f", 3).fingerprint, of("main.f", 4).fingerprint);
  assert.notEqual(of("main.f", 3).exact, of("main.f", 4).exact);
  assert.notEqual(of("main.f", 3).fingerprint, of("main.g", 3).fingerprint);
});

test("order: larger groups first, then by the hash, also among thousands of one goroutine; equal halves of a hash are told apart", () => {
  const single = Array.from({ length: 3000 }, (_, i): Goroutine => ({ count: i % 97 === 0 ? 2 + (i % 5) : 1, state: "waiting", waitReason: i % 2 === 0 ? "select" : "chan send", stack: [{ function: `main.f${i >> 1}`, file: "/m.go", line: 1 }] }));
  const groups = groupGoroutines({ provenance: { source: "x", how: "test" }, losses: [], goroutines: single });
  assert.equal(groups.length, 3000);
  const backwards = groupGoroutines({ provenance: { source: "x", how: "test" }, losses: [], goroutines: [...single].reverse() });
  assert.deepEqual(backwards.map(({ exact }) => exact), groups.map(({ exact }) => exact));
  for (const [i, group] of groups.entries()) {
    const next = groups[i + 1];
    if (next) assert.ok(group.count >= next.count, "the larger first");
  }
  // Both kinds of waiting at one place have one hash of the stack: neighbours among those of one goroutine, in the order of their names.
  const ones = groups.filter(({ count }) => count === 1);
  const byPlace = new Map(ones.map((group, i) => [`${group.stack[0]!.function} ${group.kind}`, i]));
  const pairs = [...byPlace].filter(([name]) => name.endsWith(" select")).flatMap(([name, at]) => {
    const other = byPlace.get(name.replace(" select", " send"));
    return other === undefined ? [] : [other - at];
  });
  assert.ok(pairs.length > 1000 && pairs.every((distance) => distance === 1));
});
