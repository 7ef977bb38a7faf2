import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LAZY_CLOCK, type ClockPolicy } from "../gate.js";
import { Reduced } from "../reduction/reduced.js";
import {
  after, load, lock, onRecv, recv, rmw, select, send, sleep, spawn, store, unlock, type ModelProgramText, type Op,
} from "../testing/operations.js";
import { signatures } from "../testing/signatures.js";
import { exploreInParallel } from "./parallel.js";

const module = new URL("../testing/model-worker.js", import.meta.url).href;
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const spawns = (n: number, body: (i: number) => readonly Op[]): Op[] => times(n, (i) => spawn(...body(i)));

const PROGRAMS: readonly [string, ModelProgramText, ClockPolicy][] = [
  ["five that take one lock: 5! = 120", { main: spawns(5, () => [lock(1), unlock(1)]) }, LAZY_CLOCK],
  ["three that count in two variables", { main: spawns(3, (i) => [rmw(1 + (i % 2)), load(1), store(2)]) }, LAZY_CLOCK],
  ["senders, receivers and a select", {
    channels: { 1: 0, 2: 1 },
    main: [...spawns(3, (i) => [send(1, i)]), ...spawns(2, (i) => [send(2, i)]), ...spawns(3, () => [select([onRecv(1), onRecv(2)])]), recv(1)],
  }, LAZY_CLOCK],
  ["timers and an early clock", {
    channels: { 1: 0, 2: 1, 3: 1 },
    main: [spawn(sleep(5), send(1)), spawn(after(3, 4), select([onRecv(3), onRecv(1)])), after(2, 10), select([onRecv(1), onRecv(2)])],
  }, { kind: "any", early: 2 }],
];

describe("workers", () => {
  for (const [title, text, clock] of PROGRAMS) {
    it(`${title}: the same for one, two and three`, async () => {
      const alone = await signatures(text, { search: new Reduced(clock), clock });
      for (const workers of [1, 2, 3]) {
        const shared = await exploreInParallel({ module, description: text, workers, clock, budget: 60_000 });
        assert.equal(shared.coverage.complete, true);
        assert.equal(shared.coverage.schedules, alone.coverage.schedules, `${workers} workers`);
        const seen = (found: readonly { key: string; seen: number }[]): string[] => found.map((f) => `${f.key} ${f.seen}`).sort();
        assert.deepEqual(seen(shared.found), seen(alone.found), `${workers} workers`);
      }
    });
  }

  it("stops at the number of schedules, and when interrupted", async () => {
    const text: ModelProgramText = { main: spawns(7, () => [lock(1), rmw(2), unlock(1)]) };
    const some = await exploreInParallel({ module, description: text, workers: 2, schedules: 200, budget: 60_000 });
    assert.equal(some.coverage.complete, false);
    assert.match(some.coverage.stoppedBy!, /--schedules/);
    assert.ok(some.runs >= 200 && some.runs < 5_040);
    const aborted = await exploreInParallel({ module, description: text, workers: 2, signal: AbortSignal.abort() });
    assert.equal(aborted.coverage.stoppedBy, "interrupted");
  });

  it("a program that cannot be loaded is an error in words", async () => {
    await assert.rejects(exploreInParallel({ module: "file:///nowhere.js", description: {}, workers: 1 }), /could not load the program/);
  });
});
