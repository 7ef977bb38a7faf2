import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Census, CensusOwner } from "../../model/results/census.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import { nativeFindings } from "./native-findings.js";

const blocked = (id: number, file = "/w/a_test.go"): Goroutine => ({
  id, count: 1, state: "waiting", waitReason: "chan receive", unreachable: true, stack: [{ function: "p.TestA.func1", file, line: 3 }],
});

/** A process in which the tests of these names ran once each; the n-th left the n-th goroutine. */
function census(pid: number, tests: readonly string[], goroutines: readonly Goroutine[]): Census {
  const owners = tests.map((test, i): CensusOwner => ({ id: i + 1, test, over: true }));
  const ownerOf = new Map(goroutines.map((one, i) => [one.id!, owners[i]!]));
  const snapshot = { provenance: { source: "t", how: "test" }, goroutines, losses: [] };
  return { package: "p", goVersion: "go1.26.8", pid, proof: true, owners, snapshot, abandoned: new Set(), outlived: [], unseen: 0, ownerOf };
}
const findings = (...censuses: readonly Census[]) => nativeFindings(censuses, { package: "p", closedWorld: false, lines: () => undefined });

describe("nativeFindings", () => {
  it("counts goroutines and runs over all processes of a package (--stress)", () => {
    const [one, ...more] = findings(census(1, ["TestA", "TestA", "TestA"], []), census(2, ["TestA", "TestA"], [blocked(7), blocked(8)]));
    assert.deepEqual(more, []);
    assert.equal(one!.goroutines, 2);
    assert.ok(one!.evidence.includes("left by 2 of 5 runs of TestA"), one!.evidence.join("; "));
  });

  it("says of one that still runs that it runs, and nothing of what it would wait for", () => {
    const [one] = findings(census(1, ["TestA"], [{ ...blocked(7), state: "runnable", waitReason: "", unreachable: false }]));
    assert.deepEqual([one!.verdict, one!.blocked.reason, one!.evidence], ["lingering", "runnable", ["it outlived its test, and still ran when it was last seen"]]);
  });

  it("tags what is blocked in the test's own code, and nothing else", () => {
    assert.equal(findings(census(1, ["TestA"], [blocked(7)]))[0]!.testCode, true);
    assert.equal(findings(census(1, ["TestA"], [blocked(7, "/w/a.go")]))[0]!.testCode, undefined);
  });
});
