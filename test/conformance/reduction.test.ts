// The explorer on TypeScript programs: hand-checkable counts, reduction against plain search over all programs of the
// conformance, and the swap test (P3): what the footprints call independent commutes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Chan, go, sync } from "../../src/index.js";
import { explore } from "../../src/explore/explorer.js";
import { DporSearch } from "../../src/explore/dpor/dpor-search.js";
import { Random } from "../../src/explore/strategies/random.js";
import { swapTest } from "../../src/explore/testing/swap.js";
import type { Program, Run } from "../../src/model/run/program.js";
import type { Schedule } from "../../src/model/run/schedule.js";
import { ControlledProgram } from "../../src/runtime/control/controlled-program.js";
import { everySchedule } from "../../src/runtime/testing/depth-first.js";
import { PROGRAMS } from "./programs.js";
import { told } from "./told.js";
import { typescript } from "./to-typescript.js";

const CLOCK = { kind: "any", early: 1_000 } as const;

async function reduced(program: Program): Promise<{ readonly schedules: number; readonly outcomes: readonly string[] }> {
  const outcomes = new Set<string>();
  let printed = "";
  const decoder = new TextDecoder();
  const whole: Program = {
    name: program.name,
    start(): Run | Promise<Run> {
      printed = "";
      return program.start({ output: (_stream, bytes) => (printed += decoder.decode(bytes)) });
    },
  };
  const { coverage } = await explore(whole, { strategy: new DporSearch(CLOCK), clock: CLOCK, budget: 60_000 }, ({ outcome }) => {
    if (outcome !== undefined) outcomes.add(told({ outcome, printed }));
    return [];
  });
  assert.ok(coverage.complete, coverage.stoppedBy);
  return { schedules: coverage.schedules, outcomes: [...outcomes].sort() };
}

describe("schedules of TypeScript programs that differ, counted by hand", () => {
  const COUNTS: Readonly<Record<string, readonly [number, () => unknown]>> = {
    // Nothing in common: every order is the same.
    "four goroutines with nothing in common: 1": [1, () => {
      for (let i = 0; i < 4; i++) {
        const ch = new Chan<number>(1);
        go(() => ch.send(i));
      }
    }],
    // Waiting is no event, so a critical section is not interleaved: only who is first.
    "two that take and release one lock: 2": [2, () => {
      const mu = new sync.Mutex();
      for (let i = 0; i < 2; i++) {
        go(async () => {
          await mu.lock();
          await mu.unlock();
        });
      }
    }],
    "two readers of one RWMutex: 1": [1, () => {
      const mu = new sync.RWMutex();
      for (let i = 0; i < 2; i++) {
        go(async () => {
          await mu.rlock();
          await mu.runlock();
        });
      }
    }],
    "three senders into one buffered channel: 3! = 6": [6, () => {
      const ch = new Chan<number>(3);
      for (let i = 0; i < 3; i++) go(() => ch.send(i));
    }],
    "three locks: 3! = 6": [6, () => {
      const mu = new sync.Mutex();
      for (let i = 0; i < 3; i++) {
        go(async () => {
          await mu.lock();
          await mu.unlock();
        });
      }
    }],
  };
  for (const [name, [count, body]] of Object.entries(COUNTS)) {
    it(name, async () => assert.equal((await reduced(new ControlledProgram(body))).schedules, count));
  }
});

describe("reduction finds what plain search finds", () => {
  for (const description of PROGRAMS) {
    it(description.name, async () => {
      const program = new ControlledProgram(typescript(description));
      const plain = new Set((await everySchedule(program, 5_000, { blocked: false })).map(told));
      assert.deepEqual((await reduced(program)).outcomes, [...plain].sort());
    });
  }
});

it("independent neighbours commute in every program", async () => {
  let swaps = 0;
  for (const description of PROGRAMS) {
    const program = new ControlledProgram(typescript(description));
    const schedules: Schedule[] = [];
    await explore(program, { strategy: new Random(1, 3), clock: CLOCK, budget: 60_000 }, (end) => {
      if (end.outcome?.kind !== "panic") schedules.push(end.schedule.slice());
      return [];
    });
    for (const schedule of schedules) {
      const report = await swapTest(program, schedule, 6, 1);
      assert.deepEqual(report.failures, [], description.name);
      swaps += report.swaps;
    }
  }
  assert.ok(swaps > 100, `${swaps} swaps`);
});
