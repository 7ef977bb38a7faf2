import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openSqliteStore } from "./sqlite-store.js";
import { memoryStore, type Scrape, type Store, type StoredGroup } from "./store.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-store-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const sqlite = (): Store => {
  const opened = openSqliteStore(join(folder, "sub", `${files++}.db`));
  assert.ok(opened.ok);
  return opened.value;
};

const group = (fingerprint: string): StoredGroup => ({ fingerprint, kind: "send", waitReason: "chan send", frame: { function: `main.${fingerprint}`, file: "/m.go", line: 7 } });
const scrape = (target: string, at: number, counts: Record<string, number>): Scrape => ({ target, at, total: 9, counts: new Map(Object.entries(counts)) });

for (const [name, open] of [["memory", memoryStore], ["sqlite", sqlite]] as const) {
  test(`${name}: S1, S3: what was put in comes back in order; prune forgets what is older only`, async () => {
    const store = open();
    await store.put(scrape("b", 2000, { x: 3 }), [group("x")]);
    await store.put(scrape("a", 1000, { x: 1, y: 4_000_000_000 }), [group("x"), group("y")]);
    await store.put(scrape("b", 3000, { y: 0 }), [group("y")]);
    assert.deepEqual(await store.targets(), ["a", "b"]);
    assert.deepEqual(await store.scrapes("b", 0), [scrape("b", 2000, { x: 3 }), scrape("b", 3000, { y: 0 })]);
    assert.deepEqual(await store.scrapes("b", 2001), [scrape("b", 3000, { y: 0 })]);
    assert.deepEqual(await store.scrapes("a", 0), [scrape("a", 1000, { x: 1, y: 4_000_000_000 })]);
    assert.deepEqual(await store.scrapes("nobody", 0), []);
    assert.deepEqual([...(await store.groups(["y", "z"])).values()], [group("y")]);
    assert.equal(await store.prune(2000), 1);
    assert.deepEqual(await store.scrapes("a", 0), []);
    assert.equal((await store.scrapes("b", 0)).length, 2);
    await store.close();
  });
}

test("sqlite: S2: opened again, it still knows", async () => {
  const file = join(folder, "again.db");
  for (const run of [1, 2]) {
    const opened = openSqliteStore(file);
    assert.ok(opened.ok);
    await opened.value.put(scrape("a", run * 1000, { x: run }), [group("x")]);
    assert.equal((await opened.value.scrapes("a", 0)).length, run);
    await opened.value.close();
  }
});

test("sqlite: a file that is none, and a folder that cannot be made, are one sentence", () => {
  const file = join(folder, "junk.db");
  writeFileSync(file, "no database, but long enough to be read as a page of one".repeat(100));
  const opened = openSqliteStore(file);
  assert.ok(!opened.ok && opened.error.startsWith(`${file}: cannot be opened as a store`), JSON.stringify(opened));
  const below = openSqliteStore(join(file, "x.db"));
  assert.ok(!below.ok);
});
