import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { SchedulePicture } from "../../model/run/schedule-picture.js";
import { alignSteps } from "./alignment.js";
import { commonSteps } from "./common-steps.js";
import { stepWords } from "./step-words.js";

/** `a b c`: a step each, of goroutines of these names, at a line each. */
function drawn(steps: string, objects = "A"): SchedulePicture {
  const names = [...new Set(steps)].filter((name) => name !== " ").sort();
  return {
    program: "TestX", schedule: "u1", arrows: [], holds: [], objects: [], sources: {},
    lanes: names.map((name) => ({ name, entry: `main.${name}`, from: -1, end: "ended" })),
    steps: [...steps].filter((name) => name !== " ").map((name) => ({ lane: names.indexOf(name), text: `sends on channel ${objects}`, time: 0, stack: [names.indexOf(name)], objects: [], user: true, past: true })),
    frames: names.map((name) => [`main.${name}`, "/m/main.go", name.charCodeAt(0), 0]),
  };
}

/** Two lines, a column for each row; `.` where one has nothing. */
function aligned(here: string, there: string, partsAt: number): readonly string[] {
  const rows = alignSteps(drawn(here), drawn(there, "B"), partsAt, { commonSteps, stepWords });
  const line = (of: string, side: "here" | "there"): string => rows.map((row) => (row[side] === undefined ? "." : of.replaceAll(" ", "")[row[side]])).join("");
  return [line(here, "here"), line(there, "there")];
}

for (const [title, here, there, partsAt, picture] of [
  ["nothing after the common beginning", "ab", "ab", 3, ["ab", "ab"]],
  ["the first difference stands side by side, also where one goes on as the other", "abcd", "acbd", 2, ["abc.d", "ac.bd"]],
  ["one ends sooner", "abc", "a", 2, ["abc", "a.."]],
  ["what one does in between has rows of its own", "xabcabc", "yabzzc", 1, ["xabcab..c", "yab...zzc"]],
  ["the same end is one end", "xaaaa", "yaa", 1, ["xaaaa", "y..aa"]],
] as const) {
  test(title, () => assert.deepEqual(aligned(here, there, partsAt), picture));
}

test("property: each step of both stands in one row, in order; rows of two hold the same step, but for the first difference", () => {
  const steps = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 30 });
  fc.assert(fc.property(steps, steps, steps, (common, one, other) => {
    const [here, there] = [common + one, common + other];
    const rows = alignSteps(drawn(here), drawn(there), common.length + 1, { commonSteps, stepWords });
    for (const [side, text] of [["here", here], ["there", there]] as const) assert.deepEqual(rows.flatMap((row) => row[side] ?? []), [...text].map((_, step) => step));
    for (const [index, row] of rows.entries()) if (row.here !== undefined && row.there !== undefined && index !== common.length) assert.equal(here[row.here], there[row.there]);
  }));
});

test("what is too long to compare is not compared, but its end is aligned", () => {
  const rows = alignSteps(drawn(`x${"a".repeat(3_000)}e`), drawn(`y${"b".repeat(3_000)}e`), 1, { commonSteps, stepWords });
  assert.equal(rows.length, 1 + 6_000 + 1);
  assert.deepEqual(rows.at(-1), { here: 3_001, there: 3_001 });
});
