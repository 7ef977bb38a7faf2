import assert from "node:assert/strict";
import { test } from "node:test";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import { labelled } from "./snapshots.js";

const one = (count: number, labels?: Record<string, string>): Goroutine => ({ count, state: "waiting", waitReason: "select", stack: [], ...(labels ? { labels } : {}) });
const ALL: Snapshot = { provenance: { source: "x", how: "pprof" }, losses: [], goroutines: [one(3, { tenant: "a", path: "/" }), one(2, { tenant: "b" }), one(4)] };

test("--where: all labels must hold, and what is left out is said", () => {
  assert.equal(labelled(ALL, []), ALL);
  const table: readonly (readonly [[string, string][], number])[] = [[[["tenant", "a"]], 3], [[["tenant", "b"]], 2], [[["tenant", "a"], ["path", "/"]], 3], [[["tenant", "b"], ["path", "/"]], 0], [[["toString", "x"]], 0]];
  for (const [where, wanted] of table) {
    const { goroutines, losses } = labelled(ALL, where);
    assert.equal(goroutines.reduce((n, g) => n + g.count, 0), wanted);
    assert.match(losses[0]!, new RegExp(`^${wanted} of 9 goroutines are labelled `));
  }
});
