// fixtures/findings/timedout under the real Go: a test that is not over when go test would end it has failed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";
import type { Finding } from "../../src/model/finding/finding.js";

const root = new URL("../../../", import.meta.url);

interface Program {
  readonly name: string;
  readonly outcome: string;
  readonly complete: boolean;
  readonly findings: readonly Finding[];
  readonly limits: readonly string[];
}

interface Answer {
  readonly status: number | null;
  readonly programs: ReadonlyMap<string, Program>;
}

function explored(folder: string, ...words: readonly string[]): Answer {
  const argv = [BIN, "test", "--no-native", "--budget=120s", "--schedules=20", "--json", ...words, `./${folder}`];
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { cwd: fileURLToPath(new URL("fixtures/findings", root)), encoding: "utf8" });
  assert.notEqual(stdout, "", stderr);
  const { programs } = JSON.parse(stdout) as { readonly programs: readonly Program[] };
  return { status, programs: new Map(programs.map((one) => [one.name, one])) };
}

const outcomes = ({ programs }: Answer): Readonly<Record<string, string>> => Object.fromEntries([...programs].map(([name, { outcome }]) => [name, outcome]));
const SOME = "-run=TestHangsBesideTicker|TestSleeps";

test("by virtual time: after go test's ten minutes it has failed, and is not explored completely where it never ends; where it waits is said", () => {
  const answer = explored("timedout", SOME);
  assert.equal(answer.status, 1);
  assert.deepEqual(outcomes(answer), { TestHangsBesideTicker: "timed out", TestSleepsTooLong: "timed out", TestSleeps: "passed" });
  const hangs = answer.programs.get("TestHangsBesideTicker")!;
  assert.equal(hangs.complete, false);
  assert.deepEqual(hangs.limits, ["timed out: not over after 10m of virtual time, when go test ends a test (-timeout); it waits at timedout_test.go:21 (chan receive)"]);
});

test("-timeout of the pasted line holds: longer, shorter, none", () => {
  assert.deepEqual(outcomes(explored("timedout", SOME, "-timeout=20m")), { TestHangsBesideTicker: "timed out", TestSleepsTooLong: "passed", TestSleeps: "passed" });
  assert.deepEqual(outcomes(explored("timedout", SOME, "-timeout", "1m")), { TestHangsBesideTicker: "timed out", TestSleepsTooLong: "timed out", TestSleeps: "timed out" });
  const none = explored("timedout", SOME, "-timeout=0");
  assert.deepEqual(outcomes(none), { TestHangsBesideTicker: "never ends", TestSleepsTooLong: "passed", TestSleeps: "passed" });
  assert.equal(none.status, 0);
});

test("parallel subtests that wait for their parent are consequences of the one that it waits for", () => {
  const [finding] = explored("timedout", "-run=TestParallelBeside").programs.get("TestParallelBeside")!.findings;
  assert.deepEqual([finding!.verdict, finding!.cause, finding!.goroutines], ["deadlock", "select-without-cases", 1]);
  assert.deepEqual(finding!.consequences?.map(({ goroutines, why }) => [goroutines, why]), [[2, "waits in t.Parallel for its parent test, which waits in t.Run for goroutine 1.1.3 (example.test/findings/timedout.TestParallelBeside.func2)"]]);
});
