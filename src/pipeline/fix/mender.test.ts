import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ok } from "../../base/result.js";
import type { Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import type { FixCandidate, FixTrial, PatchedFile, Way } from "../../model/results/fix.js";
import { Mender } from "./mender.js";
import type { Trial } from "./trial.js";

// A file of letters in the place of a program: each step adds one, and a patch holds where the letters say so.
const folder = mkdtempSync(join(tmpdir(), "unpark-mender-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "a.go");
writeFileSync(file, "begin\nend\n");

const finding = (line: number): Finding => ({ verdict: "leaked", cause: "send-without-receiver", evidence: [], goroutines: 1, seen: 1, stack: [], package: "p", blocked: { reason: "chan send", function: "p.f", file, line } });
const program: Examination = { name: "TestX", package: "p", outcome: "passed", findings: [finding(1)], limits: [], coverage: { schedules: 2, complete: true, bounds: [], depth: 3, milliseconds: 1 } };
const defect = [{ program, finding: finding(1) }];
const candidate = (way: Way, text: string, offset = 6): FixCandidate => ({ way, edits: [{ file, offset, length: 0, text: `${text}\n` }], facts: {} });

/** `holds` decides by the file's text; all others show a finding whose line is the number of lines. */
function mender(holds: (text: string) => boolean, ways: readonly [Way, string][], verdict: Finding["verdict"] = "leaked") {
  const tried: string[] = [];
  const prover = {
    try: async ([patched]: readonly PatchedFile[]): Promise<Trial> => {
      const text = patched!.after;
      tried.push(text.split("\n").slice(1, -2).join(""));
      if (holds(text)) return { proof: { schedules: 2, complete: true, before: { schedules: 2, complete: true }, programs: 1, checked: "vet" } };
      return { miss: { kind: "new", program: "TestX", schedules: 2, finding: { ...finding(text.split("\n").length), verdict } } };
    },
  };
  const propose = async (_: unknown, patched: readonly PatchedFile[] = []) => ok([{ candidates: ways.map(([way, letter]) => candidate(way, letter, patched[0]!.after.length - "end\n".length)), refused: [] }]);
  return { tried, mender: new Mender({ prover, propose, request: { root: folder, language: "go" }, listener: {} }) };
}

const stepsOf = (trials: readonly FixTrial[]) => trials.filter((one) => "proof" in one).map((one) => [one.candidate.way, ...(one.candidate.then ?? []).map(({ way }) => way)]);

describe("a patch of several steps", () => {
  it("mends what came up under the first, and is proved as one", async () => {
    const { tried, mender: one } = mender((text) => text.includes("a\nb\n"), [["buffer", "a"], ["receive", "b"]]);
    const first = await one.single(defect, [candidate("unlock", "a")]);
    const trials = await one.composed(defect, first);
    assert.deepEqual(stepsOf(trials), [["unlock", "receive"]]);
    assert.deepEqual(tried, ["a", "aa", "ab"]);
    assert.match(trials.at(-1)!.diff, /^\+a\n\+b$/m);
  });
  it("has three at most, and the same text is not tried twice", async () => {
    const { tried, mender: one } = mender((text) => text.includes("a\na\na\na\n"), [["buffer", "a"], ["receive", "a"]]);
    assert.deepEqual(stepsOf(await one.composed(defect, await one.single(defect, [candidate("unlock", "a")]))), []);
    assert.deepEqual(tried, ["a", "aa", "aaa"]);
  });
  it("goes on from no more than twelve patches", async () => {
    const letters = [..."bcdefghijklmnopq"].map((letter): [Way, string] => ["buffer", letter]);
    const { tried, mender: one } = mender(() => false, letters);
    await one.composed(defect, await one.single(defect, [candidate("unlock", "a")]));
    assert.equal(tried.length, 13);
  });
  it("is not asked for where a panic came up", async () => {
    const { tried, mender: one } = mender(() => false, [["buffer", "b"]], "panics");
    await one.composed(defect, await one.single(defect, [candidate("unlock", "a")]));
    assert.deepEqual(tried, ["a"]);
  });
});

it("the patch of another finding is tried, and says whose it is", async () => {
  const { mender: one } = mender((text) => text.includes("a\n"), []);
  const of = finding(9).blocked;
  const [found] = await one.byOthers(defect, [{ of, trial: { candidate: candidate("unlock", "a"), diff: "", proof: { schedules: 2, complete: true, before: { schedules: 2, complete: true }, programs: 1, checked: "vet" } } }]);
  assert.deepEqual([found?.of, found !== undefined && "proof" in found], [of, true]);
});
