import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openSqliteStore } from "./sqlite-store.js";
import { memoryStore, type Store } from "./store.js";
import { keepingConformance, storeConformance } from "./testing/store-conformance.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-store-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
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

test("sqlite: a file that is none, and a folder that cannot be made, are one sentence", () => {
  const file = join(folder, "junk.db");
  writeFileSync(file, "no database, but long enough to be read as a page of one".repeat(100));
  const opened = openSqliteStore(file);
  assert.ok(!opened.ok && opened.error.startsWith(`${file}: cannot be opened as a store`), JSON.stringify(opened));
  const below = openSqliteStore(join(file, "x.db"));
  assert.ok(!below.ok);
});
