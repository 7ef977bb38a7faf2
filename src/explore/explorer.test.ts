import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { goChoice } from "../model/run/choice.js";
import { refuseAfterEnd } from "../control/divergence.js";
import { goroutineName } from "../model/ids.js";
import type { Outcome } from "../model/run/outcome.js";
import type { Program, Run } from "../model/run/program.js";
import { formatSchedule } from "../model/run/schedule.js";
import { explore } from "./explorer.js";
import { replay } from "./replay-schedule.js";
import { DepthFirst } from "./strategies/depth-first.js";
import { NonPreemptive } from "./strategies/natural.js";
import { Pct } from "./strategies/pct.js";
import { Random } from "./strategies/random.js";
import { ModelProgram } from "./testing/model-program.js";
import {
  after, lock, onRecv, recv, rmw, select, send, sleep, spawn, store, unlock, yields, type ModelProgramText,
} from "./testing/model-operations.js";
import { signatures } from "./testing/signatures.js";

const LAZY = { kind: "lazy" } as const;
/** `n` goroutines besides main, each with `steps` stores to a variable of its own; main does nothing. */
const independent = (n: number, steps: number): ModelProgramText => ({
  main: Array.from({ length: n }, (_, i) => spawn(...Array.from({ length: steps }, () => store(i + 1)))),
});
/** The leak of the seam's own description: nobody receives once the timeout has won. */
const abandoned: ModelProgramText = {
  channels: { 1: 0, 2: 1 },
  main: [spawn(sleep(5), send(1)), after(2, 10), select([onRecv(1), onRecv(2)])],
};

describe("plain depth-first search counts schedules", () => {
  const cases: readonly [string, ModelProgramText, number][] = [
    ["one goroutine: one", independent(1, 5), 1],
    ["two goroutines of 2 steps: 4 choose 2", independent(2, 2), 6],
    ["two goroutines of 5 steps: 10 choose 5", independent(2, 5), 252],
    ["three goroutines of 2 steps: 6! / (2! 2! 2!)", independent(3, 2), 90],
    // Waiting is no event: whoever locks first also unlocks first.
    ["two that take and release one lock: 2", { main: [spawn(lock(1), unlock(1)), spawn(lock(1), unlock(1))] }, 2],
    ["a send and a receive meet: 1", { channels: { 1: 0 }, main: [spawn(send(1)), recv(1)] }, 1],
  ];
  for (const [title, text, count] of cases) {
    it(title, async () => {
      const { coverage, runs } = await signatures(text, { strategy: new DepthFirst(), clock: LAZY });
      assert.equal(coverage.complete, true);
      assert.equal(runs, count);
      assert.equal(coverage.schedules, count);
    });
  }

  it("says what the depth bound left out", async () => {
    const { coverage, runs } = await signatures(independent(2, 5), { strategy: new DepthFirst(2), clock: LAZY });
    assert.equal(runs, 4);
    assert.deepEqual(coverage.bounds.slice(-1), ["all orders of the first 2 steps, the natural one after them"]);
  });
});

