// The store in a real PostgreSQL (scripts/postgres.mjs): what every store keeps to, and what only this one has: leases, a server that is
// killed and comes back, several watches, passwords that nobody prints.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Pool } from "pg";
import { openPostgresStore } from "../../src/watch/postgres/open-postgres.js";
import { StoreError } from "../../src/watch/store-error.js";
import type { Store, StoredGroup } from "../../src/watch/store.js";
import { group, keepingConformance, look, scrape, storeConformance } from "../../src/watch/testing/store-conformance.js";
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
    assert.deepEqual(server.query("SELECT format FROM unpark_format", database), ["4"]);
    server.query("UPDATE unpark_format SET format = 99", database);
    const newer = await openPostgresStore(server.address(database), 1000);
    assert.ok(!newer.ok && newer.error.endsWith("written by a newer unpark (format 99)"), JSON.stringify(newer));
  });

  it("a database of the first format is brought to this one, and keeps what it has", async () => {
    const database = fresh();
    const first = await opened(database);
    await first.put([look("a", 1000, { x: 7 })]);
    await first.close();
    server.query("DROP TABLE unpark_watcher, unpark_hour, unpark_stack; ALTER TABLE unpark_group DROP COLUMN stack; ALTER TABLE unpark_target DROP COLUMN owner, DROP COLUMN freed; UPDATE unpark_format SET format = 1", database);
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

  it("a stack is there once for all groups that have it, and goes a day after the last of them; a store without stacks gets them", async () => {
    const database = fresh();
    const first = await opened(database);
    await first.put([look("t", 9 * DAY, { a: 1, b: 1, c: 1 })]);
    await first.close();
    server.query("DROP TABLE unpark_stack; ALTER TABLE unpark_group DROP COLUMN stack; UPDATE unpark_format SET format = 3", database);
    const store = await opened(database);
    assert.deepEqual([...(await store.groups(["a"])).values()], [group("a")]);
    const withStack = (fingerprint: string, line: number): StoredGroup => ({ ...group(fingerprint), stack: [{ function: "main.f", file: "/m.go", line }, { function: "main.g", file: "/m.go", line: 1 }] });
    await store.put([{ scrape: scrape("t", 10 * DAY, { a: 1, b: 1, c: 1 }), groups: [withStack("a", 7), withStack("b", 7), withStack("c", 8)] }]);
    const stacks = (): readonly string[] => server.query("SELECT frames FROM unpark_stack ORDER BY frames", database);
    assert.deepEqual(stacks(), [7, 8].map((line) => `[["main.f","/m.go",${line}],["main.g","/m.go",1]]`));
    assert.deepEqual([...(await store.groups(["a", "b", "c"])).values()], [withStack("a", 7), withStack("b", 7), withStack("c", 8)]);
    await store.put([{ scrape: scrape("u", 16 * DAY, { b: 1 }), groups: [withStack("b", 7)] }]);
    await store.prune(15 * DAY);
    assert.equal(stacks().length, 1);
    await store.prune(19 * DAY);
    assert.equal(stacks().length, 0);
    await store.close();
  });

  describe("hours that are over", () => {
    const HOUR = 3_600_000;
    const rows = (database: string): readonly string[] => server.query("SELECT (SELECT count(*) FROM unpark_scrape), (SELECT count(*) FROM unpark_hour)", database);
    const whole = async (store: Store): Promise<boolean> => store.pack!(5 * DAY + 2 * HOUR + 1000);

    it("are a row for each target, and tell what they told before; the hour that is under way stays as it is", async () => {
      const database = fresh();
      const store = await opened(database);
      const looks = ["a", "b"].flatMap((target) => Array.from({ length: 150 }, (_, minute) => look(target, 5 * DAY + minute * 60_000, { x: minute, [`y${minute % 7}`]: 4_000_000_000 - minute, ...(minute % 2 === 0 ? { z: 0 } : {}) })));
      await store.put(looks);
      const told = async (one: Store): Promise<unknown> => [await one.scrapes("a", 0), await one.scrapes("b", 5 * DAY + 90 * 60_000), await one.scrapes("a", 0, 600_000), await one.scrapes("a", 0, 3 * HOUR)];
      const before = await told(store);
      assert.equal(await whole(store), true);
      assert.deepEqual(rows(database), ["60|4"]);
      assert.deepEqual(await told(store), before);
      const other = await opened(database);
      assert.deepEqual(await told(other), before);
      assert.deepEqual(server.query("SELECT max(length(looks)) < 1000 FROM unpark_hour", database), ["t"]);
      await Promise.all([store, other].map((one) => one.close()));
    });

    it("take in looks that come later; one that is put again is one, and two that differ at one moment are two", async () => {
      const database = fresh();
      const store = await opened(database);
      await store.put([look("a", 5 * DAY + 1000, { x: 1 }), look("a", 5 * DAY + 3000, { x: 3 })]);
      await whole(store);
      await store.put([look("a", 5 * DAY + 2000, { y: 2 }), look("a", 5 * DAY + 3000, { x: 3 }), look("a", 5 * DAY + 1000, { x: 7 })]);
      const expected = [[1000, { x: 1 }], [1001, { x: 7 }], [2000, { y: 2 }], [3000, { x: 3 }]];
      const told = async (): Promise<unknown> => (await store.scrapes("a", 0)).map(({ at, counts }) => [at - 5 * DAY, Object.fromEntries(counts)]);
      assert.deepEqual(await told(), expected);
      const second = await opened(database); // it does not know that these hours were done
      await whole(second);
      assert.deepEqual(rows(database), ["0|1"]);
      assert.deepEqual(await told(), expected);
      await Promise.all([store, second].map((one) => one.close()));
    });

    it("are packed by several watches at a time while looks come, and none is lost or there twice", async () => {
      const database = fresh();
      const stores = await Promise.all([1, 2, 3].map(() => opened(database)));
      const put = stores.map(async (store, which) => {
        for (let minute = 0; minute < 120; minute += 4) await store.put(Array.from({ length: 4 }, (_, i) => look(`t${which}`, 5 * DAY + (minute + i) * 60_000, { x: minute + i })));
      });
      const packs = stores.map(async (store) => {
        for (let minute = 1; minute <= 121; minute += 20) await store.pack!(5 * DAY + minute * 60_000);
      });
      await Promise.all([...put, ...packs]);
      const last = await opened(database);
      while (!(await whole(last)));
      assert.deepEqual(rows(database), ["0|6"]);
      for (const target of ["t0", "t1", "t2"]) assert.deepEqual((await last.scrapes(target, 0)).map(({ counts }) => counts.get("x")), Array.from({ length: 120 }, (_, i) => i));
      await Promise.all([...stores, last].map((store) => store.close()));
    });

    it("of a day that is over leave no part of the table; a look that comes for it makes the part again", async () => {
      const database = fresh();
      const [store, other] = await Promise.all([opened(database), opened(database)]);
      await store.put([look("a", 3 * DAY + 1000, { x: 1 })]);
      await other.put([look("a", 3 * DAY + 2000, { x: 2 })]);
      await whole(store);
      assert.deepEqual(server.query("SELECT to_regclass('unpark_scrape_d3') IS NULL, to_regclass('unpark_hour_d3') IS NULL", database), ["t|f"]);
      // What it knew of the part is not so any more: another attempt, as a watch makes it (saver.ts).
      await assert.rejects(other.put([look("a", 3 * DAY + 3000, { x: 3 })]), (error) => error instanceof StoreError && error.busy);
      await other.put([look("a", 3 * DAY + 3000, { x: 3 })]);
      assert.deepEqual((await store.scrapes("a", 0)).map(({ counts }) => counts.get("x")), [1, 2, 3]);
      await Promise.all([store, other].map((one) => one.close()));
    });

    it("and days that are new do not wait for who reads everything for long, as pg_dump does", async () => {
      const database = fresh();
      const store = await opened(database);
      await store.put([look("a", 3 * DAY + 1000, { x: 1 })]);
      const reader = new Pool({ connectionString: server.address(database), max: 1 });
      const dump = await reader.connect();
      await dump.query("BEGIN; LOCK TABLE unpark_scrape, unpark_hour IN ACCESS SHARE MODE");
      await store.put([look("a", 5 * DAY + 1000, { x: 2 })]);
      await whole(store);
      await store.prune(5 * DAY);
      assert.deepEqual(rows(database), ["0|2"]);
      await dump.query("COMMIT");
      dump.release();
      await reader.end();
      await store.prune(5 * DAY);
      assert.deepEqual(rows(database), ["0|1"]);
      await store.close();
    });

    it("of a store of the format before are packed as well", async () => {
      const database = fresh();
      const first = await opened(database);
      await first.put(Array.from({ length: 90 }, (_, minute) => look("a", 4 * DAY + minute * 60_000, { x: minute })));
      const before = await first.scrapes("a", 0);
      await first.close();
      server.query("DROP TABLE unpark_hour, unpark_stack; ALTER TABLE unpark_group DROP COLUMN stack; UPDATE unpark_format SET format = 2", database);
      const second = await opened(database);
      assert.deepEqual(await second.scrapes("a", 0), before);
      await whole(second);
      assert.deepEqual(rows(database), ["0|2"]);
      assert.deepEqual(await second.scrapes("a", 0), before);
      await second.close();
    });
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
