// What each strategy of the registry promises (strategy.ts, registry.ts), held against all of them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatChoice, sameChoice, type Choice } from "../../model/run/choice.js";
import type { Pending, Run } from "../../model/run/program.js";
import { formatSchedule } from "../../model/run/schedule.js";
import { explore } from "../explorer.js";
import { DEFAULT_CLOCK, LAZY_CLOCK, type FairnessState } from "../fairness.js";
import { replay } from "../replay-schedule.js";
import type { Beginning, RunEnd, SearchCoverage, Strategy } from "../strategy.js";
import { after, lock, onRecv, random, recv, rmw, select, send, sleep, spawn, store, unlock, yields, type ModelProgramText } from "../testing/model-operations.js";
import { ModelProgram } from "../testing/model-program.js";
import type { ModelRun } from "../testing/model-run.js";
import { signatures } from "../testing/signatures.js";
import { Random } from "./random.js";
import { STRATEGIES, strategyNamed } from "./registry.js";

const PROGRAMS: Readonly<Record<string, ModelProgramText>> = {
  "three steps beside three": { main: [spawn(rmw(1), rmw(1), rmw(1)), rmw(1), rmw(1), rmw(1)] },
  "a lock order": { main: [spawn(lock(1), lock(2), unlock(2), unlock(1)), lock(2), lock(1), unlock(1), unlock(2)] },
  "a timeout": { channels: { 1: 0, 2: 1 }, main: [spawn(sleep(5), send(1)), after(2, 10), select([onRecv(1), onRecv(2)])] },
  "a poll": { main: [spawn(yields(), yields(), store(1)), yields(), store(1)] },
  "draws": { main: [spawn(random(3), rmw(1)), random(2), rmw(1)] },
};

/** Holds a strategy to its contract: asked only where there is a choice, answers only what it was shown. */
class Watched implements Strategy {
  readonly name: string;
  asked = 0;
  readonly #strategy: Strategy;

  constructor(strategy: Strategy) {
    this.#strategy = strategy;
    this.name = strategy.name;
  }

  get coverage(): SearchCoverage {
    return this.#strategy.coverage!;
  }

  begin(): Beginning | undefined {
    return this.#strategy.begin();
  }

  next(pending: readonly Pending[], history: readonly Choice[], fairness: FairnessState): Choice | "stop-run" | "stop" {
    this.asked++;
    const alternatives = pending.flatMap((one) => one.alternatives);
    assert.ok(alternatives.length > 0, `${this.name} is asked where nothing can go on`);
    const answer = this.#strategy.next(pending, history, fairness);
    if (typeof answer === "string") return answer;
    assert.ok(alternatives.some((one) => sameChoice(one, answer)), `${this.name} answers ${formatChoice(answer)}, which it was not shown`);
    return answer;
  }

  onPrefixState(run: Run, depth: number): void {
    this.#strategy.onPrefixState?.(run, depth);
  }

  stepped(run: Run, choice: Choice): void {
    this.#strategy.stepped?.(run, choice);
  }

  ended(end: RunEnd): void {
    this.#strategy.ended?.(end);
  }
}

/** All orders of so many steps of a and b. */
const words = (a: number, b: number): readonly string[] =>
  a + b === 0 ? [""] : [...(a > 0 ? words(a - 1, b).map((rest) => `a${rest}`) : []), ...(b > 0 ? words(a, b - 1).map((rest) => `b${rest}`) : [])];

/** How often a word leaves a letter that comes again. */
const preemptions = (word: string): number => [...word].filter((letter, i) => i > 0 && word[i - 1] !== letter && word.slice(i).includes(word[i - 1]!)).length;

interface Told {
  readonly schedule: string;
  readonly signature: string;
}

async function runs(text: ModelProgramText, strategy: Strategy, schedules: number, look: (end: RunEnd) => void = () => undefined): Promise<readonly Told[]> {
  const told: Told[] = [];
  await explore(new ModelProgram(text), { strategy, schedules, clock: DEFAULT_CLOCK, budget: Infinity }, (end) => {
    told.push({ schedule: formatSchedule(end.schedule.slice()), signature: (end.run as ModelRun).signature() });
    look(end);
    return [];
  });
  return told;
}

