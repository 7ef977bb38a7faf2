import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatChoice } from "../../model/run/choice.js";
import { objectId } from "../../model/ids.js";
import type { Pending, Program, Run } from "../../model/run/program.js";
import { explore } from "../explorer.js";
import { LAZY_CLOCK } from "../fairness.js";
import type { Strategy } from "../strategy.js";
import { lock, recv, rmw, send, spawn, store, unlock, type ModelProgramText } from "../testing/model-operations.js";
import { ModelProgram } from "../testing/model-program.js";
import { Random } from "./random.js";
import { SelectivelyUniformWalk } from "./surw.js";

const RUNS = 4_000;

/** How often each order of the interesting steps comes up: all but those among main's (counted from 0) that are its `own`. */
async function frequencies(program: Program, strategy: Strategy, own: (step: number) => boolean = () => false): Promise<readonly number[]> {
  const counts = new Map<string, number>();
  await explore(program, { strategy, schedules: RUNS, clock: LAZY_CLOCK, budget: Infinity }, (end) => {
    let mains = 0;
    const key = end.schedule.map(formatChoice).filter((choice) => choice !== "1" || !own(mains++)).join(" ");
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return [];
  });
  return [...counts.values()];
}

const times = <T>(n: number, make: () => T): readonly T[] => Array.from({ length: n }, make);

/** A program whose objects have other numbers in each run, as a host may number them. */
class Renumbered implements Program {
  readonly name = "renumbered";
  readonly #program: ModelProgram;
  #runs = 0;

  constructor(text: ModelProgramText) {
    this.#program = new ModelProgram(text);
  }

  start(): Run {
    const run = this.#program.start() as Run;
    const shift = ++this.#runs * 100;
    const pending = (): readonly Pending[] =>
      run.pending().map((one) => ({ ...one, accesses: one.accesses.map((access) => ({ ...access, object: objectId(access.object + shift) })) }));
    return { pending, take: (choice) => run.take(choice), last: () => run.last(), outcome: () => run.outcome(), goroutines: () => run.goroutines(), trace: () => run.trace(), now: () => run.now() };
  }
}

describe("selectively uniform random walk", () => {
  /** Each order as likely as any other: all of them come up, each within a third of its share. */
  const PROGRAMS: readonly { readonly title: string; readonly text: ModelProgramText; readonly orders: number; readonly own?: number }[] = [
    { title: "three steps beside three: 6 choose 3", text: { main: [spawn(...times(3, () => rmw(1))), ...times(3, () => rmw(1))] }, orders: 20 },
    { title: "one step beside six: 7", text: { main: [spawn(rmw(1)), ...times(6, () => rmw(1))] }, orders: 7 },
    { title: "a goroutine that is started late counts before it is", text: { main: [rmw(1), spawn(...times(4, () => rmw(1))), rmw(1)] }, orders: 5 },
    {
      title: "also one that is started while its parent is the next: 4! / 2!", orders: 12, own: 1,
      text: { main: [spawn(rmw(1)), store(2), spawn(rmw(1), rmw(1)), rmw(1)] },
    },
    { title: "so does a grandchild: 3!, with the child's step before it", text: { main: [rmw(1), spawn(rmw(1), spawn(rmw(1))), rmw(1)] }, orders: 3 },
  ];
  for (const { title, text, orders, own = 0 } of PROGRAMS) {
    for (const [numbers, program] of [["the same numbers", new ModelProgram(text)], ["other numbers in each run", new Renumbered(text)]] as const) {
      it(`${title}; objects have ${numbers}`, async () => {
        const counts = await frequencies(program, new SelectivelyUniformWalk(1), (step) => step < own);
        assert.equal(counts.length, orders);
        const share = RUNS / orders;
        assert.ok(counts.every((count) => count > share * 0.67 && count < share * 1.33), `${counts.join(" ")} of ${share} each`);
      });
    }
  }

  it("a random walk is far from it", async () => {
    const counts = await frequencies(new ModelProgram(PROGRAMS[1]!.text), new Random(1));
    assert.ok(Math.min(...counts) < (RUNS / 7) * 0.3, counts.join(" "));
  });

  it("steps on other objects make no order of the interesting ones less likely", async () => {
    // Main does ten steps of its own before each of its two.
    const own = times(10, () => store(2));
    const text: ModelProgramText = { main: [spawn(rmw(1), rmw(1)), ...own, rmw(1), ...own, rmw(1)] };
    const shared = await frequencies(new ModelProgram(text), new SelectivelyUniformWalk(1), (step) => step !== 10 && step !== 21);
    assert.equal(shared.length, 6);
    assert.ok(shared.every((count) => count > (RUNS / 6) * 0.67 && count < (RUNS / 6) * 1.33), shared.join(" "));
  });

  it("holds nothing back that another waits for: locks and meetings end as they do anyway", async () => {
    const locks: ModelProgramText = { main: [spawn(lock(1), rmw(2), unlock(1)), lock(1), rmw(2), unlock(1)] };
    const meetings: ModelProgramText = { channels: { 1: 0 }, main: [spawn(send(1), send(1)), recv(1), recv(1)] };
    for (const [text, orders] of [[locks, 2], [meetings, 1]] as const) assert.equal((await frequencies(new ModelProgram(text), new SelectivelyUniformWalk(1))).length, orders);
  });
});
