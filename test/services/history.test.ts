import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";
import { unpark } from "../../src/cli/testing/command-line.js";
import { nanos } from "../../src/model/ids.js";
import type { WatchEvent } from "../../src/model/results/watching.js";
import { openStore } from "../../src/pipeline/services/history.js";
import { watch } from "../../src/pipeline/services/watch.js";
import { DEFAULT_GROWTH } from "../../src/watch/growth.js";
import { buildServices, inspectOptions, type Service, startService, named } from "./services.js";

/** What a watch keeps, for how long, and how it is asked later. */
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "unpark-history-"));
let built: ReturnType<typeof buildServices>;
before(() => void (built = buildServices()));
after(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

const HOUR = 3_600_000;

/** Looks `looks` times at each source, from `start` (milliseconds) on; the clock moves on by a second with each reading. While `each` is at work, looks do not count. */
async function watched(file: string, sources: readonly string[], start: number, looks: number, each?: (n: number) => Promise<void>): Promise<readonly WatchEvent[]> {
  const store = await openStore(file);
  assert.ok(store.ok);
  const stop = new AbortController();
  const events: WatchEvent[] = [];
  let now = start;
  let seen = 0;
  let isBusy = false;
  await watch(named(sources), {
    ...inspectOptions({ signal: stop.signal, now: () => nanos(BigInt((now += 1000)) * 1_000_000n), debug: 0 }),
    store: store.value, intervalMs: 20, keepMs: HOUR, growth: DEFAULT_GROWTH, alarm: "rise" as const, onEvent: (event) => void events.push(event),
    onView: () => {
      if (isBusy) return;
      seen++;
      isBusy = each !== undefined;
      void each?.(seen).finally(() => (isBusy = false));
      if (seen >= looks * sources.length) stop.abort();
    },
  });
  await store.value.close();
  return events;
}

const times = async (file: string, target: string): Promise<readonly number[]> => {
  const store = await openStore(file);
  assert.ok(store.ok);
  const scrapes = await store.value.scrapes(target, 0);
  await store.value.close();
  return scrapes.map(({ at }) => at);
};

test("retention: a watch two hours later forgets what is older than --keep, and keeps what is younger", async () => {
  const file = join(folder, "keep.db");
  const dump = join(ROOT, "fixtures/dumps/go1.26.8/zoo.pb.gz");
  const start = Date.UTC(2026, 0, 1);
  await watched(file, [dump], start, 3);
  assert.equal((await times(file, dump)).length, 3);
  await watched(file, [dump], start + HOUR / 2, 2);
  assert.equal((await times(file, dump)).length, 5, "half an hour later nothing is forgotten");
  await watched(file, [dump], start + 2 * HOUR, 2);
  const left = await times(file, dump);
  assert.equal(left.length, 2);
  assert.ok(left.every((at) => at >= start + 2 * HOUR));
});

test("asked later: --history tells of every target, its groups and its totals; --since leaves out what is older", async () => {
  const file = join(folder, "later.db");
  const dumps = ["go1.26.8", "go1.24.10"].map((version) => join(ROOT, "fixtures/dumps", version, "zoo.pb.gz"));
  await watched(file, dumps, Date.now() - HOUR / 2, 3);
  const history = (...argv: string[]) => unpark(["watch", "--history", "--store", file, ...argv]);
  const all = await history();
  assert.equal(all.status, 0, all.stderr);
  for (const dump of dumps) assert.ok(all.stdout.includes(`${dump}: 3 looks from `), all.stdout);
  assert.match(all.stdout, /\n +4 +▁▁▁ +sync\.Mutex\.Lock +main\.\(\*keeper\)\.lock/);
  assert.match((await history(dumps[0]!)).stdout, /3 looks/);
  assert.ok(!(await history(dumps[0]!)).stdout.includes("go1.24.10"));
  assert.match((await history("--since", "1m")).stdout, /nothing seen in this time/);
  const none = await history("--store", "none");
  assert.deepEqual([none.status, none.stderr], [2, "unpark: --history needs a store, but --store none was given\n"]);
});

test("asked later: --history --stacks tells each group's whole stack, the one that inspect shows; of one that is gone, too", async () => {
  const file = join(folder, "stacks.db");
  const dump = join(folder, "stacks.txt");
  const deep = (n: number): string => `goroutine ${n} [chan send]:\n${Array.from({ length: 40 }, (_, i) => `main.f${i}(0x1)\n\t/src/m.go:${i + 1} +0x1\n`).join("")}created by main.main in goroutine 1\n\t/src/m.go:90 +0x1\n\n`;
  const other = "goroutine 1 [select]:\nmain.main()\n\t/src/m.go:91 +0x1\n\n";
  writeFileSync(dump, deep(7) + other);
  await watched(file, [dump], Date.now() - HOUR / 4, 2);
  writeFileSync(dump, other);
  await watched(file, [dump], Date.now() - HOUR / 8, 2);
  const told = await unpark(["watch", "--history", "--stacks", "--store", file]);
  assert.equal(told.status, 0, told.stderr);
  assert.ok(told.stdout.includes(`\n${Array.from({ length: 40 }, (_, i) => `            main.f${i} /src/m.go:${i + 1}\n`).join("")}`), told.stdout);
  assert.match(told.stdout, /\n {12}main\.main \/src\/m\.go:91\n/);
  const alone = await unpark(["watch", "--stacks", "--store", file, dump]);
  assert.deepEqual([alone.status, alone.stderr], [2, "unpark: --stacks goes with --history; 'unpark inspect' shows the stacks of now\n"]);
});

test("serve: of a group that is gone the page's answer is what the store knows: its stack, and when it was there", async () => {
  const dump = join(folder, "gone.txt");
  const other = "goroutine 1 [select]:\nmain.main()\n\t/src/m.go:91 +0x1\n\n";
  writeFileSync(dump, `goroutine 7 [chan send]:\nmain.f()\n\t/src/m.go:5 +0x1\nmain.g()\n\t/src/m.go:6 +0x1\n\n${other}`);
  const child = spawn(process.execPath, [BIN, "serve", "--listen", "127.0.0.1:0", "--interval", "30ms", "--store", join(folder, "gone.db"), dump]);
  try {
    const url = await new Promise<string>((resolve) => child.stdout.once("data", (bytes: Buffer) => resolve(String(bytes).trim())));
    const ask = async <T>(path: string, query: Record<string, string>): Promise<T> => (await (await fetch(`${url}api/${path}?${new URLSearchParams({ target: dump, ...query }).toString()}`)).json()) as T;
    const rows = async (): Promise<readonly { id: string; function: string }[]> => (await ask<{ rows?: readonly { id: string; function: string }[] }>("target", {})).rows ?? [];
    let id: string | undefined;
    while (id === undefined) id = (await rows()).find((row) => row.function === "main.f")?.id;
    writeFileSync(dump, other);
    while ((await rows()).some((row) => row.id === id)) await new Promise((resolve) => setTimeout(resolve, 20));
    const group = await ask<{ count: number; state: string; stack: readonly { function: string; place: string }[]; series: readonly (readonly number[])[] }>("group", { group: id });
    assert.deepEqual([group.count, group.state, group.stack.map((frame) => `${frame.function} ${frame.place}`)], [0, "chan send, gone", ["main.f /src/m.go:5", "main.g /src/m.go:6"]]);
    assert.deepEqual([...new Set(group.series.map(([, count]) => count))], [1, 0]);
    assert.equal(await (await fetch(`${url}api/group?${new URLSearchParams({ target: dump, group: "none" }).toString()}`)).text(), "no goroutine of this group was there within a day\n");
  } finally {
    child.kill();
    await new Promise((resolve) => child.once("close", resolve));
  }
});

test("many targets, one of which dies while it is watched: it is told of and asked again, the others go on", async () => {
  const services: Service[] = [];
  for (let i = 0; i < 3; i++) services.push(await startService(built, "stack"));
  const [dying, ...others] = services as [Service, ...Service[]];
  let killed: Promise<void> | undefined;
  const events = await watched(join(folder, "many.db"), services.map(({ url }) => url), Date.now(), 10, async (n) => {
    if (n === 9) killed = Promise.resolve(dying[Symbol.asyncDispose]());
    await killed;
  });
  await killed;
  for (const other of others) await other[Symbol.asyncDispose]();
  const failed = events.filter((e) => e.kind === "failed");
  assert.ok(failed.length > 0);
  assert.ok(failed.every((e) => e.target === dying.url));
  assert.deepEqual(failed.map((e) => e.kind === "failed" && e.inARow), failed.map((_, i) => i + 1));
  const lastFailure = events.lastIndexOf(failed[failed.length - 1]!);
  for (const { url } of others) assert.ok(events.slice(events.indexOf(failed[0]!), lastFailure + 4).some((e) => e.kind === "scraped" && e.target === url));
  assert.ok((await times(join(folder, "many.db"), dying.url)).length >= 1, "what was seen of it is kept");
});
