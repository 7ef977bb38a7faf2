// The rows of the seed list that are about tests, natively (docs/native.md has the table): what one
// run shows, and what only --stress does.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Report } from "../../src/model/results/examination.js";
import { nativeTest, type NativeRequest } from "../../src/pipeline/native/native.js";
import { withSchedules } from "../../src/pipeline/native/stress-schedules.js";
import { EXAMPLES } from "./packages.js";

/** Folder -> "test: verdict cause xN". Row 23 is not here: it waits 26 s for real, and its server's end lets all go. */
const ROWS: Readonly<Record<string, readonly string[]>> = {
  "11-dump-endpoint": [],
  "13-sum-server": ["TestThreeRequests: leaked send-without-receiver x3"],
  "14-sum-server-fixed": [],
  "17-log-stream": ["TestClientLeaves: leaked receive-without-sender x1"],
  // The test that counts by hand fails; the others do not count, are parallel, and are blamed all the same.
  "18-count-compare": ["TestCountsByHand: leaked send-without-receiver x5, also left by TestDoesNotCount, TestParallelOne, TestParallelTwo"],
  "32-endless-loop": ["TestPoll: lingering unknown x1", "TestSleep: lingering unknown x1", "TestSpin: lingering unknown x1"],
  "35-reentrant-lock": [], // the sketch fails in rare schedules alone: the exploration's
  "39-early-return-fixed": [],
};

const request = (folder: string): NativeRequest => ({ cwd: EXAMPLES, env: process.env, args: ["-vet=off", `./${folder}`], unparkVersion: "test" });
const run = async (asked: NativeRequest): Promise<Report> => (await nativeTest(asked, () => undefined)).report;
const told = ({ examinations }: Report): readonly string[] =>
  examinations
    .flatMap(({ findings }) => findings.map(({ test, verdict, cause, goroutines, evidence }) => [`${test}: ${verdict} ${cause} x${goroutines}`, ...evidence.filter((one) => one.startsWith("also left by"))].join(", ")))
    .sort();

describe("seed rows with tests, natively", () => {
  for (const [folder, findings] of Object.entries(ROWS)) {
    it(folder, async () => assert.deepEqual(told(await run(request(folder))), findings));
  }

  it("38-early-return: a draw of one in two, so --stress finds it, and the explorer a schedule for it", async () => {
    const stressed: NativeRequest = { ...request("38-early-return"), stress: { kind: "runs", runs: 60, cores: 2 } };
    const settings = { budget: 300_000, workers: 1, seed: 1, clock: { kind: "any", early: 3 } } as const;
    const report = await withSchedules(await run(stressed), stressed, settings, {});
    const [finding, ...more] = report.examinations.flatMap(({ findings }) => findings);
    assert.deepEqual(more, []);
    assert.deepEqual([finding!.test, finding!.verdict, finding!.cause], ["TestCoin", "leaked", "early-return"]);
    assert.match(finding!.schedule!, /^u1 /);
  });
});
