import assert from "node:assert/strict";
import { test } from "node:test";
import { goroutineName } from "../../model/ids.js";
import type { Step } from "../../model/finding/finding.js";
import { folded } from "./folded-steps.js";

/** `@` is the clock, anything else a step of main's with that text. */
const steps = (text: string): Step[] =>
  text.split(" ").map((word, i) => (word === "@" ? { number: i + 1, text: `clock: + ${i}s to ${i * i}s` } : { number: i + 1, goroutine: goroutineName("1"), text: word, file: "a.go", line: 1 }));
const shown = (told: readonly Step[]): string => told.map(({ text, number }) => (text.startsWith("…") ? `(${text})` : text.startsWith("clock:") ? `@${number}` : `${text}${number}`)).join(" ");

const ROWS: readonly (readonly [string, string, string])[] = [
  ["nothing repeats", "a b c", "a1 b2 c3"],
  ["three times is not folded", "a a a", "a1 a2 a3"],
  ["one step, five times", "a a a a a", "a1 a2 (… the same 3 more times …)"],
  ["a round of two, the clock's times differ", "x @ a @ a @ a @ a y", "x1 @2 a3 @4 a5 (… these 2 steps 2 more times …) y10"],
  ["the longest cover wins over a shorter one inside", "a a b a a b a a b a a b", "a1 a2 b3 a4 a5 b6 (… these 3 steps 2 more times …)"],
  ["two loops one after the other", "a a a a b b b b", "a1 a2 (… the same 2 more times …) b5 b6 (… the same 2 more times …)"],
  ["a started round is told", "a b a b a b a b a", "a1 b2 a3 b4 (… these 2 steps 2 more times …) a9"],
  ["none", "a", "a1"],
];

test("what repeats itself is told twice, then counted", () => {
  for (const [what, before, after] of ROWS) assert.equal(shown(folded(steps(before))), after, what);
});
