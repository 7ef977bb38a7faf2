import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { GoroutineName } from "../model/ids.js";
import type { Pending, Program } from "../model/run/program.js";
import { formatSchedule } from "../model/run/schedule.js";
import type { AbleIndex } from "./able-index.js";
import { driveRun } from "./engine.js";
import { DEFAULT_CLOCK, LAZY_CLOCK, type ClockPolicy } from "./fairness.js";
import type { RunEnd, Strategy } from "./strategy.js";
import { STRATEGIES } from "./strategies/registry.js";
import { load, random, rmw, spawn, yields, type ModelProgramText, type Op } from "./testing/model-operations.js";
import { ModelProgram } from "./testing/model-program.js";
import { randomProgram } from "./testing/random-program.js";

/** A model whose runs tell what has changed. `told`: every so many times all may have. */
function telling(text: ModelProgramText, told: number): Program {
  const program = new ModelProgram(text);
  const start: Program["start"] = (options) => {
    const run = program.start(options);
    const [list, take] = [run.pending.bind(run), run.take.bind(run)];
    const orders = new Map<GoroutineName, number>();
    const orderOf = (name: GoroutineName): number => orders.get(name) ?? orders.set(name, orders.size).size - 1;
    const moved = new Set<GoroutineName>();
    const withOrder = (): readonly Pending[] => list().map((one) => (one.goroutine === undefined ? one : { ...one, order: orderOf(one.goroutine) }));
    let known: ReadonlyMap<GoroutineName, string> | undefined;
    let asked = 0;
    return Object.assign(run, {
      pending: withOrder,
      able: () => withOrder().filter(({ alternatives }) => alternatives.length > 0),
      take: (choice: Parameters<typeof take>[0]) => {
        take(choice);
        for (const name of run.last().moved) moved.add(name);
      },
      takeChanged: () => {
        const before = ++asked % told === 0 ? undefined : known;
        const now = withOrder().flatMap((one) => (one.goroutine === undefined ? [] : [[one.goroutine, JSON.stringify(one.alternatives) + String(one.yielding) + String(one.mayBeStraight)] as const]));
        known = new Map(now);
        const changed = before && withOrder().filter(({ goroutine }) => goroutine === undefined || moved.has(goroutine) || before.get(goroutine) !== known!.get(goroutine));
        moved.clear();
        return changed;
      },
    });
  };
  return { name: "telling", start };
}

interface Told {
  readonly schedules: readonly string[];
  /** So often it was asked among many. */
  readonly among: number;
}

function runsOf(program: Program, strategy: Strategy, clock: ClockPolicy): Told {
  let among = 0;
  const nextAmong = strategy.nextAmong?.bind(strategy);
  if (nextAmong !== undefined) Object.assign(strategy, { nextAmong: (able: AbleIndex) => (among++, nextAmong(able)) });
  const schedules = Array.from({ length: 3 }, () => {
    const end = driveRun(program, strategy, strategy.begin()!, { clock, steps: 1_500 }) as RunEnd;
    strategy.ended?.(end);
    return `${formatSchedule(end.schedule.slice())} ${end.stalls} ${end.bounds.join()} ${end.outcome?.kind}`;
  });
  return { schedules, among };
}

/** As many copies as make more than can be looked at one by one. */
const copies = (main: readonly Op[], n: number): readonly Op[] => Array.from({ length: n }, () => main).flat();

describe("I3: among many a strategy chooses what it would choose from the list", () => {
  const more = [spawn(yields(), rmw(8)), spawn(random(3), rmw(9), random(2)), spawn(...copies([load(8)], 10)), spawn(yields(), yields())];
  for (const { name, make } of STRATEGIES.filter(({ kind }) => kind === "draws")) {
    it(name, () => {
      let among = 0;
      const programs = randomProgram(["mutex", "rwmutex", "buffered", "unbuffered", "select", "atomic", "waitgroup", "cond", "sleep", "timer"]);
      fc.assert(
        fc.property(programs, fc.nat(1_000), fc.constantFrom(DEFAULT_CLOCK, LAZY_CLOCK), fc.constantFrom(7, 100, Infinity), (text, seed, clock, told) => {
          const many = { ...text, main: copies([...text.main.filter(({ op }) => op === "spawn"), ...more], 18).concat(text.main) };
          const indexed = runsOf(telling(many, told), make({ seed, clock }), clock);
          assert.deepEqual(indexed.schedules, runsOf(new ModelProgram(many), make({ seed, clock }), clock).schedules);
          among += indexed.among;
        }),
        { numRuns: 40, seed: 5 },
      );
      assert.ok(among > 10_000, `${among} choices`);
    });
  }
});
