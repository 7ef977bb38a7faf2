// `unpark watch` as processes over one store, SQLite's and PostgreSQL's: nothing acknowledged is lost when a watch is killed, nor when the
// server is; watches of a PostgreSQL store share the targets, and take over what one had that died.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import { openStore } from "../../src/pipeline/services/history.js";
import type { Store } from "../../src/watch/store.js";
import { noServer, PostgresServer } from "./postgres-server.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-fleet-"));
const watches = new Set<Watch>();
let server: PostgresServer;

interface Told {
  readonly kind: string;
  readonly target: string;
  readonly at: string;
  readonly error?: string;
  readonly mine?: number;
}

/** A process of `unpark watch --json`. */
class Watch {
  readonly events: Told[] = [];
  stderr = "";
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  #changed = (): void => undefined;

  constructor(store: string, targets: readonly string[], ...more: readonly string[]) {
    watches.add(this);
    this.#child = spawn(process.execPath, [BIN, "watch", "--json", "--interval", "20ms", "--window", "2s", "--alarm", "rise", "--store", store, ...more, ...targets], { cwd: folder });
    let rest = "";
    this.#child.stdout!.on("data", (bytes: Buffer) => {
      const lines = (rest + String(bytes)).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.events.push(JSON.parse(line) as Told);
      this.#changed();
    });
    this.#child.stderr!.on("data", (bytes: Buffer) => void (this.stderr += String(bytes)));
    this.ended = new Promise((resolve) => this.#child.once("close", (code) => (watches.delete(this), this.#changed(), resolve(code))));
  }

  /** Waits until its events are so; fails where it ends before. */
  async until(holds: (events: readonly Told[]) => boolean, what: string): Promise<void> {
    while (!holds(this.events)) {
      assert.ok(watches.has(this), `the watch ended before ${what}: ${this.stderr}`);
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
  }

  looks(target?: string): readonly Told[] {
    return this.events.filter((event) => event.kind === "scraped" && (target === undefined || event.target === target));
  }

  async end(signal: "SIGKILL" | "SIGINT"): Promise<void> {
    this.#child.kill(signal);
    await this.ended;
  }
}

/** What was told as kept, and is not there. */
async function lost(place: string, watched: readonly Watch[]): Promise<readonly Told[]> {
  const opened = await openStore(place);
  assert.ok(opened.ok, opened.ok ? "" : opened.error);
  const store: Store = opened.value;
  const kept = new Map<string, number[]>();
  for (const target of await store.targets()) kept.set(target, (await store.scrapes(target, 0)).map(({ at }) => at));
  await store.close();
  // Two of one millisecond are a millisecond apart in the store.
  return watched.flatMap((watch) => watch.looks()).filter(({ target, at }) => !kept.get(target)?.some((one) => one >= Date.parse(at) && one < Date.parse(at) + 5));
}

const targets = Array.from({ length: 6 }, (_, i) => join(folder, `service${i}.txt`));

