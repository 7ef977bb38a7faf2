import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import { nanos } from "../../src/model/ids.js";
import type { WatchEvent, WatchSummary } from "../../src/model/results/watching.js";
import { BOMBS } from "../../src/parse/testing/hostile-shapes.js";
import { openStore } from "../../src/pipeline/services/history.js";
import { watch } from "../../src/pipeline/services/watch.js";
import { DEFAULT_GROWTH } from "../../src/watch/growth.js";
import { openDatabase } from "../../src/watch/sqlite-driver.js";
import { inspectOptions, named } from "./services.js";

/** A store that is shared, locked, old or damaged; a clock that is set; targets that are hostile: the watch goes on, and nothing acknowledged is lost. */
const folder = mkdtempSync(join(tmpdir(), "unpark-watch-store-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);
const DUMP = path("one.txt");
writeFileSync(DUMP, "goroutine 1 [select]:\nmain.f()\n\t/a.go:1 +0x1\n\n");
const SECRET = "hunter2canary";

interface Watched {
  readonly summary: WatchSummary;
  readonly events: readonly WatchEvent[];
  readonly scraped: readonly number[];
}

async function watched(file: string | undefined, sources: readonly string[], looks: number, more: { readonly now?: () => bigint; readonly each?: (n: number) => void; readonly enough?: (events: readonly WatchEvent[]) => boolean; readonly intervalMs?: number } = {}): Promise<Watched> {
  const store = await openStore(file);
  assert.ok(store.ok, store.ok ? "" : store.error);
  const stop = new AbortController();
  const events: WatchEvent[] = [];
  let seen = 0;
  const now = more.now ?? ((): bigint => BigInt(Date.now()) * 1_000_000n);
  const summary = await watch(named(sources), {
    ...inspectOptions({ signal: stop.signal, debug: 0, cwd: folder, now: () => nanos(now()) }),
    store: store.value, intervalMs: more.intervalMs ?? 10, keepMs: 720 * 3_600_000, growth: DEFAULT_GROWTH, alarm: "rise" as const, onEvent: (event) => void events.push(event),
    onView: () => {
      seen++;
      more.each?.(seen);
      if (seen >= looks || more.enough?.(events) === true) stop.abort();
    },
  });
  await store.value.close();
  return { summary, events, scraped: events.flatMap((event) => (event.kind === "scraped" ? [event.at] : [])) };
}

const rows = (file: string): readonly { readonly at: number; readonly total: number }[] => {
  const db = openDatabase(file)!;
  const found = db.prepare("SELECT at, total FROM scrape ORDER BY at").all() as { at: number; total: number }[];
  db.close();
  return found;
};
const lost = (file: string, scraped: readonly number[]): readonly number[] => {
  const kept = new Set(rows(file).map(({ at }) => at));
  return scraped.filter((at) => !kept.has(at));
};

test("three watches at a time, one store, new at first: all end well, and every acknowledged look is there", async () => {
  const file = path("three.db");
  const runs = await Promise.all([1, 2, 3].map(() => new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [BIN, "watch", "--interval", "10ms", "--until", "2s", "--json", "--store", file, DUMP]);
    let out = "";
    let said = "";
    child.stdout.on("data", (data: Buffer) => void (out += String(data)));
    child.stderr.on("data", (data: Buffer) => void (said += String(data)));
    child.on("close", (code) => resolve({ code, out, err: said }));
  })));
  assert.deepEqual(runs.map(({ code, err }) => ({ code, err })), Array(3).fill({ code: 0, err: "" }));
  const events = runs.flatMap(({ out }) => out.trim().split("\n").map((line) => JSON.parse(line) as { kind: string; at: string }));
  const scraped = events.filter(({ kind }) => kind === "scraped").map(({ at }) => Date.parse(at));
  assert.ok(scraped.length > 30, `${scraped.length} looks`);
  assert.deepEqual(lost(file, scraped), []);
  assert.equal(rows(file).length, scraped.length, "two looks in one millisecond are two rows");
});

