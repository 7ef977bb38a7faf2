import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { goroutineName } from "../../model/ids.js";
import { codeOf } from "../guest/op-codes.js";
import { CANDIDATES, LocalSites, longer, NO_TRAIL, Owners } from "./local-sites.js";

const A = goroutineName("1.1");
const B = goroutineName("1.2");

/** Two first runs: `each` is [object, goroutine, instruction]. */
function learn(each: readonly (readonly [number, typeof A, number])[]): LocalSites {
  const sites = new LocalSites();
  const owners = new Owners();
  for (const [object, goroutine, pc] of each) owners.use("lock", object, goroutine, pc, sites);
  sites.learned();
  return sites;
}

describe("instructions whose objects one goroutine alone uses", () => {
  it("while the first runs last, none is", () => {
    const sites = new LocalSites();
    new Owners().use("lock", 8, A, 1, sites);
    assert.equal(sites.has(1), false);
  });
  it("each goroutine has its own object", () => assert.equal(learn([[8, A, 1], [16, B, 1]]).has(1), true));
  it("two goroutines use one object from it", () => assert.equal(learn([[8, A, 1], [8, B, 1]]).has(1), false));
  it("another instruction uses the object in another goroutine", () => {
    const sites = learn([[8, A, 1], [8, A, 2], [8, B, 3]]);
    assert.deepEqual([1, 2, 3].map((pc) => sites.has(pc)), [false, false, false]);
  });
  it("somebody who is not of the library does", () => assert.equal(learn([[8, A, 1], [8, B, 0]]).has(1), false));
  it("one that was not seen is not", () => assert.equal(learn([[8, A, 1]]).has(2), false));
  it("channels are not looked at", () => {
    assert.deepEqual((["send", "condwait", "netread", "lock", "load"] as const).map((op) => CANDIDATES[codeOf(op)]), [0, 0, 0, 1, 1]);
  });
  it("what a later run shows is told, and changes nothing: all runs have the same steps", () => {
    const sites = learn([[8, A, 1]]);
    const owners = new Owners();
    owners.use("lock", 8, A, 1, sites);
    assert.deepEqual([...sites.late], []);
    owners.use("lock", 8, B, 4, sites);
    assert.deepEqual([...sites.late], [1]);
    assert.equal(sites.has(1), true);
  });
  it("a copy of the world remembers who used what", () => {
    const sites = learn([[8, A, 1]]);
    const owners = new Owners();
    owners.use("lock", 8, A, 1, sites);
    const other = new Owners();
    other.restore(owners.save());
    other.use("unlock", 8, B, 0, sites);
    assert.deepEqual([...sites.late], [1]);
  });
});

describe("what several read and nobody writes", () => {
  const readBy = (...each: readonly (readonly [op: "load" | "store", goroutine: typeof A, pc: number])[]): LocalSites => {
    const sites = new LocalSites();
    const owners = new Owners();
    for (const [op, goroutine, pc] of each) owners.use(op, 8, goroutine, pc, sites);
    sites.learned();
    return sites;
  };
  it("two that read", () => assert.equal(readBy(["load", A, 1], ["load", B, 2]).has(1), true));
  it("one that writes what it alone reads", () => assert.equal(readBy(["store", A, 1], ["load", A, 2]).has(2), true));
  it("written before another reads it", () => assert.equal(readBy(["store", A, 1], ["load", B, 2]).has(2), false));
  it("written after another has read it", () => assert.equal(readBy(["load", A, 1], ["load", B, 2], ["store", A, 3]).has(1), false));
});

describe("what is let through since the last choice", () => {
  it("has an end, so that who polls what it alone has used stops (S4)", () => {
    let trail = longer(NO_TRAIL, 7);
    let length = 0;
    for (; trail !== undefined && length < 1_000; length++) trail = longer(trail, 7);
    assert.equal(length, 64);
  });
  it("each instruction once", () => assert.deepEqual(longer(longer(longer(NO_TRAIL, 7)!, 8)!, 7), { length: 3, pcs: [7, 8] }));
});
