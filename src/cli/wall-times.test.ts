import assert from "node:assert/strict";
import { it } from "node:test";
import type { Examination } from "../model/results/examination.js";
import { reportText } from "../report/exploration/text.js";
import { WallTimes } from "./wall-times.js";

const examination = (name: string, path: string, milliseconds: number, cached = false): Examination => ({
  package: path, name, outcome: "passed", findings: [], limits: [],
  coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds, ...(cached ? { cached } : {}) },
});

it("the seconds behind a package, and those of all, are the wall's where tests were explored side by side", () => {
  let now = 5_000;
  const wall = new WallTimes(() => now);
  const done: Examination[] = [];
  const examined = (at: number, one: Examination): void => {
    now = at;
    wall.examined(one);
    done.push(one);
  };
  examined(65_000, examination("TestA", "example.com/a", 60_000));
  examined(65_000, examination("TestB", "example.com/a", 60_000));
  examined(66_000, examination("TestC", "example.com/b", 1_000));
  examined(66_000, examination("TestOld", "example.com/a", 90_000, true));
  const lines = (text: string): readonly string[] => text.split("\n").filter((line) => /^ok|schedules/.test(line)).map((line) => line.replace(/^.* {2}|^.*\(/, ""));
  assert.deepEqual(lines(reportText({ examinations: done, failures: [] }, { waited: wall.waited() })), ["60.0s", "1.0s", "4 schedules, 61 s)."]);
  // Without them (a merged report, a file that is shown again) they are each test's, together.
  assert.deepEqual(lines(reportText({ examinations: done.slice(0, 3), failures: [] })), ["120.0s", "1.0s", "3 schedules, 2 min 1 s)."]);
});
