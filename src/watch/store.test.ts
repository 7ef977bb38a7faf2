import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openDatabase } from "./sqlite-driver.js";
import { openSqliteStore } from "./sqlite-store.js";
import { memoryStore, type Store, type StoredGroup } from "./store.js";
import { group, keepingConformance, scrape, storeConformance } from "./testing/store-conformance.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-store-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const DAY = 86_400_000;
const sqlite = async (): Promise<{ readonly store: Store; readonly again: () => Promise<Store> }> => {
  const file = join(folder, "sub", `${files++}.db`);
  const again = (): Promise<Store> => {
    const opened = openSqliteStore(file);
    assert.ok(opened.ok);
    return Promise.resolve(opened.value);
  };
  return { store: await again(), again };
};

storeConformance("memory", () => {
  const store = memoryStore();
  return Promise.resolve({ store, again: () => Promise.resolve(store) });
});
storeConformance("sqlite", sqlite);
keepingConformance("sqlite", sqlite);

const stored = (file: string, sql: string): readonly unknown[] => {
  const db = openDatabase(file)!;
  const rows = db.prepare(sql).all();
  db.close();
  return rows.map((row): readonly unknown[] => Object.values(row as object));
};
const withStack = (fingerprint: string, line: number): StoredGroup => ({ ...group(fingerprint), stack: [{ function: "main.f", file: "/m.go", line }, { function: "main.g", file: "/m.go", line: 1 }] });

test("sqlite: a stack is there once for all groups that have it, and goes with the last of them", async () => {
  const file = join(folder, "stacks.db");
  const opened = openSqliteStore(file);
  assert.ok(opened.ok);
  const store = opened.value;
  await store.put([{ scrape: scrape("t", DAY, { a: 1, b: 1, c: 1 }), groups: [withStack("a", 7), withStack("b", 7), withStack("c", 8)] }, { scrape: scrape("u", 2 * DAY, { b: 1 }), groups: [withStack("b", 7)] }]);
  const lines = (): readonly unknown[] => stored(file, "SELECT frames FROM stack ORDER BY frames");
  assert.deepEqual(lines(), [7, 8].map((line) => [`[["main.f","/m.go",${line}],["main.g","/m.go",1]]`]));
  await store.prune(2 * DAY);
  assert.equal(lines().length, 1);
  await store.prune(3 * DAY);
  assert.equal(lines().length, 0);
  await store.close();
});

test("sqlite: a store of format 2, without stacks, keeps what it has; stacks are known from the next look on", async () => {
  const file = join(folder, "format2.db");
  const db = openDatabase(file)!;
  db.exec("CREATE TABLE target (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE); CREATE TABLE grp (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, data TEXT NOT NULL, seen INTEGER NOT NULL DEFAULT 0); CREATE TABLE scrape (target INTEGER NOT NULL, at INTEGER NOT NULL, total INTEGER NOT NULL, counts BLOB NOT NULL, PRIMARY KEY (target, at)) WITHOUT ROWID; PRAGMA user_version = 2");
  const { fingerprint, ...data } = group("x");
  db.prepare("INSERT INTO grp (id, fingerprint, data, seen) VALUES (1, ?, ?, 1000)").run(fingerprint, JSON.stringify(data));
  db.prepare("INSERT INTO target (id, name) VALUES (1, ?)").run("t");
  db.prepare("INSERT INTO scrape (target, at, total, counts) VALUES (1, 1000, ?, ?)").run(9, new Uint8Array(new Uint32Array([1, 5]).buffer));
  db.close();
  const all = await Promise.all([1, 2].map(async () => openSqliteStore(file)));
  const [store, other] = all.map((one) => (assert.ok(one.ok), one.value)) as [Store, Store];
  assert.deepEqual(await store.scrapes("t", 0), [scrape("t", 1000, { x: 5 })]);
  assert.deepEqual([...(await store.groups(["x"])).values()], [group("x")]);
  await other.put([{ scrape: scrape("t", DAY, { x: 6 }), groups: [withStack("x", 7)] }]);
  assert.deepEqual([...(await store.groups(["x"])).values()], [withStack("x", 7)]);
  await Promise.all([store, other].map((one) => one.close()));
  assert.deepEqual(stored(file, "PRAGMA user_version"), [[3]]);
});

test("sqlite: a file that is none, and a folder that cannot be made, are one sentence", () => {
  const file = join(folder, "junk.db");
  writeFileSync(file, "no database, but long enough to be read as a page of one".repeat(100));
  const opened = openSqliteStore(file);
  assert.ok(!opened.ok && opened.error.startsWith(`${file}: cannot be opened as a store`), JSON.stringify(opened));
  const below = openSqliteStore(join(file, "x.db"));
  assert.ok(!below.ok);
});
