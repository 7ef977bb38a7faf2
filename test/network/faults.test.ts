import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { driveRun } from "../../src/explore/engine.js";
import { LAZY_CLOCK } from "../../src/explore/fairness.js";
import { FaultSweep } from "../../src/explore/strategies/faults.js";
import { replay } from "../../src/explore/replay-schedule.js";
import { swapTest } from "../../src/explore/testing/swap.js";
import { isNote } from "../../src/model/finding/finding.js";
import { parseSchedule, type Schedule } from "../../src/model/run/schedule.js";
import type { Fault } from "../../src/model/run/fault.js";
import type { Program } from "../../src/model/run/program.js";
import { examine } from "../../src/pipeline/examine/examine.js";
import { replayProgram } from "../../src/pipeline/go/replay-program.js";
import { buildFixture, fixtureFolder, loadFixture } from "../guest-fixture.js";
import { walk } from "../pending-walk.js";

/** fixtures/faults: code whose tests only take the happy path. */
const FOLDER = fixtureFolder("faults");
let wasm: Uint8Array;
before(async () => {
  wasm = await buildFixture(FOLDER, "tests");
});

function load(name: string, faults: number): Program {
  const module = loadFixture(wasm, ["-test.run=."], { faults });
  return module.program(module.tests.indexOf(name));
}

/** Each run of the sweep: what went wrong in it, and how it ended. */
async function sweep(name: string, faults: number): Promise<readonly { readonly wrong: string; readonly ended: string; readonly schedule: Schedule }[]> {
  const program = load(name, faults);
  const search = new FaultSweep();
  const runs = [];
  for (let beginning = search.begin(); beginning !== undefined; beginning = search.begin()) {
    const end = await driveRun(program, search, beginning, { clock: LAZY_CLOCK, steps: 5_000 });
    runs.push({ wrong: (end.run.wentWrong?.() ?? []).join(), ended: end.outcome?.kind ?? "given up", schedule: end.schedule });
  }
  return runs;
}

const count = (words: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...new Set(words)].sort().map((word) => [word, words.filter((one) => one === word).length]));

describe("what goes wrong is a choice", () => {
  it("the sweep tries each thing at each place once: a dial has three, a write two, a read two or three", async () => {
    const runs = await sweep("TestPool", 1);
    // A dial, and the write of six bytes; the test is over before its server gets to accept.
    const one: Readonly<Record<string, number>> = { "": 1, refused: 1, timeout: 1, silent: 1, reset: 1, cut: 1 };
    assert.deepEqual(count(runs.map(({ wrong }) => wrong)), one);
    // Opened once; each line is longer than the buffer, and written by itself; closed.
    assert.deepEqual(count((await sweep("TestSpoolDrains", 1)).map(({ wrong }) => wrong)), { "": 1, permission: 1, space: 2, close: 1 });
    // A dial, and twice: the write of a line, its read by the server, the write of the answer, and its read.
    const two: Readonly<Record<string, number>> = { "": 1, refused: 1, timeout: 1, silent: 1, reset: 8, cut: 8, short: 4 };
    assert.deepEqual(count((await sweep("TestFeedEnded", 1)).map(({ wrong }) => wrong)), two);
    assert.equal(new Set(runs.map(({ schedule }) => JSON.stringify(schedule))).size, runs.length);
    assert.deepEqual(count(runs.filter(({ ended }) => ended === "deadlock").map(({ wrong }) => wrong)), { refused: 1, timeout: 1 });
  });

  it("none without faults; and two in one run where two may be", async () => {
    assert.deepEqual((await sweep("TestPool", 0)).map(({ wrong }) => wrong), [""]);
    const two = (await sweep("TestPoolGives", 2)).map(({ wrong }) => wrong);
    assert.ok(two.includes("refused,refused") && two.includes("timeout,reset"), two.join(" "));
    assert.ok(two.every((wrong) => wrong.split(",").length <= 2));
  });

  it("a schedule with faults is printed, and done again; without room for a fault it is refused by its step", async () => {
    const schedule = parseSchedule("u1 1.1*2 1.1/d 1.1=1");
    assert.ok(schedule.ok);
    assert.equal((await replay(load("TestPool", 1), schedule.value)).outcome?.kind, "deadlock");
    const refused = await replay(load("TestPool", 0), schedule.value);
    assert.match(typeof refused.stopped === "object" ? refused.stopped.diverged.message : "", /diverges at step 3: the schedule says 1\.1=1/);
  });

  it("steps that do not touch each other commute, those that go wrong too; and the table of who can go on is the slow one's", async () => {
    let swaps = 0;
    for (const { schedule } of await sweep("TestFeedEnded", 1)) {
      const report = await swapTest(load("TestFeedEnded", 1), schedule, 4, 1);
      assert.deepEqual(report.failures, []);
      swaps += report.swaps;
    }
    assert.ok(swaps > 60, `${swaps} swaps`);
    assert.ok(walk(load("TestFeedEnded", 2), 6) > 100);
  });

  it("once as much went wrong as may, nothing more may with those who were stopped before a file already", () => {
    assert.ok(walk(load("TestTwoFiles", 1), 20) > 100);
  });
});