describe("each strategy of the registry", () => {
  it("has a name of its own, and is found by it", () => {
    assert.equal(new Set(STRATEGIES.map(({ name }) => name)).size, STRATEGIES.length);
    for (const one of STRATEGIES) assert.deepEqual(strategyNamed(one.name), { ok: true, value: one });
    assert.deepEqual(strategyNamed("luck"), { ok: false, error: "there is no strategy 'luck'; there are portfolio, natural, random, pct, pos, surw, preemptions, depth-first, reduced" });
  });

  for (const { name, kind, make } of STRATEGIES) {
    const fresh = (seed: number): Strategy => make({ seed, clock: DEFAULT_CLOCK });

    describe(name, () => {
      for (const [title, text] of Object.entries(PROGRAMS)) {
        it(`${title}: chooses only what it is shown; the same seed gives the same runs; each schedule replays`, async () => {
          const watched = new Watched(fresh(3));
          const schedules: Choice[][] = [];
          const first = await runs(text, watched, 40, (end) => schedules.push(end.schedule.slice()));
          assert.ok(watched.asked > 0 && first.length > 0);
          assert.deepEqual(await runs(text, fresh(3), 40), first);
          for (const [index, schedule] of schedules.entries()) {
            const again = await replay(new ModelProgram(text), schedule);
            assert.deepEqual([formatSchedule(again.schedule.slice()), (again.run as ModelRun).signature()], [first[index]!.schedule, first[index]!.signature]);
          }
        });
      }

      if (kind === "once") {
        it("makes one run, and does not call that everything", async () => {
          const { coverage, runs: made } = await signatures(PROGRAMS["a lock order"]!, { strategy: fresh(1) });
          assert.deepEqual([made, coverage.complete, coverage.stoppedBy], [1, false, `the strategy '${name}' does not try every schedule`]);
        });
      }

      if (kind === "draws") {
        it("never knows that all was tried; another seed gives other runs", async () => {
          const text = PROGRAMS["three steps beside three"]!;
          const strategy = fresh(1);
          const { coverage, runs: made } = await signatures(text, { strategy, schedules: 500 });
          assert.deepEqual([strategy.coverage, made, coverage.complete], [undefined, 500, false]);
          assert.notDeepEqual(await runs(text, fresh(1), 20), await runs(text, fresh(2), 20));
        });
      }

      if (kind === "exhaustive") {
        // With three preemptions at most; enough for programs of two goroutines as short as these.
        const BOUNDED: Readonly<Record<string, boolean>> = { preemptions: true };
        for (const [title, text] of Object.entries(PROGRAMS)) {
          it(`${title}: comes to an end, and misses no outcome that 2,000 random walks meet`, async () => {
            const { coverage, found } = await signatures(text, { strategy: fresh(1) });
            assert.equal(coverage.complete, true);
            const known = new Set(found.map(({ key }) => key));
            const met = await signatures(text, { strategy: new Random(7), schedules: 2_000 });
            const missed = met.found.map(({ key }) => key).filter((key) => !known.has(key));
            if (BOUNDED[name] === true) assert.ok(missed.length === 0 || coverage.bounds.some((bound) => /at most 3 preemptions/.test(bound)));
            else assert.deepEqual(missed, []);
          });
        }

        it("counts what can be counted by hand", async () => {
          // One variable, two goroutines, three steps each: no two steps commute, so 6 choose 3. Two variables: all do.
          const dependent = await signatures(PROGRAMS["three steps beside three"]!, { strategy: fresh(1), clock: LAZY_CLOCK });
          const independent = await signatures({ main: [spawn(store(1), store(1)), store(2), store(2)] }, { strategy: fresh(1), clock: LAZY_CLOCK });
          const plain = name === "depth-first" || name === "preemptions";
          const all = name === "preemptions" ? words(3, 3).filter((word) => preemptions(word) <= 3).length : 20;
          assert.deepEqual([dependent.coverage.schedules, independent.coverage.schedules], [all, plain ? 6 : 1]);
          assert.deepEqual([dependent.coverage.complete, independent.coverage.complete], [true, true]);
        });
      }
    });
  }
});

describe("what the contract test would notice", () => {
  const text = PROGRAMS["a lock order"]!;
  it("a choice that was not shown", async () => {
    const wrong: Strategy = { name: "wrong", begin: () => ({ prefix: [] }), next: () => ({ kind: "clock" }) };
    await assert.rejects(() => runs(text, new Watched(wrong), 1), /wrong answers @, which it was not shown/);
  });
  it("a message that never comes leaves the receiver behind in every strategy", async () => {
    for (const { name, make } of STRATEGIES) {
      const ends: (string | undefined)[] = [];
      await runs({ channels: { 1: 0 }, main: [recv(1)] }, make({ seed: 1, clock: LAZY_CLOCK }), 3, ({ outcome }) => ends.push(outcome?.kind));
      assert.deepEqual([name, ...new Set(ends)], [name, "deadlock"]);
    }
  });
});
