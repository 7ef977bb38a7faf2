import assert from "node:assert/strict";
import { test } from "node:test";
import { RULES } from "./rules.js";

test("every rule says when it applies, each in a sentence of its own", () => {
  assert.equal(new Set(RULES.map(({ doc }) => doc)).size, RULES.length);
  for (const { doc } of RULES) assert.match(doc, /^.{20,}\.$/);
});
