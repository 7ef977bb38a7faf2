// Those that can go on are listed, and kept from step to step (host/run/pending/pending-list.ts): the same as one finds among all that are told.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Prng } from "../src/base/prng.js";
import type { Choice } from "../src/model/run/choice.js";
import type { Pending, Run } from "../src/model/run/program.js";
import { buildFixture, fixtureFolder, loadFixture } from "./guest-fixture.js";

const told = (all: readonly Pending[]): readonly string[] => all.map(({ goroutine, op, alternatives }) => `${goroutine ?? "clock"} ${op} ${alternatives.length}`);

describe("those that can go on", { timeout: 300_000 }, () => {
  let wasm = new Uint8Array();
  before(async () => {
    wasm = new Uint8Array(await buildFixture(fixtureFolder("host"), "main"));
  });
  // A goroutine that unlocks and comes to the same lock again in one step stands twice: as it was told before, and among those that now can go on.
  for (const args of [["grow", "10", "10"], ["grow", "30", "5"], ["copies", "8", "5"], ["still", "20", "20"], ["meets", "6"]]) {
    it(`${args.join(" ")}: in forty runs by drawn choices`, () => {
      const program = loadFixture(wasm, args, { maxSteps: 100_000 }).program();
      for (let seed = 1; seed <= 40; seed++) checkRun(program.start() as Run, new Prng(seed));
    });
  }
});

/** Asks for those that can go on first: then nobody has told all of them yet. */
function checkRun(run: Run, random: Prng): void {
  while (run.outcome() === undefined) {
    const able = told(run.able!());
    const choices = run.pending().filter(({ alternatives }) => alternatives.length > 0);
    assert.deepEqual(able, told(choices));
    const goroutines = choices.filter(({ op }) => op !== "clock");
    const from = goroutines.length > 0 ? goroutines : choices;
    const { alternatives } = from[random.below(from.length)]!;
    void run.take(alternatives[random.below(alternatives.length)] as Choice);
  }
}
