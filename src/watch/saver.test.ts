import assert from "node:assert/strict";
import { test } from "node:test";
import { Saver } from "./saver.js";
import { StoreError } from "./store-error.js";
import { memoryStore, type Look, type Store } from "./store.js";

const look = (at: number, names = 1): Look => ({ scrape: { target: "a", at, total: at, counts: new Map(Array.from({ length: names }, (_, i) => [`g${i}`, 1])) }, groups: [] });
const busy = new StoreError("x.db", { code: "SQLITE_BUSY", message: "database is locked" });
const full = new StoreError("x.db", { code: "SQLITE_FULL", message: "database or disk is full" });

/** A store that fails with what stands at the front of `faults`. */
function failing(faults: (StoreError | undefined)[]): { readonly store: Store; readonly inner: Store } {
  const inner = memoryStore();
  const store: Store = { ...inner, put: async (looks) => {
    const fault = faults.shift();
    if (fault) throw fault;
    await inner.put(looks);
  } };
  return { store, inner };
}

function saver(store: Store): { readonly saver: Saver; readonly saved: number[]; readonly troubles: string[] } {
  const saved: number[] = [];
  const troubles: string[] = [];
  return { saved, troubles, saver: new Saver(store, { onSaved: ({ scrape }) => void saved.push(scrape.at), onTrouble: ({ error, waiting, dropped }) => void troubles.push(`${error} ${waiting} ${dropped}`) }, new AbortController().signal) };
}

test("V1: each look is told as saved once, in order, also when several are given at once", async () => {
  const { store, inner } = failing([]);
  const one = saver(store);
  await Promise.all([1, 2, 3].map((at) => one.saver.save(look(at))));
  assert.deepEqual(one.saved, [1, 2, 3]);
  assert.equal((await inner.scrapes("a", 0)).length, 3);
});

test("V2: a store that is busy is asked again; one that is full is told of, and what waits is put when it can be", async () => {
  const { store } = failing([busy, busy, undefined, full, full, undefined]);
  const one = saver(store);
  await one.saver.save(look(1));
  assert.deepEqual([one.saved, one.troubles], [[1], []]);
  await one.saver.save(look(2));
  await one.saver.save(look(3));
  assert.deepEqual([one.saved, one.troubles], [[1], ["x.db: the disk is full 1 0", "x.db: the disk is full 2 0"]]);
  await one.saver.save(look(4));
  assert.deepEqual(one.saved, [1, 2, 3, 4]);
});

test("V3: what waits is bounded, by looks and by names; what is dropped is counted", async () => {
  const many = saver(failing(Array<StoreError>(100_000).fill(full)).store);
  for (let at = 0; at < 10_005; at++) void many.saver.save(look(at));
  await many.saver.flush();
  assert.equal(many.saver.waiting, 10_000);
  assert.match(many.troubles.at(-1)!, / 10000 5$/);
  const wide = saver(failing(Array<StoreError>(100).fill(full)).store);
  for (let at = 0; at < 5; at++) await wide.saver.save(look(at, 900_000));
  assert.equal(wide.saver.waiting, 2);
});

test("every SQLite error that a disk or another process causes has a sentence of its own", () => {
  const rows = [
    ["SQLITE_CORRUPT", "database disk image is malformed", "damaged"], ["SQLITE_READONLY", "attempt to write a readonly database", "may not be written"],
    ["SQLITE_IOERR_WRITE", "disk I/O error", "does not read or write"], ["ERR_SQLITE_ERROR", "database is locked", "another process"], ["SQLITE_CANTOPEN", "unable to open database file", "cannot be opened"],
    ["", "Unexpected token a in JSON at position 0", "damaged"],
  ] as const;
  for (const [code, message, words] of rows) assert.ok(new StoreError("x.db", { code, message }).message.includes(words), message);
});
