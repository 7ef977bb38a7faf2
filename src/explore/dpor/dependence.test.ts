import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ObjectId } from "../../model/ids.js";
import type { Access, OpKind } from "../../model/run/operation.js";
import { commutes, conflicts, dependent, TABLE } from "./dependence.js";
import { KINDS, dependencyAccesses, type DependencyAccess } from "./object-access.js";

const CHOICE = { kind: "go", goroutine: "1" } as never;
const touch = (op: OpKind, more: Partial<Access> & { seq?: number } = {}): DependencyAccess => {
  const [made] = dependencyAccesses(CHOICE, [{ object: 1 as ObjectId, op, ...more }]);
  return { ...made!, seq: more.seq ?? -1 };
};
type Answer = "commute" | "enables" | "conflict";
const relation = (a: DependencyAccess, b: DependencyAccess): Answer => (commutes(a, b) ? "commute" : conflicts(a, b) ? "conflict" : "enables");

describe("the dependence table", () => {
  it("names only operations that there are, each row with its reason", () => {
    for (const { earlier, later, why } of TABLE) {
      for (const kind of [...earlier, ...later]) assert.ok(KINDS.includes(kind), kind);
      assert.ok(why.length > 5);
    }
  });

  it("what it does not name conflicts", () => {
    assert.equal(relation(touch("semacquire"), touch("semacquire")), "conflict");
    assert.equal(relation(touch("store"), touch("load")), "conflict");
  });

  const buffer = (before: number, seq: number): Partial<Access> & { seq: number } => ({ before, capacity: 2, seq });
  const reads = (before: number, wanted: number): DependencyAccess => touch("netread", { before, capacity: wanted, delta: wanted });
  const wrote = (before: number, length: number): DependencyAccess => touch("netwrite", { before, delta: length, capacity: 100 });
  const cases: readonly [string, DependencyAccess, DependencyAccess, Answer][] = [
    ["readers", touch("rlock"), touch("rlock"), "commute"],
    ["loads", touch("load"), touch("load"), "commute"],
    ["lock after unlock", touch("unlock"), touch("lock"), "enables"],
    ["lock after lock", touch("lock"), touch("lock"), "conflict"],
    ["the first value taken after it was sent", touch("send", buffer(0, 0)), touch("recv", buffer(1, 0)), "enables"],
    ["the first value taken after the second was sent", touch("send", buffer(1, 1)), touch("recv", buffer(2, 0)), "commute"],
    ["the third sent into a buffer of two, once the first was taken", touch("recv", buffer(2, 0)), touch("send", buffer(1, 2)), "enables"],
    ["the second sent, after the first was taken", touch("recv", buffer(1, 0)), touch("send", buffer(0, 1)), "commute"],
    ["send and receive on a channel of which nothing is known", touch("send"), touch("recv"), "conflict"],
    ["a value that was there before the close", touch("close", buffer(1, -1)), touch("recv", buffer(1, 0)), "commute"],
    ["nothing, because of the close", touch("close", buffer(0, -1)), touch("recv", buffer(0, -1)), "enables"],
    ["two Done of three", touch("wgadd", { before: 3, delta: -1 }), touch("wgadd", { before: 2, delta: -1 }), "commute"],
    ["a Done too many", touch("wgadd", { before: 1, delta: -1 }), touch("wgadd", { before: 0, delta: -1 }), "conflict"],
    ["a Done that relies on an Add", touch("wgadd", { before: 0, delta: 1 }), touch("wgadd", { before: 1, delta: -1 }), "conflict"],
    ["Wait after Done", touch("wgadd", { before: 1, delta: -1 }), touch("wgwait"), "enables"],
    ["Wait after Add", touch("wgadd", { before: 0, delta: 1 }), touch("wgwait"), "conflict"],
    ["a read of what only the write brought", wrote(10, 5), reads(10, 99), "enables"],
    ["a read that is full with what was there before the write", wrote(10, 5), reads(4, 6), "commute"],
    ["a read that sees some of the write, and could have seen less", wrote(10, 5), reads(4, 7), "conflict"],
    ["a write after a read that was full", reads(4, 6), wrote(10, 5), "commute"],
    ["a write that the read would have seen", reads(4, 7), wrote(10, 5), "conflict"],
    ["a write for which the read made room", reads(4, 6), wrote(104, 5), "enables"],
    ["a write that had some room without the read", reads(4, 6), wrote(102, 5), "conflict"],
    ["a read and a write of which nothing is known", touch("netread"), touch("netwrite"), "conflict"],
    ["the end, read by who finds nothing", touch("netfin"), touch("netread", { before: 9, capacity: 5, delta: 0 }), "enables"],
    ["a read that finds something, and the end", touch("netfin"), reads(4, 6), "commute"],
    ["closing under a reader", touch("netstop"), reads(4, 6), "conflict"],
    ["both ends close", touch("netstop"), touch("netfin"), "commute"],
    ["two writers", wrote(0, 5), wrote(5, 5), "conflict"],
  ];
  for (const [title, earlier, later, expected] of cases) {
    it(`${title}: ${expected}`, () => assert.equal(relation(earlier, later), expected));
  }

  it("of two possible steps, a send and a receive on one buffer do not depend on each other", () => {
    assert.equal(dependent(touch("recv", buffer(1, 0)), touch("send", buffer(1, 1))), false);
    assert.equal(dependent(touch("lock"), touch("lock")), true);
  });
});
