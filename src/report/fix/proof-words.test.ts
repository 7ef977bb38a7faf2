import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FixProof, ProvedFix } from "../../model/results/fix.js";
import { proofWords } from "./text.js";

const words = (proof: Partial<FixProof>): string => proofWords({ candidate: { way: "buffer", edits: [], facts: {} }, diff: "", proof: { schedules: 3, complete: true, before: { schedules: 4, complete: true }, programs: 1, checked: "vet", ...proof } } satisfies ProvedFix).split(";")[0]!;

describe("a proof says how much was tried, with the patch and without", () => {
  for (const [name, proof, said] of [
    ["all, both times", {}, "gone in all 3 schedules, explored completely"],
    ["the only one", { schedules: 1 }, "gone in the only schedule, explored completely"],
    ["all of what could not all be tried before", { before: { schedules: 900, complete: false } }, "gone in all 3 schedules, explored completely (without the patch 900 were tried, not all)"],
    ["some, both times", { schedules: 1200, complete: false, before: { schedules: 900, complete: false } }, "gone in 1,200 schedules, not all that there are (without the patch 900 were tried, not all)"],
    ["one alone before", { schedules: 50, complete: false, before: { schedules: 1, complete: false } }, "gone in 50 schedules, not all that there are (without the patch 1 was tried, not all)"],
  ] as const) {
    it(name, () => assert.equal(words(proof), said));
  }
});
