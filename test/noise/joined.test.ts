// Nothing is lost by what joins the step at hand (host/ignored/joined-operations.ts): programs of net/http end in the same ways with these
// operations as parts of steps and with each a choice. Too many schedules to try all where each is a choice: as many runs of both.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { explore } from "../../src/explore/explorer.js";
import { LAZY_CLOCK } from "../../src/explore/fairness.js";
import { swapTest } from "../../src/explore/testing/swap.js";
import { Prng } from "../../src/base/prng.js";
import type { Choice } from "../../src/model/run/choice.js";
import type { Program, Run } from "../../src/model/run/program.js";
import { buildFixture, fixtureFolder, loadFixture } from "../guest-fixture.js";
import { endingsOf } from "./compare.js";

const EFFORT = Number(process.env["UNPARK_EFFORT"] ?? 1);
const RUNS = 150 * EFFORT;
const SWAPPED = 2 * EFFORT;
const SWAPS = 12;

const PROGRAMS = ["http/get", "http/cancel", "http/timeout", "http/shutdown", "http/keep-alive-off", "http/panic", "http/cut-short", "http/hijack", "http/refused", "http/redirect", "http/stream"];

/** As the command explores them. */
const LIMITS = { schedules: RUNS, budget: 300_000, seed: 1 } as const;

/** A run in which everybody who can go on is as likely; the clock last. */
function drawn(program: Program, random: Prng): readonly Choice[] {
  const run = program.start() as Run;
  const schedule: Choice[] = [];
  while (run.outcome() === undefined) {
    const able = run.pending().filter(({ alternatives }) => alternatives.length > 0);
    const others = able.filter(({ goroutine }) => goroutine !== undefined);
    const ways = (others.length > 0 ? others : able).flatMap(({ alternatives }) => alternatives);
    const choice = ways[random.below(ways.length)]!;
    schedule.push(choice);
    void run.take(choice);
  }
  return schedule;
}

describe("operations that join the step at hand", () => {
  let wasm: Uint8Array;
  before(async () => {
    wasm = await buildFixture(fixtureFolder("net"), "main");
  });

  for (const name of PROGRAMS) {
    it(`${name}: the same ends with them and with each a choice`, async () => {
      const few = await endingsOf(loadFixture(wasm, [name]).program(), LIMITS);
      const all = await endingsOf(loadFixture(wasm, [name], { everything: true }).program(), LIMITS);
      assert.deepEqual(few.endings, all.endings);
      assert.ok(few.complete || !all.complete);
    });
  }

  it("steps that commute still do", async () => {
    for (const name of ["http/get", "http/cancel", "http/shutdown"]) {
      const program = loadFixture(wasm, [name]).program();
      const random = new Prng(1);
      for (let n = 0; n < SWAPPED; n++) assert.deepEqual((await swapTest(program, drawn(program, random), SWAPS, n)).failures, []);
    }
  });

  it("three requests take at most 150 steps", async () => {
    const program = loadFixture(wasm, ["http/three"]).program();
    let steps = 0;
    await explore(program, { schedules: 1, budget: 60_000, seed: 1, clock: LAZY_CLOCK }, ({ schedule }) => {
      steps = schedule.length;
      return [];
    });
    assert.ok(steps > 0 && steps <= 150, `${steps} steps`);
  });
});
