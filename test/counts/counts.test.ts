// Schedules of compiled Go programs that differ, counted by hand: one of all orders of steps that are alike. Waiting is
// no event, a send and a receive that meet are one.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { explore } from "../../src/explore/explorer.js";
import { DEFAULT_CLOCK, LAZY_CLOCK, type ClockPolicy } from "../../src/explore/fairness.js";
import { DporSearch } from "../../src/explore/dpor/dpor-search.js";
import type { Program } from "../../src/model/run/program.js";
import { everySchedule } from "../../src/runtime/testing/depth-first.js";
import { temporaryFolder, writeFiles } from "../../src/toolchain/testing/go-fixture.js";
import { goModule } from "../conformance/to-go.js";
import { buildFixture, fixtureFolder, loadFixture } from "../guest-fixture.js";
import { straight } from "../plain-search.js";

const COUNTS: readonly [name: string, count: number, why: string][] = [
  ["nothing in common", 1, "no two steps are on one object"],
  ["one lock, two", 2, "2!: who is first"],
  ["one lock, three", 6, "3!"],
  ["two locks, two each", 4, "2! · 2!"],
  ["two readers", 1, "readers share"],
  ["two readers, a writer", 4, "2 · 2: each reader comes before the writer or after it"],
  ["three senders, buffered", 6, "3! orders of the values in the buffer"],
  ["a sender and a receiver, buffered", 1, "values come in the order in which they were sent; the close is seen last"],
  ["three senders, one receiver", 6, "3! orders in which they meet it"],
  ["three senders, three receivers", 6, "3! ways to pair them; pairs do not see each other"],
  ["a store and two loads", 4, "2 · 2: each load before the store or after it"],
  ["four that are waited for", 1, "sums commute, and Wait sees the last one only"],
  ["a select with two ready cases", 2, "either"],
  ["a select with default against a sender", 2, "it has come, or not yet"],
  ["a once, three", 6, "3!: who runs the function; the order of the others is told apart, though they see the same"],
  ["a draw among five", 5, "each value"],
  ["a draw and two locks", 6, "3 · 2!: the draw is main's own"],
  ["opposite lock order", 3, "one has both before the other has any: 2; each has one: 1, a deadlock"],
];

async function counted(program: Program, clock: ClockPolicy): Promise<readonly [schedules: number, complete: boolean]> {
  const { coverage } = await explore(program, { strategy: new DporSearch(clock), clock, budget: 60_000 }, () => []);
  return [coverage.schedules, coverage.complete];
}

describe("Go programs: schedules that differ", () => {
  let wasm: Uint8Array;
  before(async () => {
    wasm = await buildFixture(fixtureFolder("counts"), "main");
  });

  for (const [name, count, why] of COUNTS) {
    it(`${name}: ${count}, ${why}`, async () => {
      assert.deepEqual(await counted(loadFixture(wasm, [name]).program(), LAZY_CLOCK), [count, true]);
      assert.deepEqual(await counted(loadFixture(wasm, [name]).program(), DEFAULT_CLOCK), [count, true], "no timer: the clock makes no difference");
      const { coverage } = await explore(loadFixture(wasm, [name]).program(), { budget: 60_000 }, () => []);
      assert.deepEqual([coverage.schedules, coverage.complete], [count, true], "the portfolio says the same");
    });
  }

  it("a timeout: 1 if the clock only moves when nobody can go on; else 3", async () => {
    // The buffered value is received; or the second passes before it is sent: then it has come too, and either case is
    // taken, or it has not, and the timeout is.
    const load = (): Program => loadFixture(wasm, ["a timeout"]).program();
    assert.deepEqual(await counted(load(), LAZY_CLOCK), [1, true]);
    assert.deepEqual(await counted(load(), DEFAULT_CLOCK), [3, true]);
  });
});

it("two critical sections in a test: 2 schedules that differ, of 2 · C(n + 4, 4) with n steps of the testing package", async () => {
  // Lock, unlock, twice: four steps in one of two orders. The testing package takes more while they may go on, in an
  // order of its own: the test's context is cancelled, it is marked as done and says so, its parent hears it, and the
  // same for the parent. Nothing of that touches the lock, so plain search puts the four anywhere between them.
  const section = { do: "go", body: [{ do: "lock", mu: "m0" }, { do: "unlock", mu: "m0" }] } as const;
  const files = goModule([{ name: "two critical sections", mutexes: ["m0"], body: [section, section] }]);
  const wasm = await buildFixture(writeFiles(temporaryFolder(), files), "tests");
  const program = loadFixture(wasm, ["-test.run=.", "-test.timeout=0"]).program(0);
  const n = straight(program).steps - 4;
  assert.ok(n >= 8, `${n} steps of testing`);
  assert.equal((await everySchedule(program, 50_000, { blocked: false })).length, 2 * choose(n + 4, 4));
  assert.deepEqual(await counted(program, LAZY_CLOCK), [2, true]);
});

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
