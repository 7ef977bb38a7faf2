import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../model/run/outcome.js";
import { diagnosed, QUIET, said, type DiagnosisCase } from "../testing/diagnosed.js";
import type { DiagnosisContext } from "./diagnosis-context.js";

const BLOCKED = (flag: string): string => `1 starts 1.1 main.f at a.go:1\n1.1 left recv c at a.go:9 : ${flag}`;
const HORIZON: Outcome = { kind: "horizon", scopeOver: true, cutShort: 0 };
const MAIN_GOES_ON: Outcome = { kind: "horizon", scopeOver: false, cutShort: 0 };
const CUT_OFF: Outcome = { kind: "horizon", scopeOver: false, cutShort: 0, limit: "time" };
const inTest: Partial<DiagnosisContext> = { closedWorld: false, test: "TestX", package: "p" };

const VERDICTS: readonly DiagnosisCase[] = [
  { name: "V5 unreachable is leaked, in a test too", run: BLOCKED("unreachable"), context: inTest, want: ["leaked receive-without-sender x1"] },
  { name: "V5 reachable is lingering, in a main too", run: BLOCKED("reachable"), want: ["lingering receive-without-sender x1"] },
  { name: "V5 no collection: leaked in the closed world of a main", run: BLOCKED(""), want: ["leaked receive-without-sender x1"] },
  { name: "V5 no collection: abandoned in a test", run: BLOCKED(""), context: inTest, want: ["abandoned receive-without-sender x1"] },
  { name: "V6 horizon: unreachable is leaked", run: BLOCKED("unreachable"), outcome: MAIN_GOES_ON, want: ["leaked receive-without-sender x1"] },
  { name: "V6 horizon, main goes on: a reachable one may yet be woken", run: BLOCKED("reachable"), outcome: MAIN_GOES_ON, want: [] },
  { name: "V6 horizon, no collection, scope over: abandoned", run: BLOCKED(""), outcome: HORIZON, want: ["abandoned receive-without-sender x1"] },
  { name: "V1 one that was there before is never blamed", run: "0.3 left recv c at a.go:9 : unreachable", want: [] },
  {
    name: "V1 nor is os/signal's",
    run: "1.1 left recv c at sig.go:1 in os/signal.loop : reachable",
    want: [],
  },
  { name: "V2 the scope's own: deadlock", run: "1 left recv c at a.go:9", outcome: { kind: "deadlock" }, want: ["deadlock receive-without-sender x1"] },
  { name: "V2 while others go on: deadlock, where the collection proves it", run: `1 left recv c at a.go:9 : unreachable`, outcome: CUT_OFF, want: ["deadlock receive-without-sender x1"] },
  { name: "V2 while others go on one that can be reached may yet be woken", run: "1 left recv c at a.go:9 : reachable", outcome: CUT_OFF, want: [] },
  { name: "V2 so without a collection", run: "1 left recv c at a.go:9", outcome: CUT_OFF, want: [] },
  { name: "V2 a run that was cut off for its length, or waits for the outside, says nothing", run: "1 left recv c at a.go:9 : unreachable", outcome: { ...CUT_OFF, limit: "outside" }, want: [] },
  {
    name: "F3 while others go on: only who waits for it belongs to it",
    run: `1 starts 1.1 main.f at a.go:1
          1 starts 1.2 main.g at a.go:2
          1 left recv c at a.go:9 : unreachable
          1.1 left send d at a.go:3 : unreachable`,
    outcome: CUT_OFF,
    want: ["deadlock receive-without-sender x1", "leaked send-without-receiver x1"],
  },
  { name: "V3 sleeping at rest: cut short, a note", run: "1.1 left sleep at a.go:9 : sleeping", want: ["cut-short unknown x1"] },
  { name: "V3 sleeping at the horizon: runaway (row 32)", run: "1.1 left sleep at a.go:9 : sleeping", outcome: HORIZON, want: ["runaway loop-without-exit x1"] },
  { name: "V3 a worker while main goes on: nothing", run: "1.1 left sleep at a.go:9 : sleeping", outcome: MAIN_GOES_ON, want: [] },
  { name: "only a number of cut-short goroutines is known", run: "", outcome: { kind: "quiescent", exitCode: 0, cutShort: 2 }, want: ["cut-short unknown x2"] },
  { name: "after a panic nothing is called leaked", run: BLOCKED("unreachable"), outcome: { kind: "panic", message: "boom", stack: [] }, want: ["panics unknown x1"] },
  { name: "an exit in the middle that the natural schedule does not have", run: "", outcome: { kind: "exit", exitCode: 3 }, context: { natural: QUIET }, want: ["flaky unknown x1"] },
  { name: "the same exit in the natural schedule is the program's own business", run: "", outcome: { kind: "exit", exitCode: 3 }, context: { natural: { kind: "exit", exitCode: 3 } }, want: [] },
  { name: "a failed assertion is flaky, and leaks beside it are still found", run: BLOCKED("unreachable"), outcome: { kind: "failed", cutShort: 0 }, context: { ...inTest, natural: QUIET }, want: ["flaky unknown x1", "leaked receive-without-sender x1"] },
  { name: "a test that fails in the natural schedule is failed, not flaky", run: "", outcome: { kind: "failed", cutShort: 0 }, context: inTest, want: [] },
  {
    name: "V2 in a test the scope's own is the one that package testing started; who waits for a subtest waits for its end",
    run: `1 left recv d at testing.go:1 in testing.(*T).Run < testing.runTests testing.go:2
          1.1 left recv s at testing.go:1 in testing.(*T).Run < p.TestX x_test.go:5 < testing.tRunner testing.go:9
          1.1.1 left recv c at x_test.go:7 in p.TestX.func1 < testing.tRunner testing.go:9`,
    outcome: { kind: "deadlock" },
    context: inTest,
    want: ["deadlock receive-without-sender x1"],
  },
];

for (const { name, run, want, outcome, context } of VERDICTS) {
  test(`verdict: ${name}`, () => assert.deepEqual(said(diagnosed(run, outcome, context)), want));
}

test("a spinning goroutine is named with the place where it spins", () => {
  const stack = [{ function: "main.spin", file: "a.go", line: 4 }];
  const [found, ...more] = diagnosed("", { kind: "runaway", goroutine: "1.1" as never, stack, scopeOver: true });
  assert.deepEqual(more, []);
  assert.equal(found?.cause, "loop-without-exit");
  assert.deepEqual(found?.blocked, { reason: "running", function: "main.spin", file: "a.go", line: 4 });
});

test("a failed assertion is shown with the test's own words and line", () => {
  const [found] = diagnosed("", { kind: "failed", cutShort: 0 }, { ...inTest, natural: QUIET, output: "--- FAIL: TestX\n    x_test.go:12: got 3, want 4\n" });
  assert.deepEqual(found?.blocked, { reason: "test failed", function: "TestX", file: "x_test.go", line: 12 });
  assert.equal(found?.message, "got 3, want 4");
  assert.deepEqual(found?.evidence, ["the test passes in the natural schedule and fails in this one"]);
});
