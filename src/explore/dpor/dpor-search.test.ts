import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatSchedule } from "../../model/run/schedule.js";
import { explore } from "../explorer.js";
import { LAZY_CLOCK } from "../fairness.js";
import { DepthFirst } from "../strategies/depth-first.js";
import {
  after, close, condbroadcast, condwait, load, lock, onRecv, onSend, panics, random, recv, rlock, rmw, runlock, select,
  send, sleep, spawn, store, trylock, unless, unlock, wgadd, wgwait, wlock, wunlock, type ModelProgramText,
} from "../testing/model-operations.js";
import { ModelProgram } from "../testing/model-program.js";
import { signatureOf, signatures } from "../testing/signatures.js";
import { DporSearch } from "./dpor-search.js";

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i + 1));

const COUNTS: readonly [string, ModelProgramText, number][] = [
  ["three goroutines with nothing in common: 1", { main: times(3, (i) => spawn(store(i), store(i))) }, 1],
  ["two that take and release one lock: 2", { main: times(2, () => spawn(lock(1), unlock(1))) }, 2],
  ["three that take and release one lock: 3! = 6", { main: times(3, () => spawn(lock(1), unlock(1))) }, 6],
  ["two locks, each taken by two of its own: 2 · 2", { main: times(4, (i) => spawn(lock(i % 2), unlock(i % 2))) }, 4],
  ["two readers of one RWMutex: 1", { main: times(2, () => spawn(rlock(1), runlock(1))) }, 1],
  // The writer comes before both readers, between (two ways: which reader is before), after both; it announces itself
  // while readers are in or not, which the readers' own order of release does not change.
  ["two readers and a writer: 2 · 2 (each reader before or after)",
    { main: [...times(2, () => spawn(rlock(1), runlock(1))), spawn(...wlock(1), wunlock(1))] }, 4],
  ["three senders into a buffer of 3: 3! = 6", { channels: { 1: 3 }, main: times(3, (i) => spawn(send(1, i))) }, 6],
  ["a sender and a receiver on a buffer: 1",
    { channels: { 1: 2 }, main: [spawn(...times(5, (i) => send(1, i))), ...times(5, () => recv(1))] }, 1],
  ["a producer that closes, a consumer that drains: 1",
    { channels: { 1: 2 }, main: [spawn(send(1), send(1), close(1)), recv(1), recv(1), recv(1)] }, 1],
  ["three senders, one receiver, unbuffered: 3! = 6",
    { channels: { 1: 0 }, main: [...times(3, (i) => spawn(send(1, i))), ...times(3, () => recv(1))] }, 6],
  ["three senders, three receivers, unbuffered: 3! matchings", {
    channels: { 1: 0 }, main: [...times(3, (i) => spawn(send(1, i))), ...times(3, () => spawn(recv(1)))],
  }, 6],
  ["two loads and one store: the store before, between (2), after: 4",
    { main: [spawn(load(1)), spawn(load(1)), spawn(store(1))] }, 4],
  ["four workers that are waited for: 1",
    { main: [...times(4, () => wgadd(1)), ...times(4, () => spawn(wgadd(1, -1))), wgwait(1)] }, 1],
  ["a select with two cases that are both ready: 2",
    { channels: { 1: 1, 2: 1 }, main: [send(1), send(2), select([onRecv(1), onRecv(2)])] }, 2],
  ["a draw among 5: 5", { main: [random(5)] }, 5],
  ["a select with default against a sender: 2 (met or not; the sender then stays)",
    { channels: { 1: 0 }, main: [spawn(send(1)), select([onRecv(1)], true)] }, 2],
];

describe("reduction: counts derived by hand, outcomes those of plain search", () => {
  for (const [title, text, count] of COUNTS) {
    it(title, async () => {
      const reduced = await signatures(text, { strategy: new DporSearch(LAZY_CLOCK), clock: LAZY_CLOCK });
      const plain = await signatures(text, { strategy: new DepthFirst(), clock: LAZY_CLOCK });
      assert.equal(reduced.coverage.schedules, count, `runs: ${reduced.runs}, of ${plain.runs}`);
      assert.equal(reduced.coverage.complete, true);
      assert.deepEqual(new Set(reduced.found.map((f) => f.key)), new Set(plain.found.map((f) => f.key)));
    });
  }
});

const OUTCOMES: readonly [string, ModelProgramText][] = [
  ["a timeout that wins", {
    channels: { 1: 0, 2: 1 }, main: [spawn(sleep(5), send(1)), after(2, 10), select([onRecv(1), onRecv(2)])],
  }],
  ["lock order", { main: [spawn(lock(1), lock(2), unlock(2), unlock(1)), lock(2), lock(1), unlock(1), unlock(2)] }],
  ["close against a blocked sender's partner", {
    channels: { 1: 1 }, main: [send(1), spawn(send(1)), spawn(close(1)), recv(1)],
  }],
  ["two that meet only if a select goes the other way", {
    channels: { 1: 0, 2: 0 }, main: [spawn(send(1)), spawn(recv(2)), select([onRecv(1), onSend(2)])],
  }],
  ["a panic that another goroutine would prevent, after steps of its own", {
    main: [spawn(lock(2), unlock(2), store(1)), load(1), unless(0, 1), panics("too early"), lock(2), unlock(2)],
  }],
  ["a lost signal", { main: [spawn(lock(1), ...condwait(2, 1), unlock(1)), lock(1), condbroadcast(2), unlock(1)] }],
  ["trylock", { main: [spawn(lock(1), rmw(2), unlock(1)), trylock(1), rmw(2)] }],
  ["negative counter", { main: [spawn(wgadd(1, -1)), wgadd(1, 1), wgwait(1)] }],
  ["Add against Wait", { main: [spawn(wgadd(1, 1), wgadd(1, -1)), wgwait(1), load(2)] }],
];

describe("reduction: outcomes", () => {
  for (const [title, text] of OUTCOMES) {
    for (const clock of [LAZY_CLOCK, { kind: "any", early: 2 } as const]) {
      it(`${title} (${clock.kind})`, async () => {
        const reduced = await signatures(text, { strategy: new DporSearch(clock), clock });
        const plain = await signatures(text, { strategy: new DepthFirst(), clock });
        assert.deepEqual(reduced.found.map((f) => f.key).sort(), plain.found.map((f) => f.key).sort());
        assert.ok(reduced.runs <= plain.runs);
      });
    }
  }
});

describe("saved states", () => {
  const text: ModelProgramText = { main: times(3, (i) => spawn(store(10 + i), store(10 + i), lock(1), store(10 + i), unlock(1))) };

  it("going on from saved states tries the same schedules as running again", async () => {
    const schedules = async (every: number, bytes: number): Promise<string[]> => {
      const search = new DporSearch(LAZY_CLOCK, { every, bytes });
      const seen: string[] = [];
      const program = new ModelProgram(text);
      await explore(program, { strategy: search, clock: LAZY_CLOCK, budget: Infinity }, (end) => {
        seen.push(`${formatSchedule(end.schedule)} ${signatureOf(end)[0]!.key}`);
        return [];
      });
      return seen;
    };
    const again = await schedules(0, 0);
    assert.equal(again.length, 6);
    assert.deepEqual(await schedules(1, 1e9), again);
    assert.deepEqual(await schedules(3, 1e9), again);
    assert.deepEqual(await schedules(1, 2_500), again, "room for two states only");
  });
});
