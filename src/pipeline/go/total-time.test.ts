import assert from "node:assert/strict";
import { test } from "node:test";
import { ok } from "../../base/result.js";
import { BY_SUBTESTS, type Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";
import type { ModuleSpec, ProgramRef } from "./module-spec.js";
import { ProgramExplorer } from "./program-explorer.js";
import { isOpen, TOTAL_ENDED, TotalTime } from "./total-time.js";

class FakeWall {
  at = 0;
  now(): number {
    return this.at;
  }
  turn(): Promise<void> {
    return Promise.resolve();
  }
}

test("T1: equal shares of half of the time; what is not left is not given", () => {
  const wall = new FakeWall();
  const time = new TotalTime(10_000, 2, wall);
  assert.deepEqual([time.left, time.first(100), time.first(1), time.first(10_000)], [9_500, 100, 5_000, 100]);
  wall.at = 9_000;
  assert.deepEqual([time.left, time.first(2)], [500, 500]);
  wall.at = 20_000;
  assert.deepEqual([time.left, time.next(1)], [0, undefined]);
});

test("T0: while packages are to be built, little more than the natural schedule", async () => {
  const { explorer, own, asked } = explored(10_000);
  explorer.isBuilding = true;
  await all({ explorer, own });
  assert.deepEqual(asked.map(([, budget]) => budget), [100, 100, 100]);
});

test("T2: half of what is left in each round, all of it in the fourth", () => {
  const time = new TotalTime(10_000, 2, new FakeWall());
  assert.equal(time.next(0), undefined);
  assert.deepEqual([time.next(10), time.next(10), time.next(1), time.next(10)].map((each) => Math.round(each!)), [808, 808, 4_038, 1_615]);
});

test("another round adds only to what time alone ended", () => {
  const table: readonly (readonly [boolean, string | undefined, boolean])[] = [
    [true, undefined, false], [false, "time: raise --budget", true], [false, "schedules: raise --schedules", false], [false, BY_SUBTESTS, false], [false, "interrupted", false], [false, undefined, false],
  ];
  for (const [complete, stoppedBy, expected] of table) assert.equal(isOpen({ schedules: 1, complete, bounds: [], depth: 0, milliseconds: 0, ...(stoppedBy === undefined ? {} : { stoppedBy }) }), expected, stoppedBy);
});

const spec = { package: "p", name: "p" } as ModuleSpec;
const settings: ExploreSettings = { budget: Infinity, workers: 2, seed: 1, clock: { kind: "lazy" } };
const finding = (line: number): Finding => ({ verdict: "leaked", cause: "unknown", evidence: [], goroutines: 1, blocked: { reason: "chan send", function: "f", file: "f.go", line }, stack: [] });

/** Programs 0: complete at once; 1: never; 2: never, and finds something in its second round. Each takes all that it gets. */
function explored(total: number | undefined, end = Infinity) {
  const wall = new FakeWall();
  const asked: (readonly [index: number, budget: number, seed: number])[] = [];
  const naturals: number[] = [];
  const ended = new AbortController();
  const pool = {
    examine: (_: ModuleSpec, { index }: ProgramRef, given: ExploreSettings | (() => ExploreSettings)) => {
      const { budget, seed, natural = 0 } = typeof given === "function" ? given() : given;
      naturals.push(natural - Math.max(budget, Math.min(3_000, time.total?.time.left ?? Infinity)));
      if (wall.at >= end) return Promise.resolve(undefined);
      asked.push([index, Math.round(budget), seed]);
      wall.at += index === 0 ? 1 : budget / 2;
      if (wall.at >= end) ended.abort();
      const round = asked.filter(([one]) => one === index).length;
      const findings = index === 2 && round >= 2 ? [finding(round)] : [];
      const coverage = { schedules: 5, complete: index === 0, bounds: [], depth: 1, milliseconds: 1, ...(index === 0 ? {} : { stoppedBy: wall.at >= end ? "interrupted" : "time: raise --budget" }) };
      const examination: Examination = { name: `T${index}`, package: "p", outcome: "passed", findings, limits: [], coverage };
      return Promise.resolve(ok(examination));
    },
  };
  const time = total === undefined ? {} : { total: { time: new TotalTime(total, 2, wall), text: `${total}ms`, ended: ended.signal } };
  const own = total === undefined ? { ...settings, budget: 3_000 } : settings;
  const explorer = new ProgramExplorer(pool, { command: "test", cwd: "/", env: {}, patterns: ["p"], args: [], settings: own, unparkVersion: "0", ...time }, {}, 3);
  return { explorer, own, asked, naturals };
}

const all = ({ explorer, own }: { readonly explorer: ProgramExplorer; readonly own: ExploreSettings }) => Promise.all([0, 1, 2].map((index) => explorer.explore({ spec, name: `T${index}`, which: { index }, settings: own })));

test("without a total each program is explored once, with its budget", async () => {
  const { explorer, own, asked } = explored(undefined);
  await all({ explorer, own });
  await explorer.furtherRounds();
  assert.deepEqual(asked, [[0, 3_000, 1], [1, 3_000, 1], [2, 3_000, 1]]);
});

test("T1, T2: a complete program is never run again; others are, with seeds of their own, most where something was found", async () => {
  const { explorer, own, asked, naturals } = explored(10_000);
  const first = await all({ explorer, own });
  await explorer.furtherRounds();
  assert.deepEqual(new Set(naturals), new Set([0]), "in each round the natural run may take 3 s, or what is left");
  assert.equal(asked.filter(([index]) => index === 0).length, 1);
  const rounds = (index: number): readonly number[] => asked.filter(([one]) => one === index).map(([, budget]) => budget);
  assert.equal(rounds(1)[1], rounds(2)[1], "equal shares while neither found anything");
  assert.equal(rounds(2)[2], rounds(1)[2]! * 2, "then twice as much");
  assert.deepEqual(asked.filter(([index]) => index === 1).map(([, , seed]) => seed), rounds(1).map((_, i) => i + 1));
  const results = explorer.results(first.flatMap(({ examinations }) => examinations));
  assert.deepEqual(results.map(({ coverage }) => coverage.stoppedBy), [undefined, TOTAL_ENDED, TOTAL_ENDED]);
  assert.deepEqual([results[2]!.coverage.schedules, results[2]!.findings.length], [5 * rounds(2).length, rounds(2).length - 1]);
});

test("T5: a test of which some subtests were not begun counts as ended by the total, for it was run with them", async () => {
  const wall = new FakeWall();
  const ended = AbortSignal.abort();
  const coverage = { schedules: 1, complete: false, bounds: [], depth: 1, milliseconds: 1, stoppedBy: BY_SUBTESTS };
  const pool = { examine: (_: ModuleSpec, { subtest }: ProgramRef) => Promise.resolve(subtest === "T/b" ? undefined : ok({ name: subtest ?? "T", package: "p", outcome: "passed", findings: [], limits: [], coverage, ...(subtest === undefined ? { subtests: ["T/a", "T/b"] } : {}) })) };
  const request = { command: "test" as const, cwd: "/", env: {}, patterns: ["p"], args: [], settings, unparkVersion: "0" };
  const program = { spec, name: "T", which: { index: 0 }, settings };
  const within = await new ProgramExplorer(pool, { ...request, total: { time: new TotalTime(1_000, 2, wall), text: "1s", ended } }, {}, 1).explore(program);
  assert.deepEqual([within.begun, within.left ?? [], within.examinations[0]!.coverage.stoppedBy, within.examinations[0]!.limits.length], [true, [], TOTAL_ENDED, 1]);
  const interrupted = await new ProgramExplorer(pool, request, {}, 1).explore(program);
  assert.deepEqual([interrupted.begun, interrupted.left?.map(({ program: name }) => name), interrupted.examinations[0]!.coverage.stoppedBy], [false, ["T/b"], BY_SUBTESTS]);
});

test("T4: what was not begun is named", async () => {
  const { explorer, own } = explored(10_000, 1_000);
  const parts = await all({ explorer, own });
  assert.deepEqual(parts.map(({ begun, left }) => [begun, left?.map(({ program }) => program)]), [[true, []], [true, []], [false, ["T2"]]]);
});
