// What is repeated and leaves one thing more each time, beside its healthy twin: the kind, the count and the line for the one, nothing
// for the other. Counts are exact: 24 repetitions.
import assert from "node:assert/strict";
import { EventEmitter, once, setMaxListeners } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, describe, it } from "node:test";
import { explore } from "../explore-ts.js";
import { repeatBody, type GrownThing } from "./repeat.js";

const TIMES = 24;
const open: (() => void)[] = [];
/** Not by `push`, which would be told, for it is true. */
const later = (close: () => void): void => void (open[open.length] = close);
afterEach(() => {
  for (const close of open.splice(0)) close();
});

interface Row {
  readonly name: string;
  /** Makes what outlives the repetitions; gives the body. */
  readonly make: () => () => unknown;
  /** `what: count` of each thing that grows. */
  readonly grows: readonly string[];
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const listen = (server: Server): Promise<void> => new Promise((resolve) => void server.listen(0, "127.0.0.1", resolve));
const quiet = (): AbortSignal => {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return signal;
};
const emitter = (): EventEmitter => new EventEmitter().setMaxListeners(0);
const kept = <T extends { unref(): unknown }>(timer: T): T => {
  later(() => clearTimeout(timer as unknown as NodeJS.Timeout));
  timer.unref();
  return timer;
};

const ROWS: readonly Row[] = [
  { name: "an entry of a Map for each call", make: () => { const map = new Map<object, number>(); return () => void map.set({}, 1); }, grows: ["an entry of a Map: 24"] },
  { name: "… with a number as its key", make: () => { const map = new Map<number, number>(); return () => void map.set(map.size, 1); }, grows: ["an entry of a Map: 24"] },
  { name: "… always the same key", make: () => { const map = new Map<string, number>(); return () => void map.set("a", 1); }, grows: [] },
  { name: "… deleted", make: () => { const map = new Map<object, number>(); return async () => { const key = {}; map.set(key, 1); await sleep(0); map.delete(key); }; }, grows: [] },
  { name: "… at most ten of them", make: () => { const map = new Map<object, number>(); return () => { map.set({}, 1); if (map.size > 10) map.delete(map.keys().next().value!); }; }, grows: [] },
  { name: "… the first ten of them", make: () => { const map = new Map<object, number>(); return () => { if (map.size < 10) map.set({}, 1); }; }, grows: [] },
  { name: "… for a minute each", make: () => { const map = new Map<object, number>(); return () => { const key = {}; map.set(key, 1); kept(setTimeout(() => map.delete(key), 60_000)); }; }, grows: [] },
  { name: "… until it is too old when the next timer looks", make: () => {
    const map = new Map<object, number>();
    return () => { map.set({}, Date.now()); kept(setTimeout(() => { for (const [key, at] of map) if (Date.now() - at > 1_000) map.delete(key); }, 60_000)); };
  }, grows: [] },
  { name: "a member of a Set for each call", make: () => { const set = new Set<object>(); return () => void set.add({}); }, grows: ["an entry of a Set: 24"] },
  { name: "a Map of its own", make: () => () => void new Map().set({}, 1), grows: [] },
  { name: "a Map of its own that is kept: the keeper is told", make: () => { const all = new Set<object>(); return () => void all.add(new Map().set({}, 1)); }, grows: ["an entry of a Set: 24"] },
  { name: "a value of an array for each call", make: () => { const all: object[] = []; return () => void all.push({}); }, grows: ["an entry of an array: 24"] },
  { name: "… a number", make: () => { const all = [0]; return () => void all.push(1); }, grows: ["an entry of an array: 24"] },
  { name: "… a ring of ten numbers", make: () => { const all: number[] = []; return () => { all.push(1); if (all.length > 10) all.shift(); }; }, grows: [] },
  { name: "a listener on one signal for each call", make: () => { const signal = quiet(); return () => signal.addEventListener("abort", () => undefined); }, grows: ['a listener of "abort" on an AbortSignal: 24'] },
  { name: "… removed", make: () => { const signal = quiet(); return async () => { const f = (): void => undefined; signal.addEventListener("abort", f); await sleep(0); signal.removeEventListener("abort", f); }; }, grows: [] },
  { name: "… removed, beside ten that stay", make: () => {
    const signal = quiet();
    for (let i = 0; i < 10; i++) signal.addEventListener("abort", () => undefined);
    return () => { const f = (): void => undefined; signal.addEventListener("abort", f); signal.removeEventListener("abort", f); };
  }, grows: [] },
  { name: "… always the same", make: () => { const signal = quiet(); const f = (): void => undefined; return () => signal.addEventListener("abort", f); }, grows: [] },
  { name: "… with a signal that ends it", make: () => { const signal = quiet(); return () => { const own = new AbortController(); signal.addEventListener("abort", () => undefined, { signal: own.signal }); own.abort(); }; }, grows: [] },
  { name: "twelve calls, each with a listener on the body's own target", make: () => () => { const target = new EventTarget(); for (let i = 0; i < 12; i++) target.addEventListener("abort", () => undefined); }, grows: ['listeners of "abort" on one EventTarget: 12'] },
  { name: "… ten: as many as it is meant to have", make: () => () => { const target = new EventTarget(); for (let i = 0; i < 10; i++) target.addEventListener("abort", () => undefined); }, grows: [] },
  { name: "… twelve, of which each call removes its own", make: () => async () => { const target = new EventTarget(); for (let i = 0; i < 12; i++) { const f = (): void => undefined; target.addEventListener("abort", f); await Promise.resolve(); target.removeEventListener("abort", f); } }, grows: [] },
  { name: "… twelve on one that is meant to have them", make: () => () => { const signal = quiet(); for (let i = 0; i < 12; i++) signal.addEventListener("abort", () => undefined); }, grows: [] },
  { name: "a listener on one emitter", make: () => { const bus = emitter(); return () => void bus.on("x", () => undefined); }, grows: ['a listener of "x" on an EventEmitter: 24'] },
  { name: "… the same function each time", make: () => { const bus = emitter(); const f = (): void => undefined; return () => void bus.on("x", f); }, grows: ['a listener of "x" on an EventEmitter: 24'] },
  { name: "… once, and it comes", make: () => { const bus = emitter(); return async () => { const x = once(bus, "x"); bus.emit("x"); await x; }; }, grows: [] },
  { name: "… on an emitter of its own", make: () => () => void emitter().on("x", () => undefined), grows: [] },
  { name: "an interval for each call", make: () => () => void kept(setInterval(() => undefined, 1_000)), grows: ["an interval: 24"] },
  { name: "… cleared", make: () => () => clearInterval(setInterval(() => undefined, 1_000)), grows: [] },
  { name: "a timer that sets itself again", make: () => () => { const tick = (): void => void kept(setTimeout(tick, 1_000)); tick(); }, grows: ["a timer that is set again and again: 24"] },
  { name: "… that comes once, in an hour", make: () => () => void kept(setTimeout(() => undefined, 3_600_000)), grows: [] },
  { name: "a server that is never closed", make: () => async () => { const server = createServer(); later(() => server.close()); await listen(server); }, grows: ["a server that listens: 24"] },
  { name: "… closed", make: () => async () => { const server = createServer(); await listen(server); await new Promise((resolve) => server.close(resolve)); }, grows: [] },
  { name: "an await that nothing can settle", make: () => () => { void (async () => { await new Promise(() => undefined); })(); }, grows: ["an await that can never go on, proved: 24"] },
  { name: "an await that somebody holds", make: () => { const bus = emitter(); return () => { void (async () => { await new Promise((resolve) => bus.on("y", resolve)); })(); }; }, grows: ['a listener of "y" on an EventEmitter: 24', "an await that has not gone on: 24"] },
  { name: "an await that goes on", make: () => async () => { await sleep(1); }, grows: [] },
];

describe("what grows", () => {
  for (const { name, make, grows } of ROWS) {
    it(name, async () => {
      const { grown } = await repeatBody(make(), { repeat: TIMES, budget: 60_000 });
      assert.deepEqual(grown.map(({ what, count }) => `${what}: ${count}`), grows);
      for (const { user } of grown) assert.match(user.file, /growth\.test\.[jt]s$/);
    });
  }

  it("tells the line that added it", async () => {
    const map = new Map<object, number>();
    const { grown } = await repeatBody(() => added(map), { repeat: TIMES, budget: 60_000 });
    assert.deepEqual(grown.map(({ user }: GrownThing) => user.function), ["main.added"]);
  });

  it("what fails is the test's own failure", async () => {
    await assert.rejects(explore(() => Promise.reject(new Error("mine")), { repeat: TIMES, budget: 60_000 }), { message: "mine" });
  });

  it("a mode of explore: the finding in the report's form, and no finding", async () => {
    const bus = emitter();
    await assert.rejects(explore(() => void bus.on("x", () => undefined), { name: "listens", repeat: TIMES, budget: 60_000 }), (error: Error) => {
      assert.match(error.message, /grows: a listener of "x" on an EventEmitter; 24 after 24 repetitions\n .*growth\.test\.[jt]s:\d+ {3}a listener of "x" on an EventEmitter\n {4}why {2}each left one, and none of these has gone/);
      return true;
    });
    const { outcome, findings, coverage } = await explore(() => undefined, { repeat: TIMES, budget: 60_000 });
    assert.deepEqual([outcome, findings, coverage.complete], ["passed", [], false]);
  });

  it("fewer than eight repetitions show nothing: it cannot be told", async () => {
    await assert.rejects(explore(() => sleep(1), { name: "slow", repeat: 5, budget: 60_000 }), /CANNOT .*slow: 5 repetitions are too few/);
  });

  it("leaves nothing changed behind", async () => {
    const patched = (): readonly unknown[] => ([[Map.prototype, "set"], [Set.prototype, "add"], [Array.prototype, "push"], [EventTarget.prototype, "addEventListener"], [EventEmitter.prototype, "on"], [Date, "now"], [globalThis, "Date"]] as const).map(([owner, name]) => Reflect.get(owner, name) as unknown);
    const before = patched();
    await repeatBody(() => kept(setTimeout(() => undefined, 60_000)), { repeat: TIMES, budget: 60_000 });
    assert.deepEqual(patched(), before);
    assert.equal(Object.hasOwn(performance, "now"), false);
  });
});

function added(map: Map<object, number>): void {
  map.set({}, 1);
}
