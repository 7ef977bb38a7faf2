import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Coverage, Report } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import type { ExploreRequest } from "../go/explore-request.js";
import { withSchedules } from "./stress-schedules.js";

const coverage: Coverage = { schedules: 200, complete: false, bounds: [], depth: 3, milliseconds: 1 };
const finding = (test: string | undefined, more: Partial<Finding> = {}): Finding => ({
  verdict: "leaked", cause: "send-without-receiver", evidence: ["left by 3 of 200 runs"], goroutines: 3, stack: [],
  blocked: { reason: "chan send", function: "p.f", file: "/w/p/a.go", line: 3 }, package: "p", ...(test === undefined ? {} : { test }), ...more,
});
const report = (findings: readonly Finding[], failures: Report["failures"] = []): Report => ({
  examinations: [{ name: "p", package: "p", outcome: "passed", limits: [], findings, coverage }], failures,
});
const request = { cwd: "/w", env: { GOFLAGS: "-v" }, args: ["-tags=a", "-race", "-short", "-mod=vendor", "./..."], unparkVersion: "0" };
const settings = { budget: 1, workers: 1, seed: 1, clock: { kind: "lazy" } } as const;

async function explored(native: readonly Finding[], answer: (asked: ExploreRequest) => Report) {
  const asked: ExploreRequest[] = [];
  const told = await withSchedules(report(native), request, settings, {}, async (one) => (asked.push(one), answer(one)));
  return { asked, told: told.examinations[0]!.findings };
}
const last = (one: Finding | undefined): string => one?.evidence.at(-1) ?? "";

describe("withSchedules", () => {
  const steps = [{ text: "ends" }];
  const met = finding("TestA", { cause: "early-return", evidence: ["main returned"], goroutines: 1, schedule: "u1 1*3", steps, seen: 4, blocked: { ...finding("").blocked, file: "example.com/w/p/a.go" } });

  it("gives the schedule of the same place, and keeps what stress saw (S1)", async () => {
    const { asked, told } = await explored([finding("TestA/sub")], () => report([met]));
    assert.deepEqual(told, [
      { ...finding("TestA/sub"), cause: "early-return", evidence: ["main returned", "left by 3 of 200 runs", "under control it showed in 4 of 200 schedules (not all: raise --budget)"], schedule: "u1 1*3", steps, program: "TestA" },
    ]);
    const [{ run, patterns, tags, short, env }] = asked as [ExploreRequest];
    assert.deepEqual({ run, patterns, tags, short, flags: env["GOFLAGS"] }, { run: "^TestA$", patterns: ["p"], tags: "a", short: true, flags: "-v -mod=vendor" });
  });

  it("takes a subtest's own schedule where that was explored by itself", async () => {
    const own = { ...met, test: "TestA/sub", schedule: "u1 1*2" };
    const whole = report([met]);
    const { told: [one] } = await explored([finding("TestA/sub")], () => ({ ...whole, examinations: [...whole.examinations, { ...whole.examinations[0]!, name: "TestA/sub", findings: [own] }] }));
    assert.deepEqual([one!.schedule, one!.program], ["u1 1*2", undefined]);
  });

  it("asks for a benchmark with -bench", async () => {
    const { asked } = await explored([finding("BenchmarkA")], () => report([]));
    assert.deepEqual(asked.map(({ run, bench }) => [run, bench]), [["^$", "^BenchmarkA$"]]);
  });

  for (const [title, given, answer, said] of [
    ["another place", finding("TestA"), report([{ ...met, blocked: { ...met.blocked, line: 4 } }]), /^no schedule to replay: the explorer did not meet it in 200 schedules \(not all/],
    ["a failed assertion there", finding("TestA"), report([{ ...met, verdict: "flaky" }]), /did not meet it/],
    ["what cannot be put under control", finding("TestA"), report([], [{ package: "p", message: "starts another process" }]), /^no schedule to replay: starts another process$/],
    ["a test that wasip1 does not have", finding("TestA"), { examinations: [], failures: [] }, /no such test/],
    ["a timer's goroutine", finding(undefined), report([]), /which test it belongs to is not known$/],
  ] as const) {
    it(`says why not: ${title} (S2)`, async () => {
      const { told: [one] } = await explored([given], () => answer);
      assert.equal(one!.schedule, undefined);
      assert.match(last(one), said);
    });
  }

  it("explores each test once, leaks before notes, ten at most, and says of the others how to go on", async () => {
    const many = Array.from({ length: 12 }, (_, i) => finding(`Test${i}`, i === 0 ? { verdict: "lingering" } : {}));
    const { asked, told } = await explored([...many, finding("Test5/again")], () => report([met]));
    assert.deepEqual(asked.map(({ run }) => run), ["^Test1$", "^Test2$", "^Test3$", "^Test4$", "^Test5$", "^Test6$", "^Test7$", "^Test8$", "^Test9$", "^Test10$"]);
    assert.match(last(told[0]), /10 other tests were explored; for this one: unpark test -run '\^Test0\$' p$/);
    assert.equal(told[12]!.schedule, "u1 1*3");
  });
});
