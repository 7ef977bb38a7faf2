import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LAZY_CLOCK } from "../fairness.js";
import { spawn, store, type ModelProgramText } from "../testing/model-operations.js";
import { signatures } from "../testing/signatures.js";
import { DepthFirst } from "./depth-first.js";
import { Preemptions } from "./preemptions.js";

/** Two goroutines of three steps; main does nothing. */
const text: ModelProgramText = { main: [spawn(store(1), store(1), store(1)), spawn(store(2), store(2), store(2))] };

describe("preemption bounding", () => {
  // Of the 6 choose 3 = 20 words of a's and b's: without preemption aaabbb and bbbaaa; with one, a word that changes
  // inside the first letter's run once: 2 starts · 2 places; and so on.
  const cases: readonly [bound: number, runs: number][] = [[0, 2], [1, 2 + 4]];
  for (const [bound, runs] of cases) {
    it(`with at most ${bound}: ${runs} of 20 schedules, and said so`, async () => {
      const result = await signatures(text, { strategy: new Preemptions(bound), clock: LAZY_CLOCK });
      assert.equal(result.runs, runs);
      assert.equal(result.coverage.complete, true, "within the bound");
      assert.ok(result.coverage.bounds.includes(`at most ${bound} preemption${bound === 1 ? "" : "s"}`));
    });
  }

  it("without a bound: all of them, each once", async () => {
    const search = new Preemptions(Infinity);
    const result = await signatures(text, { strategy: search, clock: LAZY_CLOCK });
    const plain = await signatures(text, { strategy: new DepthFirst(), clock: LAZY_CLOCK });
    assert.equal(result.runs, plain.runs);
    assert.equal(result.coverage.complete, true);
  });
});
