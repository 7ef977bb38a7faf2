// The store in a real PostgreSQL (scripts/postgres.mjs): what every store keeps to, and what only this one has: leases, a server that is
// killed and comes back, several watches, passwords that nobody prints.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openPostgresStore } from "../../src/watch/postgres/open-postgres.js";
import { StoreError } from "../../src/watch/store-error.js";
import type { Store } from "../../src/watch/store.js";
import { keepingConformance, look, storeConformance } from "../../src/watch/testing/store-conformance.js";
import { noServer, PostgresServer } from "./postgres-server.js";

const DAY = 86_400_000;
let server: PostgresServer;
let databases = 0;

/** A database of its own. */
function fresh(): string {
  const name = `t${databases++}`;
  server.query(`CREATE DATABASE ${name}`);
  return name;
}

async function opened(database: string, leaseMs = 10_000): Promise<Store> {
  const store = await openPostgresStore(server.address(database), leaseMs);
  assert.ok(store.ok, store.ok ? "" : store.error);
  return store.value;
}

const conforming = async () => {
  const database = fresh();
  return { store: await opened(database), again: () => opened(database) };
};

/** As a watch with a lease of `leaseMs`: its share, renewed by hand. */
const shares = async (stores: readonly Store[], wanted: readonly (readonly string[])[], turns: number): Promise<readonly (readonly string[])[]> => {
  const last: (readonly string[])[] = stores.map(() => []);
  for (let turn = 0; turn < turns; turn++) {
    for (const [i, store] of stores.entries()) last[i] = [...(await store.sharing!.share(wanted[i]!)).mine].sort();
  }
  return last;
};