describe("explore", () => {
  it("takes the natural schedule first: the goroutine that went last goes on", async () => {
    const text: ModelProgramText = { main: [spawn(store(1), store(1)), store(2), store(2)] };
    const { found } = await signatures(text, { strategy: new NonPreemptive() });
    assert.equal(formatSchedule(found[0]!.schedule), "u1 1*2 1.1*2");
  });

  it("finds the timeout that wins only where the clock may move early", async () => {
    const lazy = await signatures(abandoned, { strategy: new DepthFirst(), clock: LAZY });
    const any = await signatures(abandoned, { strategy: new DepthFirst(), clock: { kind: "any", early: 3 } });
    const leaks = (found: readonly { value: string }[]): number => found.filter((f) => f.value.includes("1.1@1[")).length;
    assert.equal(leaks(lazy.found), 0);
    assert.ok(leaks(any.found) > 0);
    assert.deepEqual(lazy.coverage.bounds, ["the clock moves only when no goroutine can go on"]);
    // There are only two timers, so the bound of three was never met, and the result does not depend on it.
    assert.deepEqual(any.coverage.bounds, []);
    const one = await signatures(abandoned, { strategy: new DepthFirst(), clock: { kind: "any", early: 1 } });
    assert.deepEqual(one.coverage.bounds, ["at most 1 early clock move in one run"]);
  });

  it("a yield waits for others, so that a spin has an end", async () => {
    const text: ModelProgramText = { main: [spawn(store(1)), yields(), yields(), store(1)] };
    const { coverage, runs } = await signatures(text, { strategy: new DepthFirst() });
    assert.equal(coverage.complete, true);
    assert.deepEqual(coverage.bounds, ["fair scheduling of goroutines that poll"]);
    assert.ok(runs < 8, `${runs} runs`);
  });

  it("the same seed gives the same runs", async () => {
    for (const make of [() => new Random(7, 50), () => new Pct(7, 50)]) {
      const [a, b] = await Promise.all([make(), make()].map((search) => signatures(independent(3, 3), { strategy: search })));
      const told = (e: typeof a): string[] => e!.found.map((f) => `${f.run} ${f.seen} ${formatSchedule(f.schedule)}`);
      assert.deepEqual(told(a), told(b));
    }
  });

  it("random and PCT walks reach every outcome of a small program", async () => {
    const text: ModelProgramText = { channels: { 1: 3 }, main: [1, 2, 3].map((n) => spawn(send(1, n), lock(2), unlock(2))) };
    const all = await signatures(text, { strategy: new DepthFirst() });
    for (const search of [new Random(1, 500), new Pct(1, 500)]) {
      const { found, coverage } = await signatures(text, { strategy: search });
      assert.deepEqual(new Set(found.map((f) => f.key)), new Set(all.found.map((f) => f.key)));
      assert.equal(coverage.complete, false);
      assert.match(coverage.stoppedBy!, /does not try every schedule/);
    }
  });

  it("stops at the number of schedules, at an abort, at the first finding, and says so", async () => {
    const search = (): DepthFirst => new DepthFirst();
    const some = await signatures(independent(2, 5), { strategy: search(), schedules: 10 });
    assert.equal(some.runs, 10);
    assert.match(some.coverage.stoppedBy!, /--schedules/);
    const aborted = await signatures(independent(2, 5), { strategy: search(), signal: AbortSignal.abort() });
    assert.deepEqual([aborted.runs, aborted.coverage.stoppedBy], [0, "interrupted"]);
    const first = await signatures(independent(2, 5), { strategy: search(), until: () => true });
    assert.deepEqual([first.runs, first.coverage.stoppedBy], [1, "the first finding"]);
  });

  it("a run that never ends is cut, and then nothing is complete", async () => {
    const text: ModelProgramText = { main: Array.from({ length: 100 }, () => rmw(1)) };
    const { coverage, cut } = await signatures(text, { strategy: new DepthFirst(), steps: 50 });
    assert.equal(cut, 1);
    assert.match(coverage.stoppedBy!, /^1 run of more than 50 steps$/);
  });

  it("drives hosts whose steps are asynchronous, with the same result", async () => {
    const text = independent(2, 3);
    const sync = await signatures(text, { strategy: new DepthFirst() });
    const later = new ModelProgram(text);
    const program: Program = { name: "later", start: async () => asynchronous(later.start()) };
    const result = await explore(program, { strategy: new DepthFirst(), budget: Infinity }, () => []);
    assert.equal(result.runs, sync.runs);
  });
});

function asynchronous(run: Run): Run {
  return new Proxy(run, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (key === "take") return async (choice: Parameters<Run["take"]>[0]) => { await Promise.resolve(); void target.take(choice); };
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

describe("replay", () => {
  it("every schedule found leads to the same run again", async () => {
    const program = new ModelProgram(abandoned);
    const { found } = await signatures(abandoned, { strategy: new DepthFirst() });
    for (const { schedule, key } of found) {
      const end = await replay(program, schedule);
      assert.equal((end.run as ReturnType<ModelProgram["start"]>).signature(), key);
    }
  });

  it("goes on naturally where the schedule ends", async () => {
    const end = await replay(new ModelProgram(independent(2, 2)), [goChoice(goroutineName("1.2"))]);
    assert.equal(formatSchedule(end.schedule), "u1 1.2*2 1.1*2");
  });

  it("names the step where the program does something else", async () => {
    const one = goChoice(goroutineName("1.1"));
    const end = await replay(new ModelProgram(independent(1, 2)), [one, goChoice(goroutineName("1.7"))]);
    assert.ok(typeof end.stopped === "object");
    assert.equal(end.stopped.diverged.step, 1);
    assert.match(end.stopped.diverged.message, /step 1: the schedule says 1\.7/);
    assert.deepEqual(end.schedule, [one]);
  });

  it("a run that has no more real time on its way along a schedule is over by that: the program did nothing else", async () => {
    const outOfTime: Outcome = { kind: "horizon", scopeOver: false, cutShort: 0, limit: "budget" };
    const program: Program = {
      name: "slow",
      start(options) {
        const run = new ModelProgram(independent(1, 5)).start(options);
        let taken = 0;
        return new Proxy<Run>(run, {
          get(of, key) {
            if (key === "outcome") return () => (taken >= 2 ? outOfTime : of.outcome());
            if (key === "take") return (...[choice, goesOn]: Parameters<Run["take"]>) => {
              refuseAfterEnd(choice, taken >= 2 ? outOfTime : undefined, taken);
              taken++;
              return of.take(choice, goesOn);
            };
            const value: unknown = Reflect.get(of, key);
            return typeof value === "function" ? (value as (...args: never[]) => unknown).bind(of) : value;
          },
        });
      },
    };
    const step = goChoice(goroutineName("1.1"));
    const end = await replay(program, [step, step, step, step]);
    assert.deepEqual([end.outcome, end.stopped, end.schedule], [outOfTime, undefined, [step, step]]);
  });
});
