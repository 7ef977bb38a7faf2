import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PictureStep, SchedulePicture } from "../../model/run/schedule-picture.js";
import { pictureRows, type PictureRows, type RowFilter } from "./picture-rows.js";
import { pictureWords } from "./picture-words.js";
import { stepWords } from "./step-words.js";

const step = (lane: number, text: string, more: Partial<PictureStep> = {}): PictureStep => ({ lane, text, time: 0, stack: [], objects: [], user: true, past: true, ...more });
const PICTURE: SchedulePicture = {
  program: "TestX", schedule: "u1", arrows: [], objects: ["channel A", "mutex B"], holds: [], frames: [], sources: {},
  lanes: [{ name: "1", entry: "main.main", from: -1, end: "ended", to: 4 }, { name: "1.1", entry: "main.a", from: 0, end: "subject" }],
  steps: [step(0, "starts 1.1"), step(0, "locks B", { past: false, objects: [1] }), step(1, "locks a list", { user: false }), step(1, "sends on A", { objects: [0] }), step(-1, "clock: +1s", { past: false })],
};
const FILTER: RowFilter = { all: false, library: false, word: "", lane: -1, object: -1 };
const rows = (filter: Partial<RowFilter>): PictureRows => pictureRows(PICTURE, { ...FILTER, ...filter }, pictureWords(PICTURE), stepWords);
const told = (filter: Partial<RowFilter>): string =>
  rows(filter).rows.map((row) => (row.kind === "step" ? String(row.step) : row.kind === "fold" ? `(${row.from}-${row.to})` : `end ${row.lane}`)).join(" ");

describe("the rows of a picture", () => {
  for (const [what, filter, expected] of [
    ["what was found depends on them, and the user asked for them", {}, "0 (1-2) 3 (4-4) end 1"],
    ["all of the user's", { all: true }, "0 1 (2-2) 3 4 end 1"],
    ["all", { all: true, library: true }, "0 1 2 3 4 end 1"],
    ["a word, also where nothing depends on it", { word: "locks" }, "(0-0) 1 (2-4)"],
    ["a goroutine", { lane: 1 }, "(0-2) 3 (4-4)"],
    ["an object, with steps of libraries", { object: 1, library: true }, "(0-0) 1 (2-4)"],
    ["nothing fits", { word: "nowhere" }, "(0-4)"],
  ] as const) {
    it(what, () => assert.equal(told(filter), expected));
  }

  it("a step that is folded is at its fold's row", () => {
    const { at, ofStep } = rows({});
    assert.deepEqual([0, 1, 2, 3, 4].map(at), [0, 1, 1, 2, 3]);
    assert.deepEqual([...ofStep.keys()], [0, 3]);
  });
});