const names = (from: number, to: number): readonly string[] => Array.from({ length: to - from }, (_, i) => `t${String(from + i).padStart(3, "0")}`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("the store in PostgreSQL", { skip: noServer }, () => {
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server?.close());

  storeConformance("postgres", conforming);
  keepingConformance("postgres", conforming);

  it("makes its tables once, however many watches begin at a time; a newer format is refused", async () => {
    const database = fresh();
    const stores = await Promise.all([1, 2, 3, 4].map(() => opened(database)));
    await Promise.all(stores.map((store, i) => store.put([look(`t${i}`, 1000 + i, { x: 1 })])));
    assert.equal((await stores[0]!.targets()).length, 4);
    await Promise.all(stores.map((store) => store.close()));
    assert.deepEqual(server.query("SELECT format FROM unpark_format", database), ["2"]);
    server.query("UPDATE unpark_format SET format = 99", database);
    const newer = await openPostgresStore(server.address(database), 1000);
    assert.ok(!newer.ok && newer.error.endsWith("written by a newer unpark (format 99)"), JSON.stringify(newer));
  });

  it("a database of the first format is brought to this one, and keeps what it has", async () => {
    const database = fresh();
    const first = await opened(database);
    await first.put([look("a", 1000, { x: 7 })]);
    await first.close();
    server.query("DROP TABLE unpark_watcher; ALTER TABLE unpark_target DROP COLUMN owner, DROP COLUMN freed; UPDATE unpark_format SET format = 1", database);
    const second = await opened(database);
    assert.equal((await second.scrapes("a", 0))[0]?.counts.get("x"), 7);
    assert.deepEqual([...(await second.sharing!.share(["a"])).mine], ["a"]);
    await second.close();
  });

  it("a day is a partition: forgetting one drops a table; names go a day later", async () => {
    const database = fresh();
    const store = await opened(database);
    for (const day of [10, 11, 12]) await store.put([look("a", day * DAY + 5, { [`g${day}`]: 1 })]);
    const partitions = (): readonly string[] => server.query("SELECT relname FROM pg_class WHERE relname ~ '^unpark_scrape_d' AND relkind = 'r' ORDER BY 1", database);
    assert.deepEqual(partitions(), ["unpark_scrape_d10", "unpark_scrape_d11", "unpark_scrape_d12", "unpark_scrape_d13"]);
    await store.prune(12 * DAY);
    assert.deepEqual(partitions(), ["unpark_scrape_d12", "unpark_scrape_d13"]);
    assert.deepEqual([...(await store.groups(["g10", "g11", "g12"])).keys()], ["g11", "g12"]);
    await store.close();
  });

  it("a group stands once for all targets; a look of thirty groups takes less than a hundred bytes", async () => {
    const database = fresh();
    const store = await opened(database);
    const counts = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`g${i}`, (i * 37) % 400]));
    await store.put(Array.from({ length: 100 }, (_, i) => look(`t${i}`, 1000, counts)));
    assert.deepEqual(server.query("SELECT count(*), (SELECT max(length(counts)) < 100 FROM unpark_scrape) FROM unpark_group", database), ["30|t"]);
    await store.close();
  });

  it("what was acknowledged is there after the server was killed; while it is away, a look is refused in words; the same look again is one", async () => {
    const database = fresh();
    const store = await opened(database);
    const acknowledged: number[] = [];
    let failed = 0;
    let at = 1000;
    const writing = (async () => {
      for (let isBack = false; !isBack; at++) {
        try {
          await store.put([look("a", at, { x: at })]);
          acknowledged.push(at);
          isBack = failed > 0;
        } catch (error) {
          assert.ok(error instanceof StoreError && error.message.includes("cannot be reached"), String(error));
          assert.ok(!error.message.includes(server.password));
          failed++;
          at--; // again
          await pause(50);
        }
      }
    })();
    while (acknowledged.length < 100) await pause(5);
    await server.kill();
    while (failed === 0) await pause(5);
    await server.start();
    await writing;
    const kept = (await store.scrapes("a", 0)).map((one) => one.at);
    assert.deepEqual(kept, acknowledged);
    await store.close();
  });

  it("no password is in any error; each says what is wrong", async () => {
    const wrong = "wr0ng-word";
    const cases = [
      [server.address("postgres", wrong), /does not let this user in/],
      [server.address("nowhere"), /does not let this user in, or has no such database/],
      [`postgres://unpark:${wrong}@127.0.0.1:1/x`, /cannot be reached/],
      [`postgres://unpark:${wrong}@no.such.host.invalid/x`, /cannot be reached/],
      [`postgres:unpark:${wrong}@host`, /is no store: expected postgres:/],
      [`postgres://unpark:${wrong}@127.0.0.1:99999/x`, /is no store: expected postgres:/],
    ] as const;
    for (const [address, words] of cases) {
      const store = await openPostgresStore(address, 1000);
      assert.ok(!store.ok);
      assert.match(store.error, words);
      assert.ok(!store.error.includes(wrong) && !store.error.includes(server.password), store.error);
    }
  });

  describe("leases", () => {
    it("L1: three watches of ten targets: each target is one's alone, no part is larger than a third and one", async () => {
      const database = fresh();
      const stores = await Promise.all([1, 2, 3].map(() => opened(database)));
      const all = names(0, 10);
      const alone = await shares(stores.slice(0, 1), [all], 1);
      assert.deepEqual(alone[0], all);
      const parts = await shares(stores, [all, all, all], 4);
      assert.deepEqual(parts.flat().sort(), all);
      assert.deepEqual(parts.map(({ length }) => length).sort(), [2, 4, 4]);
      await Promise.all(stores.map((store) => store.close()));
    });

    it("L1: of 2,000 targets that have been nobody's for long a second watch gets half, whatever the server plans", async () => {
      const database = fresh();
      const [a, b] = await Promise.all([opened(database), opened(database)]);
      const all = names(0, 2000);
      await a.sharing!.share(all);
      await a.sharing!.leave();
      server.query("UPDATE unpark_target SET freed = now() - interval '1 hour'", database);
      server.query("VACUUM ANALYZE", database);
      assert.equal((await a.sharing!.share(all)).mine.size, 2000);
      assert.equal((await b.sharing!.share(all)).mine.size, 0);
      assert.equal((await a.sharing!.share(all)).mine.size, 1000);
      assert.equal((await b.sharing!.share(all)).mine.size, 1000);
      await Promise.all([a, b].map((store) => store.close()));
    });

    it("L1: eight that ask at the same moment never have the same target", async () => {
      const database = fresh();
      const stores = await Promise.all(Array.from({ length: 8 }, () => opened(database, 60_000)));
      const all = names(0, 200);
      for (let turn = 0; turn < 10; turn++) {
        const parts = await Promise.all(stores.map((store) => store.sharing!.share(all)));
        const had = parts.flatMap(({ mine }) => [...mine]);
        assert.equal(new Set(had).size, had.length);
        if (turn < 9) continue;
        assert.deepEqual(had.sort(), all);
        assert.deepEqual(parts.map(({ mine }) => mine.size), Array(8).fill(25));
      }
      await Promise.all(stores.map((store) => store.close()));
    });

    it("L2: what one had that died is taken over within its lease and two turns; one that leaves gives back at once", async () => {
      const database = fresh();
      const [a, b, c] = await Promise.all([1, 2, 3].map(() => opened(database, 600)));
      const all = names(0, 9);
      const parts = await shares([a!, b!, c!], [all, all, all], 3);
      assert.deepEqual(parts.map(({ length }) => length), [3, 3, 3]);
      await a!.sharing!.leave();
      assert.equal((await shares([b!, c!], [all, all], 1)).flat().length, 9);
      const died = performance.now(); // b says nothing more
      let mine = new Set<string>();
      while (mine.size < 9) {
        mine = new Set((await c!.sharing!.share(all)).mine);
        await pause(c!.sharing!.renewMs);
      }
      assert.ok(performance.now() - died >= 400, "not before the lease is over");
      // It was only away: what it is told now is true, and nothing of it is the other's.
      const back = await shares([b!, c!], [all, all], 4);
      assert.deepEqual(back.flat().sort(), all);
      await Promise.all([a, b, c].map((store) => store!.close()));
    });

    it("L2: watches that want different targets: what only one wants is its own, beyond any fair part", async () => {
      const database = fresh();
      const [a, b] = await Promise.all([1, 2].map(() => opened(database, 300)));
      const wanted = [names(0, 12), names(8, 12)] as const;
      let parts: readonly (readonly string[])[] = [];
      for (let turn = 0; turn < 8; turn++) {
        parts = await shares([a!, b!], wanted, 1);
        await pause(100);
      }
      assert.deepEqual(parts.flat().sort(), names(0, 12));
      assert.ok(parts[1]!.length >= 1 && parts[1]!.every((name) => name >= "t008"), JSON.stringify(parts));
      const settled = await shares([a!, b!], wanted, 3);
      assert.deepEqual(settled, parts, "nothing goes to and fro");
      // What is not wanted any more is another's.
      assert.deepEqual((await shares([a!, b!], [names(0, 8), names(8, 12)], 3))[1], names(8, 12));
      await Promise.all([a, b].map((store) => store!.close()));
    });
  });
});
