import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SKIPPED, type Coverage, type Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import type { LearnedTest } from "../../model/results/learned.js";
import { learnedText } from "../../report/soak/text.js";
import { learn, nextRound } from "./learn.js";
import { LearnedFile } from "./learned-file.js";

const finding = (line: number, verdict: Finding["verdict"] = "leaked"): Finding => ({
  verdict, cause: "unknown", evidence: [], goroutines: 1, stack: [], blocked: { function: "shop.pull", file: "/shop/feed.go", line, reason: "chan send", objects: [] } as unknown as Finding["blocked"],
});
const examined = (coverage: Partial<Coverage>, ...findings: readonly Finding[]): Examination => ({
  name: "TestX", package: "shop", outcome: "passed", findings, limits: [], coverage: { schedules: 100, complete: false, bounds: [], depth: 10, milliseconds: 1000, stoppedBy: "time", ...coverage },
});

test("a round adds to what was known; new is a finding, or a longer run", () => {
  const first = learn(undefined, examined({}), 1)!;
  assert.deepEqual(first, { package: "shop", name: "TestX", at: 1, rounds: 1, schedules: 100, milliseconds: 1000, depth: 10, complete: false, findings: [], news: 1, newAt: { schedules: 100, milliseconds: 1000 } });
  const second = learn(first, examined({ schedules: 300, milliseconds: 3000 }, finding(41), finding(50, "lingering")), 2)!;
  assert.deepEqual(second.findings, [{ id: second.findings[0]!.id, words: "leaked: shop.pull feed.go:41", at: 2, schedules: 300 }]); // a note is none
  const third = learn(second, examined({ schedules: 700, milliseconds: 7000 }, finding(41)), 3)!;
  assert.deepEqual([third.rounds, third.news, third.newAt, third.findings], [3, 2, { schedules: 300, milliseconds: 3000 }, second.findings]);
  assert.equal(learn(third, examined({ schedules: 900, depth: 11 }), 4)!.newAt.schedules, 900);
});

test("coverage of choices: what the last round says, for it holds those before it; where it was not counted, nothing is said", () => {
  const first = learn(undefined, examined({ pairs: ["a", "b+", "c"] }), 1)!;
  assert.deepEqual(first.choices, { pairs: 3, both: 1 });
  const second = learn(first, examined({ schedules: 200, pairs: ["a+", "b+", "c", "d"] }), 2)!;
  assert.deepEqual(second.choices, { pairs: 4, both: 2 });
  assert.deepEqual([first.news, second.news, second.newAt.schedules], [2, 3, 200], "it is new, as a longer run is");
  assert.equal(learn(second, examined({ schedules: 300, pairs: ["a+", "b+", "c", "d"] }), 3)!.news, 3);
  assert.deepEqual(learn(second, examined({ schedules: 300 }), 3)!.choices, second.choices); // by an earlier unpark
  assert.deepEqual(learn(second, examined({ stoppedBy: "interrupted", schedules: 300, pairs: ["a"] }, finding(41)), 3)!.choices, second.choices);
  assert.equal("choices" in learn(undefined, examined({}), 1)!, false);
});

test("nothing is learned from a test that was left out, or a result that was known", () => {
  const known = learn(undefined, examined({}), 1)!;
  assert.equal(learn(known, examined({ stoppedBy: SKIPPED, schedules: 0 }), 2), undefined);
  assert.equal(learn(known, examined({ cached: true }), 2), undefined);
  assert.equal(learn(undefined, examined({ cached: true }), 2)?.schedules, 100);
});