test("a stranger holds the write lock: the watch says so, goes on, and what waited is kept afterwards", async () => {
  const file = path("locked.db");
  await watched(file, [DUMP], 1);
  const stranger = openDatabase(file)!;
  stranger.exec("BEGIN IMMEDIATE");
  let freed = false;
  const { events, scraped, summary } = await watched(file, [DUMP], 4, { each: (n) => {
    if (n < 2 || freed) return;
    freed = true;
    stranger.exec("ROLLBACK");
    stranger.close();
  } });
  const kinds = events.map(({ kind }) => kind);
  assert.equal(kinds[0], "unsaved");
  assert.match((events[0] as { error: string }).error, /locked\.db: another process holds the store$/);
  assert.ok(kinds.includes("saved-again"));
  assert.equal(scraped.length, 4);
  assert.deepEqual(lost(file, scraped), []);
  assert.equal(summary.unsaved, 0);
});

test("the clock set back by an hour: the watch goes on at once, says so, and keeps every look", async () => {
  const file = path("back.db");
  let offset = 0n;
  const { events, scraped } = await watched(file, [DUMP], 30, { now: () => BigInt(Date.now()) * 1_000_000n + offset, each: (n) => void (offset = n >= 10 && n < 20 ? -3_600_000_000_000n : 0n) });
  assert.equal(scraped.length, 30);
  assert.deepEqual(lost(file, scraped), []);
  const [clock] = events.filter((event) => event.kind === "clock");
  assert.ok(clock && Math.abs(clock.backMs - 3_600_000) < 60_000);
});

test("the clock set forward by 60 days and back: nothing is forgotten as too old", async () => {
  const file = path("forward.db");
  let offset = 0n;
  const { scraped } = await watched(file, [DUMP], 120, { intervalMs: 1, now: () => BigInt(Date.now()) * 1_000_000n + offset, each: (n) => void (offset = n >= 20 && n < 110 ? 60n * 86_400n * 1_000_000_000n : 0n) });
  assert.deepEqual(lost(file, scraped), []);
});

test("a target that sends a bomb, and one that sends rubbish, do not end the watch of another", async () => {
  const bomb = path("bomb.pb");
  writeFileSync(bomb, BOMBS["a location of 30,000 lines, named 30,000 times"]!());
  const many = path("many.pb");
  writeFileSync(many, BOMBS["samples that each name it"]!());
  const rubbish = createServer((_, response) => void response.end(Buffer.alloc(3 << 20, 0xff))).listen(0, "127.0.0.1");
  await new Promise((done) => rubbish.once("listening", done));
  const url = `http://127.0.0.1:${(rubbish.address() as AddressInfo).port}/`;
  const { summary } = await watched(undefined, [DUMP, bomb, many, url], 1000, { intervalMs: 50, enough: (events) => [many, url].every((target) => events.some((event) => event.kind === "failed" && event.target === target)) });
  rubbish.close();
  const of = (target: string): WatchSummary["targets"][number] => summary.targets.find((one) => one.target === target)!;
  assert.ok(of(DUMP).scrapes > 0);
  assert.equal(of(DUMP).failures, 0);
  assert.match(of(many).lastError!, /many\.pb: given up: what it says needs more than \d+ MiB of memory/);
  assert.ok(of(url).failures > 0);
});

test("no secret is in the store, which only its owner can read; targets that differ only in it are told apart", async () => {
  const service = createServer((_, response) => void response.end(readFileSync(DUMP))).listen(0, "127.0.0.1");
  await new Promise((done) => service.once("listening", done));
  const host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
  const file = path("private.db");
  const sources = [`http://alice:${SECRET}@${host}/d`, `http://${host}/d?token=${SECRET}`, `http://${host}/d?token=${SECRET}2`];
  const { summary, events } = await watched(file, sources, 9);
  service.close();
  assert.deepEqual(summary.targets.map(({ target }) => target), [`http://${host}/d`, `http://${host}/d?token=***`, `http://${host}/d?token=*** (2)`]);
  assert.ok(summary.targets.every(({ failures }) => failures === 0));
  assert.ok(!JSON.stringify([summary, events]).includes(SECRET));
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(!readFileSync(file).includes(SECRET));
});