describe("watches of one store", { skip: noServer }, () => {
  before(async () => {
    for (const path of targets) writeFileSync(path, "goroutine 1 [select]:\nmain.f()\n\t/a.go:1 +0x1\nmain.main()\n\t/a.go:9 +0x1\n\n");
    server = await PostgresServer.start();
  });
  after(async () => {
    for (const watch of watches) await watch.end("SIGKILL");
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, place] of [["SQLite", () => join(folder, "fleet.db")], ["PostgreSQL", () => server.address()]] as const) {
    it(`${name}: two watches at a time, each killed in the middle: all looks that were acknowledged are there`, async () => {
      const two = [new Watch(place(), targets.slice(0, 2)), new Watch(place(), targets.slice(2, 4))];
      for (const watch of two) await watch.until(() => watch.looks().length >= 60, "60 looks");
      for (const watch of two) await watch.end("SIGKILL");
      const third = new Watch(place(), targets.slice(0, 4), "--until", "200ms");
      assert.equal(await third.ended, 0, third.stderr);
      assert.deepEqual(await lost(place(), [...two, third]), []);
    });
  }

  it("PostgreSQL: the server is killed and comes back: the watch says so, goes on, and what waited is kept", async () => {
    const watch = new Watch(server.address(), targets.slice(0, 2));
    await watch.until(() => watch.looks().length >= 20, "20 looks");
    await server.kill();
    await watch.until((events) => events.some(({ kind }) => kind === "unsaved"), "it says that the store takes nothing");
    await server.start();
    await watch.until((events) => events.some(({ kind }) => kind === "saved-again"), "the store takes looks again");
    const before = watch.looks().length;
    await watch.until(() => watch.looks().length > before + 20, "20 looks more");
    await watch.end("SIGINT");
    assert.ok(watch.events.some(({ error }) => /^postgres:\/\/127\.0\.0\.1:\d+\/postgres: the server cannot be reached$/.test(error ?? "")), JSON.stringify(watch.events.filter(({ kind }) => kind === "unsaved").slice(0, 3)));
    assert.ok(!JSON.stringify([watch.events, watch.stderr]).includes(server.password));
    assert.deepEqual(await lost(server.address(), [watch]), []);
  });

  it("PostgreSQL: two watches share six targets; one is killed, and the other takes its own over, with what it had seen", async () => {
    const growing = join(folder, "growing.txt");
    const write = (goroutines: number): void => {
      writeFileSync(`${growing}.new`, Array.from({ length: goroutines }, (_, i) => `goroutine ${i + 1} [chan send]:\nmain.leak()\n\t/a.go:9 +0x1\n\n`).join(""));
      renameSync(`${growing}.new`, growing);
    };
    write(1);
    server.query("DROP TABLE unpark_scrape, unpark_hour, unpark_stack, unpark_target, unpark_group, unpark_watcher, unpark_format");
    const all = [growing, ...targets.slice(0, 5)];
    const first = new Watch(server.address(), all);
    await first.until((events) => events.some(({ mine }) => mine === 6), "it has all six");
    const second = new Watch(server.address(), all);
    await second.until((events) => events.some(({ mine }) => mine === 3), "it has three");
    await first.until((events) => events.filter(({ kind }) => kind === "handed-over").length === 3, "it gave three away");
    const own = (watch: Watch, from: number): readonly string[] => [...new Set(watch.events.slice(from).filter(({ kind }) => kind === "scraped").map(({ target }) => target))].sort();
    const marks = [first.events.length, second.events.length] as const;
    await first.until(() => own(first, marks[0]).length === 3 && first.events.length > marks[0] + 100, "a hundred looks at three");
    await second.until(() => own(second, marks[1]).length === 3 && second.events.length > marks[1] + 100, "a hundred looks at three");
    const parts = [own(first, marks[0]), own(second, marks[1])];
    assert.deepEqual(parts.flat().sort(), [...all].sort());
    const [dies, lives] = parts[0]!.includes(growing) ? [first, second] : [second, first];
    const begin = Date.now();
    const grow = setInterval(() => write(1 + Math.floor((Date.now() - begin) / 50)), 20);
    const isGrowing = ({ kind, target }: Told): boolean => kind === "growing" && target === growing;
    await dies.until((events) => events.some(isGrowing), "the leak is known");
    const before = lives.looks(growing).length;
    await dies.end("SIGKILL");
    await lives.until((events) => events.some(({ kind, mine }, i) => kind === "shared" && mine === 6 && (lives !== first || i > marks[0])), "it has all six");
    await lives.until((events) => events.some(isGrowing), "the leak is known");
    const needed = lives.events.slice(0, lives.events.findIndex(isGrowing)).filter(({ kind, target }) => kind === "scraped" && target === growing).length - before;
    assert.ok(needed < 100, `it needed ${needed} looks of its own: a whole window`);
    clearInterval(grow);
    await lives.end("SIGINT");
    assert.deepEqual(await lost(server.address(), [first, second]), []);
    assert.ok(!JSON.stringify([first, second].map(({ events, stderr }) => [events, stderr])).includes(server.password));
  });

  it("PostgreSQL: a watch packs hours that are over, whoever looked then", async () => {
    const opened = await openStore(server.address());
    assert.ok(opened.ok);
    const hours = [2, 3].map((ago) => Math.floor(Date.now() / 3_600_000) - ago);
    await opened.value.put(hours.map((hour) => ({ scrape: { target: "gone", at: hour * 3_600_000 + 5, total: 1, counts: new Map() }, groups: [] })));
    const watch = new Watch(server.address(), targets.slice(0, 1), "--until", "300ms");
    assert.equal(await watch.ended, 0, watch.stderr);
    assert.deepEqual(server.query("SELECT hour FROM unpark_hour h JOIN unpark_target t ON t.id = h.target WHERE t.name = 'gone' ORDER BY hour DESC").map(Number), hours);
    assert.deepEqual((await opened.value.scrapes("gone", 0)).map(({ at }) => at), [...hours].reverse().map((hour) => hour * 3_600_000 + 5));
    await opened.value.close();
  });

  it("PostgreSQL: --history asks it, too; what cannot be done is one sentence, without the password", async () => {
    const asked = spawn(process.execPath, [BIN, "watch", "--history", "--store", server.address(), targets[0]!]);
    let out = "";
    asked.stdout.on("data", (bytes: Buffer) => void (out += String(bytes)));
    assert.equal(await new Promise((resolve) => asked.once("close", resolve)), 0);
    assert.match(out, /service0\.txt/);
    assert.match(spawnSync(process.execPath, [BIN, "watch", "--history", "--stacks", "--store", server.address(), targets[0]!], { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } }).stdout, /\n {12}main\.f \/a\.go:1\n {12}main\.main \/a\.go:9\n/);
    const refused = new Watch(server.address("nowhere"), targets);
    assert.equal(await refused.ended, 2);
    assert.match(refused.stderr, /^unpark: postgres:\/\/127\.0\.0\.1:\d+\/nowhere: the server does not let this user in, or has no such database; --store names another/);
  });
});