test("of what was interrupted only findings count; fewer schedules than before are another build's", () => {
  const known = learn(undefined, examined({ schedules: 500 }, finding(41)), 1)!;
  assert.equal(learn(known, examined({ stoppedBy: "interrupted", schedules: 600 }, finding(41)), 2), undefined);
  const more = learn(known, examined({ stoppedBy: "interrupted", schedules: 600 }, finding(42)), 2)!;
  assert.deepEqual([more.schedules, more.findings.length, more.complete], [500, 2, false]);
  const another = learn(known, examined({ schedules: 200 }), 3)!;
  assert.deepEqual([another.rounds, another.schedules, another.findings], [1, 200, []]);
  // All that there are may be fewer than were tried at random before.
  assert.deepEqual([learn(known, examined({ schedules: 12, complete: true }), 3)!.rounds, learn(known, examined({ schedules: 12, complete: true }), 3)!.findings.length], [2, 1]);
});

const known = (name: string, quiet: number, more: Partial<LearnedTest> = {}): LearnedTest => ({
  package: "shop", name, at: 1, rounds: 1, schedules: 1, milliseconds: 10_000 + quiet, depth: 1, complete: false, findings: [], news: 1, newAt: { schedules: 1, milliseconds: 10_000 }, ...more,
});
const rest = (tests: readonly LearnedTest[], threads = 1): readonly unknown[] => {
  const next = nextRound(tests, threads, 3000);
  return next === undefined ? [] : [next.rest.map(({ name }) => name), next.budget];
};

test("deepest where least is known: a third of the open tests, those in which something new was seen last, each for as long again", () => {
  const tests = [known("A", 9000), known("B", 100), known("C", 5000), known("D", 4000), known("E", 70_000), known("F", 2000), known("G", 0, { complete: true })];
  assert.deepEqual(rest(tests), [["A", "C", "D", "E", "G"], 3000]);
  assert.deepEqual(rest(tests, 4), [["A", "E", "G"], 5000]); // every thread has one
  assert.deepEqual(rest([known("E", 7e6)]), [[], 600_000]);
  assert.deepEqual(rest([known("G", 0, { complete: true })]), []);
  // A subtest is not left out by itself: its test stands for it.
  assert.deepEqual(rest([known("A", 9000, { complete: true }), known("A/x", 10), known("B", 5000)]), [["B"], 3000]);
});

test("the file: the last word on each test, though the last line was cut off; written anew where most is out of date", () => {
  const folder = mkdtempSync(join(tmpdir(), "unpark-soak-"));
  try {
    const path = join(folder, "made", "soak.jsonl");
    const open = (): LearnedFile => {
      const opened = LearnedFile.open(path);
      assert.ok(opened.ok);
      return opened.value;
    };
    const first = open();
    for (let n = 0; n < 150; n++) first.put(known(n % 2 === 0 ? "A" : "B", n));
    assert.ok(readFileSync(path, "utf8").split("\n").length < 123);
    appendFileSync(path, '{"package":"shop","name":"C","fin');
    assert.deepEqual(open().tests().map(({ name, milliseconds }) => [name, milliseconds]), [["A", 10_148], ["B", 10_149]]);
    assert.equal(LearnedFile.open(join(path, "below")).ok, false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what it says: those with findings first, then what is known least", () => {
  assert.equal(learnedText([known("A", 0, { schedules: 2000, complete: true, choices: { pairs: 1, both: 1 } }), known("B", 5000, { schedules: 1500, choices: { pairs: 1040, both: 31 } }), known("C", 0, { findings: [{ id: "x", words: "leaked: f f.go:1", at: 0, schedules: 7 }] })]), [
    "3 tests: 1 explored completely, 2 open; 3,501 schedules in 35 s; 1 finding",
    "  C (shop): 1 schedule in 1 round and 10 s, longest run 1 step; something new once",
    "    leaked: f f.go:1; 1970-01-01T00:00Z, within 7 schedules",
    "  B (shop): 1,500 schedules in 1 round and 15 s, longest run 1 step; something new once, not in the last 1,499 schedules; 31 of 1,040 pairs of choices tried both ways",
    "  A (shop): explored completely (2,000 schedules); 1 of 1 pair of choices tried both ways",
    "",
  ].join("\n"));
});