test("a store of format 1, readable by all and with passwords in it, is cleaned when it is opened", async () => {
  const file = path("old.db");
  const db = openDatabase(file)!;
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("CREATE TABLE target (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE); CREATE TABLE grp (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, data TEXT NOT NULL); CREATE TABLE scrape (target INTEGER NOT NULL, at INTEGER NOT NULL, total INTEGER NOT NULL, counts BLOB NOT NULL, PRIMARY KEY (target, at)) WITHOUT ROWID; PRAGMA user_version = 1");
  for (const [id, name] of [[1, `http://alice:${SECRET}@h/d`], [2, "http://h/d"], [3, `http://h/d?k=${SECRET}`]] as const) {
    db.prepare("INSERT INTO target (id, name) VALUES (?, ?)").run(id, name);
    db.prepare("INSERT INTO scrape (target, at, total, counts) VALUES (?, ?, ?, ?)").run(id, id * 1000, id, new Uint8Array(0));
  }
  db.close();
  const store = await openStore(file);
  assert.ok(store.ok, store.ok ? "" : store.error);
  assert.deepEqual(await store.value.targets(), ["http://h/d", "http://h/d?k=***"]);
  assert.deepEqual((await store.value.scrapes("http://h/d", 0)).map(({ at }) => at), [1000, 2000]);
  await store.value.close();
  assert.ok(!readFileSync(file).includes(SECRET));
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test("2,000 new names at each look: what the store and the memory keep is bounded, and the counts still add up", async () => {
  const file = path("names.db");
  const source = path("names.txt");
  const write = (n: number): void => writeFileSync(source, Array.from({ length: 2000 }, (_, i) => `goroutine ${i + 1} [select]:\nmain.f${n}_${i}()\n\t/a.go:1 +0x1\n\n`).join(""));
  write(0);
  await watched(file, [source], 12, { each: write });
  const db = openDatabase(file)!;
  const [{ names }] = db.prepare("SELECT count(*) AS names FROM grp").all() as [{ names: number }];
  const counts = db.prepare("SELECT total, counts FROM scrape").all() as { total: number; counts: ArrayBuffer | Uint8Array }[];
  db.close();
  assert.ok(names <= 10_000 + 12 * 10 + 1, `${names}`);
  for (const row of counts) {
    const packed = new Uint32Array(Uint8Array.from(new Uint8Array(row.counts as ArrayBuffer)).buffer);
    assert.equal(packed.reduce((sum, n, i) => (i % 2 === 1 ? sum + n : sum), 0), row.total);
  }
});

test("names are forgotten with the looks that held them, also where another watch holds their numbers", async () => {
  const file = path("forgotten.db");
  const opened = [await openStore(file), await openStore(file)];
  const [a, b] = opened.map((one) => {
    assert.ok(one.ok);
    return one.value;
  });
  const DAY = 86_400_000;
  const group = (fingerprint: string) => ({ fingerprint, kind: "send" as const, waitReason: "chan send", frame: { function: fingerprint, file: "", line: 0 } });
  const put = (store: typeof a, at: number, name: string) => store!.put([{ scrape: { target: "t", at, total: 1, counts: new Map([[name, 1]]) }, groups: [group(name)] }]);
  await put(a, DAY, "old");
  await put(b, DAY, "old");
  await put(b, DAY, "stays");
  await put(a, 3 * DAY, "stays");
  await a!.prune(2 * DAY);
  assert.deepEqual([...(await a!.groups(["old", "stays"])).keys()], ["stays"]);
  await put(b, 3 * DAY, "old"); // its number was given up
  assert.deepEqual((await a!.scrapes("t", 0)).map(({ counts }) => [...counts.keys()]), [["stays"], ["old"]]);
  await a!.close();
  await b!.close();
});

test("a damaged page is one sentence, in --history and in a watch", async () => {
  const file = path("damaged.db");
  await watched(file, [DUMP], 40, { intervalMs: 1 });
  const size = statSync(file).size;
  const bytes = readFileSync(file);
  for (let i = 4096; i < size; i++) bytes[i] = bytes[i]! ^ 0x5a;
  writeFileSync(file, bytes);
  const run = (...argv: string[]) => new Promise<{ code: number | null; text: string }>((resolve) => {
    const child = spawn(process.execPath, [BIN, "watch", ...argv, "--store", file]);
    let text = "";
    child.stdout.on("data", (data: Buffer) => void (text += String(data)));
    child.stderr.on("data", (data: Buffer) => void (text += String(data)));
    child.on("close", (code) => resolve({ code, text }));
  });
  for (const argv of [["--history"], ["--until", "100ms", "--interval", "10ms", DUMP]]) {
    const { code, text } = await run(...argv);
    assert.equal(code, 2, text);
    assert.ok(!text.includes("please report it"), text);
    assert.match(text, /damaged/, argv.join(" "));
  }
  truncateSync(file, 100);
  assert.match((await run("--history")).text, /cannot be opened as a store|damaged/);
});
