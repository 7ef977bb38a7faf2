import assert from "node:assert/strict";
import { test } from "node:test";
import type { Stack } from "../../model/goroutine/stack.js";
import type { Look, Scrape, Store, StoredGroup } from "../store.js";

const DAY = 86_400_000;

export const group = (fingerprint: string): StoredGroup => ({ fingerprint, kind: "send", waitReason: "chan send", frame: { function: `main.${fingerprint}`, file: "/m.go", line: 7 } });
export const scrape = (target: string, at: number, counts: Record<string, number>): Scrape => ({ target, at, total: 9, counts: new Map(Object.entries(counts)) });
export const look = (target: string, at: number, counts: Record<string, number>): Look => ({ scrape: scrape(target, at, counts), groups: Object.keys(counts).map(group) });

/**
 * What every store keeps to (store.ts). `open` opens a new store, `again` the same one beside it: another watch's, or the next one's.
 */
export function storeConformance(name: string, open: () => Promise<{ readonly store: Store; readonly again: () => Promise<Store> }>): void {
  void test(`${name}: S1: what was put in comes back in order, each target's alone`, async () => {
    const { store } = await open();
    await store.put([look("b", 2000, { x: 3 })]);
    await store.put([look("a", 1000, { x: 1, y: 4_000_000_000 }), { scrape: scrape("b", 3000, { y: 0 }), groups: [] }, look("b", 1500, {})]);
    await store.put([]);
    assert.deepEqual(await store.targets(), ["a", "b"]);
    assert.deepEqual(await store.scrapes("b", 0), [scrape("b", 1500, {}), scrape("b", 2000, { x: 3 }), scrape("b", 3000, { y: 0 })]);
    assert.deepEqual(await store.scrapes("b", 2001), [scrape("b", 3000, { y: 0 })]);
    assert.deepEqual(await store.scrapes("a", 0), [scrape("a", 1000, { x: 1, y: 4_000_000_000 })]);
    assert.deepEqual(await store.scrapes("b", 0, 2000), [scrape("b", 1500, {}), scrape("b", 2000, { x: 3 })]);
    assert.deepEqual(await store.scrapes("nobody", 0), []);
    assert.deepEqual([...(await store.groups(["y", "z"])).values()], [group("y")]);
    await store.close();
  });

  void test(`${name}: of a group the newest that is known`, async () => {
    const { store } = await open();
    const moved: StoredGroup = { ...group("x"), frame: { function: "main.x", file: "/m.go", line: 8 }, label: "tenant=a" };
    await store.put([look("a", 1000, { x: 1 })]);
    await store.put([{ scrape: scrape("a", 2 * DAY, { x: 1 }), groups: [moved] }]);
    assert.deepEqual([...(await store.groups(["x"])).values()], [moved]);
    await store.close();
  });

  void test(`${name}: of a group the whole stack that was given last, also where looks after it give none`, async () => {
    const { store, again } = await open();
    const stack = (line: number): Stack => [{ function: "main.x", file: "/m.go", line }, { function: "net/http.(*conn).serve", file: "/go/net/http/server.go", line: 2122 }];
    const withStack = (fingerprint: string, line: number): StoredGroup => ({ ...group(fingerprint), stack: stack(line) });
    await store.put([{ scrape: scrape("a", 1000, { x: 1, y: 1, z: 1 }), groups: [withStack("x", 7), withStack("y", 7), group("z")] }]);
    await store.put([look("a", DAY, { x: 1 }), look("b", DAY, { y: 1 })]);
    const other = await again();
    assert.deepEqual([...(await other.groups(["x", "y", "z"])).values()].map(({ stack: one }) => one), [stack(7), stack(7), undefined]);
    await other.put([{ scrape: scrape("a", 2 * DAY, { x: 1 }), groups: [withStack("x", 9)] }]);
    assert.deepEqual([...(await store.groups(["x", "y"])).values()].map(({ stack: one }) => one), [stack(9), stack(7)]);
    await other.close();
    await store.close();
  });

  void test(`${name}: two looks at one target in one millisecond are two`, async () => {
    const { store } = await open();
    await store.put([look("a", 1000, { x: 1 }), look("a", 1000, { x: 2 })]);
    await store.put([look("a", 1000, { x: 3 })]);
    assert.deepEqual((await store.scrapes("a", 0)).map(({ counts }) => counts.get("x")).sort(), [1, 2, 3]);
    await store.close();
  });

  void test(`${name}: S3: prune takes what is older by a day or more, and nothing that is newer; names go with their looks`, async () => {
    const { store, again } = await open();
    const other = await again();
    await store.put([look("t", DAY, { old: 1 }), look("gone", DAY, { old: 1 })]);
    await other.put([look("t", DAY + 1, { old: 1 }), look("t", DAY + 2, { stays: 1 })]);
    await store.put([look("t", 4 * DAY, { stays: 1 }), look("t", 4 * DAY + 1, { stays: 2 })]);
    await store.prune(4 * DAY + 1);
    assert.ok((await store.scrapes("t", 0)).every(({ at }) => at >= 4 * DAY));
    assert.equal((await store.scrapes("t", 4 * DAY + 1)).length, 1);
    assert.deepEqual([...(await store.groups(["old", "stays"])).keys()], ["stays"]);
    await other.put([look("t", 4 * DAY + 2, { old: 1 })]); // the number that it knows was given up
    assert.deepEqual((await store.scrapes("t", 4 * DAY + 1)).map(({ counts }) => [...counts.keys()]), [["stays"], ["old"]]);
    await other.close();
    await store.close();
  });

  void test(`${name}: two watches at a time, the same targets and groups: all that was acknowledged is there`, async () => {
    const { store, again } = await open();
    const other = await again();
    const names = Array.from({ length: 30 }, (_, i) => `g${i}`);
    const counts = (n: number): Record<string, number> => Object.fromEntries(names.map((one, i) => [one, n * 100 + i]));
    await Promise.all([store, other].map(async (one, which) => {
      for (let i = 0; i < 20; i++) await one.put(Array.from({ length: 10 }, (_, target) => look(`t${target}`, 1000 * i, counts(which * 1000 + i))));
    }));
    for (let target = 0; target < 10; target++) {
      const kept = (await store.scrapes(`t${target}`, 0)).map(({ counts: one }) => one.get("g7"));
      assert.deepEqual(kept.sort((a, b) => a! - b!), [0, 1000].flatMap((base) => Array.from({ length: 20 }, (_, i) => (base + i) * 100 + 7)));
    }
    await other.close();
    await store.close();
  });
}

/** S2, of stores that are somewhere. */
export function keepingConformance(name: string, open: () => Promise<{ readonly store: Store; readonly again: () => Promise<Store> }>): void {
  void test(`${name}: S2: opened again, it still knows`, async () => {
    const { store, again } = await open();
    await store.put([look("a", 1000, { x: 1 })]);
    await store.close();
    const second = await again();
    await second.put([look("a", 2000, { x: 2 })]);
    assert.deepEqual((await second.scrapes("a", 0)).map(({ at, counts }) => [at, counts.get("x")]), [[1000, 1], [2000, 2]]);
    await second.close();
  });
}
