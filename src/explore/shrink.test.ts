import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatSchedule } from "../model/run/schedule.js";
import { LAZY_CLOCK, type ClockPolicy } from "./fairness.js";
import type { RunEnd } from "./strategy.js";
import { explore } from "./explorer.js";
import { shrink } from "./shrink.js";
import { DepthFirst } from "./strategies/depth-first.js";
import { Random } from "./strategies/random.js";
import { ModelProgram } from "./testing/model-program.js";
import {
  after, close, condsignal, condwait, load, lock, onRecv, recv, rmw, select, send, sleep, spawn, store, unless, unlock, wgadd, wgwait,
  type ModelProgramText,
} from "./testing/model-operations.js";
import { signatures } from "./testing/signatures.js";
import { switchesOf } from "./switches.js";

const deadlock: ModelProgramText = {
  main: [
    spawn(store(9), lock(1), lock(2), unlock(2), unlock(1)),
    spawn(...Array.from({ length: 6 }, () => rmw(8))),
    store(7), lock(2), lock(1), unlock(1), unlock(2),
  ],
};

const deadlocks = (end: RunEnd): boolean => end.outcome?.kind === "deadlock";
const panics = (end: RunEnd): boolean => end.outcome?.kind === "panic";
/** These goroutines are left, before these operations. */
const left = (...names: string[]) => (end: RunEnd): boolean =>
  end.outcome?.kind === "quiescent" && names.every((name) => end.pending.some((p) => `${p.goroutine}:${p.op}` === name));

/** Programs with the fewest switches that show something, counted by hand: who goes on, stretch by stretch. */
const FEWEST: readonly [title: string, text: ModelProgramText, shows: (end: RunEnd) => boolean, switches: number, stretches: string][] = [
  ["two locks in opposite order", { main: [spawn(lock(1), lock(2), unlock(2), unlock(1)), lock(2), lock(1), unlock(1), unlock(2)] }, deadlocks, 1, "1.1 | 1"],
  ["three locks in a ring", {
    main: [spawn(lock(1), lock(2), unlock(2), unlock(1)), spawn(lock(2), lock(3), unlock(3), unlock(2)), lock(3), lock(1), unlock(1), unlock(3)],
  }, deadlocks, 2, "each takes its first lock"],
  ["one of two senders is left", { channels: { 1: 0 }, main: [spawn(send(1)), spawn(send(1)), recv(1)] }, left("1.1:send"), 0, "1.2 with 1"],
  ["a lock taken while another works inside", { main: [spawn(store(5), lock(1), store(6)), spawn(lock(1), load(6), unless(0, 1), lock(2), unlock(1)), lock(2)] },
    left("1.1:lock", "1.2:lock"), 2, "1 takes 2 | 1.2 | 1.1"],
  ["both read before both write", { main: [spawn(load(8), unless(0, 2), rmw(9), lock(1)), spawn(load(8), unless(0, 2), rmw(9), lock(1)), lock(1)] },
    left("1.1:lock", "1.2:lock"), 2, "in any order, one after the other"],
  ["a send on a channel that was closed", { channels: { 1: 1 }, main: [spawn(store(5), store(5), send(1)), load(5), close(1), load(5)] }, panics, 1, "1 | 1.1"],
  ["a signal that comes before the wait", { main: [spawn(lock(1), ...condwait(2, 1), unlock(1)), condsignal(2), lock(1), unlock(1)] },
    (end) => end.outcome?.kind === "quiescent" && end.schedule.length === 5, 1, "1 | 1.1"],
  ["a Done too many", { main: [spawn(wgadd(1, -1)), store(5), wgadd(1, 1), wgwait(1)] }, panics, 0, "1.1"],
  ["the timeout wins, and the answer finds nobody", {
    channels: { 1: 0, 2: 1 }, main: [spawn(sleep(10), send(1)), after(2, 5), select([onRecv(1), onRecv(2)])],
  }, left("1.1:send"), 4, "1.1 | 1 | @ | 1 | @"],
  ["who has seen the second of three writes", { main: [spawn(store(8, 1), store(8, 2), store(8, 3)), load(8), unless(2, 1), lock(1), spawn(lock(1))] },
    left("1.2:lock"), 2, "1.1 | 1 | 1.1"],
];

describe("the fewest switches, counted by hand, found by trying everything, and shown after shrinking", () => {
  for (const [title, text, shows, switches, stretches] of FEWEST) {
    it(`${title}: ${switches} (${stretches})`, async () => {
      const clock: ClockPolicy = LAZY_CLOCK;
      let fewest = Infinity;
      let most: RunEnd["schedule"] = [];
      await explore(new ModelProgram(text), { strategy: new DepthFirst(), clock, budget: Infinity }, (end) => {
        if (shows(end)) {
          fewest = Math.min(fewest, switchesOf(end.schedule));
          if (switchesOf(end.schedule) >= switchesOf(most)) most = end.schedule.slice();
        }
        return [];
      });
      assert.equal(fewest, switches, "of all schedules");
      const shrunk = await shrink(new ModelProgram(text), most, shows, { clock });
      assert.deepEqual([shrunk?.switches, shrunk?.fewest], [switches, true], formatSchedule(shrunk?.schedule ?? []));
      const without = await shrink(new ModelProgram(text), most, shows, { clock, tries: 1 });
      assert.equal(without?.switches, switches, "the proof finds it, too");
    });
  }
});

describe("shrinking", () => {
  it("a random walk into a deadlock becomes the fewest switches that still deadlock, and replays", async () => {
    const { found } = await signatures(deadlock, { strategy: new Random(3, 300) });
    const program = new ModelProgram(deadlock);
    const deadlocks = found.filter((f) => f.value.endsWith("deadlock"));
    assert.ok(deadlocks.length > 0);
    for (const { schedule } of deadlocks) {
      const shrunk = await shrink(program, schedule, (end) => end.outcome?.kind === "deadlock");
      // Main takes lock 2, the first goroutine lock 1 and everything else before it, the third all of its own: 2 switches.
      assert.equal(shrunk?.switches, 2, formatSchedule(schedule));
      assert.ok(switchesOf(schedule) >= 2);
      assert.equal(shrunk.end.outcome?.kind, "deadlock");
    }
  });

  it("what does not show again has no short form", async () => {
    const program = new ModelProgram({ main: [load(1)] });
    assert.equal(await shrink(program, [], (end) => end.outcome?.kind === "deadlock"), undefined);
  });
});
