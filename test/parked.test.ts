// Who waits inside the runtime, stopped before no operation, is left like any other: a `select {}`, a Cond's waiter. A
// search that looked only at who is stopped called such programs clean.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { examine } from "../src/pipeline/examine/examine.js";
import { buildFixture, fixtureFolder, loadFixture } from "./guest-fixture.js";

let wasm: Uint8Array;
before(async () => {
  wasm = await buildFixture(fixtureFolder("host"), "main");
});

/** No schedule is left out for want of time: there are two at most. */
const settings = { budget: 300_000, workers: 1, seed: 1, clock: { kind: "lazy" } as const };
const ROWS: readonly (readonly [name: string, schedules: number, found: readonly string[]])[] = [
  ["block", 1, ["leaked select-without-cases 1 of 1"]],
  // The signal comes before or after the wait: two schedules, and it is lost in one.
  ["cond", 2, ["leaked cond-never-signalled 1 of 2"]],
  ["signals", 1, []],
  // A main that waits for a connection or a signal is no deadlock; what nobody can reach is leaked all the same.
  ["serves", 1, ["leaked receive-without-sender 1 of 1"]],
  ["signalled", 1, []],
  ["stuck", 1, ["deadlock waitgroup-mismatch 1 of 1"]],
];

for (const [name, schedules, found] of ROWS) {
  test(`${name}: ${found.join(", ")}`, async () => {
    const { findings, coverage } = await examine(loadFixture(wasm, [name]).program(), { package: "host", settings, lines: () => undefined });
    const leaks = findings.filter(({ verdict }) => verdict !== "cut-short");
    assert.deepEqual(leaks.map(({ verdict, cause, seen }) => `${verdict} ${cause} ${seen} of ${coverage.schedules}`), found);
    assert.deepEqual([coverage.complete, coverage.schedules], [true, schedules]);
  });
}