/** What is found with one fault, and the step that the fault is told as. */
const FOUND: Readonly<Record<string, readonly (readonly [found: string, step: RegExp])[]>> = {
  TestMirror: [["leaked net/http.(*persistConn).readLoop", /^connects to address \w+: the connection is refused$/]],
  TestMirrorClosed: [],
  TestFeed: [["leaked faults.(*Feed).read", /^writes to stream \w+: the connection is reset, and nothing is written$/]],
  TestFeedEnded: [],
  TestPool: [["deadlock faults.(*Pool).Get", /^connects to address \w+: the connection is refused$/]],
  TestPoolGives: [],
  TestSpool: [["deadlock faults.Spool", /^(opens a file: it is not permitted|writes to a file: no space is left, and nothing is written)$/]],
  TestSpoolDrains: [],
  TestTwoFiles: [],
  TestStopsItsServer: [],
  TestOwnSlots: [["deadlock faults.TestOwnSlots", /^connects to address \w+: the connection is refused$/]],
};

describe("--faults 1", () => {
  const settings = { budget: 120_000, schedules: 160, workers: 1, seed: 1, clock: LAZY_CLOCK, faults: 1 };
  const about = { package: "faults", lines: () => undefined };

  for (const [test, found] of Object.entries(FOUND)) {
    it(`${test}: ${found.map(([what]) => what).join(", ") || "nothing"}`, async () => {
      const { findings: all, outcome, coverage } = await examine(load(test, 1), { ...about, test, settings });
      const findings = all.filter((one) => !isNote(one));
      assert.equal(outcome, "passed");
      assert.ok(coverage.bounds.includes("at most 1 fault in one run"));
      assert.deepEqual(findings.map(({ verdict, blocked }) => `${verdict} ${blocked.function}`).sort(), found.map(([what]) => what).sort());
      for (const { needsFault, steps = [], schedule = "" } of findings) {
        assert.equal(needsFault, true);
        assert.equal((schedule.match(/=/g) ?? []).length, 1, "one fault is left of each");
        const told = steps.filter(({ text, key }) => key === true && /: (the connection|half|it gets|no answer|it is not permitted|no space)/.test(text));
        assert.equal(told.length, 1);
        assert.match(told[0]!.text, found[0]![1]);
      }
    });
  }

  it("what the test would have stopped in its last line is a note where a fault fails it before", async () => {
    const test = "TestStopsItsServer";
    const { findings } = await examine(load(test, 1), { ...about, test, settings });
    assert.deepEqual(findings.map((one) => [one.verdict, one.blocked.function, one.leftOut, isNote(one)]), [["waiting-outside", "faults.(*Server).accept", true, true]]);
  });

  it("without faults none of them shows", async () => {
    const { findings } = await examine(load("TestPool", 0), { ...about, test: "TestPool", settings: { ...settings, faults: 0 } });
    assert.deepEqual(findings, []);
  });

  it("a test that fails because of a fault is no finding, when it is replayed either", async () => {
    const failing = (await sweep("TestPoolGives", 1)).filter(({ ended }) => ended === "failed");
    assert.ok(failing.length > 0);
    const again = await replayProgram(load("TestPoolGives", 1), failing[0]!.schedule, { ...about, test: "TestPoolGives" });
    assert.ok(again.ok);
    assert.equal(again.value.outcome, "failed");
    assert.deepEqual(again.value.findings, []);
    assert.ok(again.value.drawn?.picture.steps.some(({ text }) => text.includes(": the connection is")));
  });
});

const FAULT_ORDER: readonly Fault[] = ["refused", "timeout", "silent", "reset", "cut", "short", "permission", "space", "close"];
it("numbers of faults are those of schedules that were printed: they never change", async () => {
  const { FAULTS } = await import("../../src/model/run/fault.js");
  assert.deepEqual(FAULTS.slice(0, FAULT_ORDER.length), FAULT_ORDER);
});
