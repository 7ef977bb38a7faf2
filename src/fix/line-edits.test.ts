import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyEdits } from "./apply-edits.js";
import { lineEdits } from "./line-edits.js";

describe("edits of whole lines", () => {
  for (const [before, after, count] of [
    ["a\nb\nc\n", "a\nB\nc\n", 1],
    ["ä\nb\nc\nd\n", "x\nä\nb\nd\ne\n", 3],
    ["a", "a\nb", 1],
    ["a\n", "a\n", 0],
    ["", "a\n", 1],
    ["a\nb\n", "", 1],
  ] as const) {
    it(`${JSON.stringify(before)} becomes ${JSON.stringify(after)}`, () => {
      const edits = lineEdits({ file: "a.go", before, after });
      assert.equal(edits.length, count);
      assert.equal(Buffer.from(applyEdits(Buffer.from(before), edits)!).toString("utf8"), after);
    });
  }
});
