import assert from "node:assert/strict";
import { test } from "node:test";
import { SourceLines } from "../../collect/sources.js";
import { difference } from "../../diagnose/snapshot/difference.js";
import { violations } from "../../diagnose/snapshot/expectation.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import { differenceText } from "../../report/diff/text.js";
import { inspectionText } from "../../report/inspect/text.js";
import { verificationText } from "../../report/verify/text.js";
import { lookAt } from "./inspect.js";

const at = (name: string, count: number, tenant?: string): Goroutine => ({
  count, state: "waiting", waitReason: "chan send", stack: [{ function: `main.${name}`, file: "/src/main.go", line: 7 }], ...(tenant === undefined ? {} : { labels: { tenant } }),
});
const snapshot = (...goroutines: readonly Goroutine[]): Snapshot => ({ provenance: { source: "x", how: "pprof" }, losses: [], goroutines });
const NOW = snapshot(at("leak", 40, "a"), at("leak", 3, "b, \u001b[31mc"), at("leak", 5), at("other", 9, "b, \u001b[31mc"));
const TEXT = { colour: false, columns: 100, cwd: "/src", all: false };

test("inspect --by-label: groups by value, values by what is suspected of them, suspects as without", () => {
  const inspection = lookAt(NOW, new SourceLines("/"), { byLabel: "tenant" });
  assert.deepEqual(inspection.byLabel!.shares.map(({ value, goroutines, suspected }) => [value, goroutines, suspected]), [["a", 40, 40], [undefined, 5, 5], ["b, \u001b[31mc", 12, 3]]);
  assert.deepEqual(inspection.groups.map(({ count, label }) => [count, label!.value]), [[40, "a"], [9, "b, \u001b[31mc"], [5, undefined], [3, "b, \u001b[31mc"]]);
  assert.equal(new Set(inspection.groups.map(({ exact }) => exact)).size, 4);
  assert.deepEqual(inspection.suspects.map(({ group }) => group.count), lookAt(NOW, new SourceLines("/"), {}).suspects.map(({ group }) => group.count));
  assert.match(inspection.suspects[0]!.evidence.at(-1)!, /^by label tenant: 40 × a, 5 without it, 3 × "b, /);
  const text = inspectionText(inspection, TEXT);
  assert.match(text, /\nBy label tenant \(3 values\)\n  40  tenant=a +70%, 40 suspected, most at main\.leak main\.go:7 \(40\)\n   5  no tenant +8%, 5 suspected.*\n  12  tenant="b, \\u001b\[31mc"  21%, 3 suspected, most at main\.other main\.go:7 \(9\)\n/);
  assert.doesNotMatch(text, /\u001b/);
  assert.match(inspectionText(lookAt(NOW, new SourceLines("/"), { byLabel: "toString" }), TEXT), /\nNo goroutine has the label toString\.\n/);
});

test("diff --by-label: each value against itself; what moves from one to the other shows", () => {
  const later = snapshot(at("leak", 20, "a"), at("leak", 23, "b, \u001b[31mc"), at("leak", 5), at("other", 9, "b, \u001b[31mc"));
  assert.ok(difference(NOW, later).changes.every(({ kind }) => kind === "same"));
  const text = differenceText(difference(NOW, later, "tenant"), { colour: false, cwd: "/src", all: false });
  assert.match(text, /Grown\n +\+20  3 → 23  chan send  main\.leak  main\.go:7  tenant="b, \\u001b\[31mc"\n/);
  assert.match(text, /Shrunk\n +-20  40 → 20  chan send  main\.leak  main\.go:7  tenant=a\n/);
});

test("verify --by-label: so many for each value", () => {
  const table: readonly (readonly [limit: number, counts: readonly number[]])[] = [[40, []], [39, [40]], [11, [40, 12]], [4, [40, 12, 5]]];
  for (const [limit, counts] of table) assert.deepEqual(violations(NOW, [{ kind: "max", limit, byLabel: "tenant" }], new Map()).map(({ count }) => count), counts, String(limit));
  assert.deepEqual(violations(NOW, [{ kind: "max", limit: 8, only: "leak", byLabel: "tenant" }], new Map()).map(({ text }) => text), ["40 goroutines labelled tenant=a with 'leak' on the stack, but there may be at most 8 of each value"]);
  const baseline = new Map([["before", snapshot(at("leak", 40, "b, \u001b[31mc"), at("leak", 40, "a"), at("leak", 2), at("other", 9, "b, \u001b[31mc"))]]);
  const found = violations(NOW, [{ kind: "baseline", file: "before", slack: 0, byLabel: "tenant" }], baseline);
  assert.deepEqual(found.map(({ count }) => count), [3]); // the total is less
  const words = verificationText({ source: "x", demands: [], violations: violations(NOW, [{ kind: "max", limit: 11, byLabel: "tenant" }], new Map()), total: 57, attempts: 1, milliseconds: 0 }, TEXT);
  assert.doesNotMatch(words, /\u001b/);
});
