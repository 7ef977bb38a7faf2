// Twenty programs of ordinary async code, each written once: with `ask` (what the outside answers), `sleep`, and a package.
// `is`: what is wrong with it. "order": some orders of the answers give a wrong result; "hang": an await can never go on;
// "left": it ends, and leaves something behind; "none": nothing.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";

const plain = (module) => module.default ?? module;
/** Of the module, as in production: what grows is shared by all calls. */
const bus = new EventEmitter().setMaxListeners(0);
const cache = new Map();
let requests = 0;

export const PROGRAMS = [
  { name: "stale answer: the box shows the first search", is: "order", body: async ({ ask }) => {
    const fetch = ask("fetch", (query) => `answer to ${query}`);
    let shown = "";
    const search = async (query) => {
      shown = await fetch(query);
    };
    await Promise.all([search("a"), search("ab")]);
    assert.equal(shown, "answer to ab");
  } },
  { name: "one seat is booked twice", is: "order", body: async ({ ask }) => {
    let free = 1;
    const pay = ask("pay", () => undefined);
    const book = async () => {
      if (free === 0) return;
      await pay();
      free--;
    };
    await Promise.all([book(), book()]);
    assert.equal(free, 0);
  } },
  { name: "lost update: read, then write", is: "order", body: async ({ ask }) => {
    let stored = 0;
    const read = ask("read", () => stored);
    const write = ask("write", (value) => void (stored = value));
    const add = async () => write((await read()) + 1);
    await Promise.all([add(), add()]);
    assert.equal(stored, 2);
  } },
  { name: "a save is overtaken by the one before", is: "order", body: async ({ ask }) => {
    let stored = "";
    const save = ask("save", (text) => void (stored = text));
    await Promise.all([save("draft"), save("final")]);
    assert.equal(stored, "final");
  } },
  { name: "the settings come after the first message", is: "order", body: async ({ ask }) => {
    let settings;
    const load = ask("load", () => ({ prefix: "> " }));
    const message = ask("message", () => "hello");
    await Promise.all([load().then((loaded) => (settings = loaded)), message().then((text) => assert.equal(`${settings?.prefix}${text}`, "> hello"))]);
  } },
  { name: "a response arrives after close", is: "order", body: async ({ ask }) => {
    let open = true;
    const query = ask("query", () => "rows");
    const closed = ask("closed", () => undefined);
    await Promise.all([query().then(() => assert.ok(open, "used after close")), closed().then(() => (open = false))]);
  } },
  { name: "the third of three orders only: a, c, b", is: "order", body: async ({ ask }) => {
    const seen = [];
    const get = ask("get", (name) => name);
    await Promise.all(["a", "b", "c"].map(async (name) => seen.push(await get(name))));
    assert.notEqual(seen.join(""), "acb");
  } },
  { name: "an answer in the last moment: time-out and answer both count", is: "order", body: async ({ ask, sleep }) => {
    let results = 0;
    const fetch = ask("fetch", () => "answer");
    await Promise.all([fetch().then(() => results++), sleep(1_000).then(() => results++ === 0 && assert.fail("gave up, though it was answered"))]);
  } },
  { name: "retry: a late answer of the first try wins", is: "order", body: async ({ ask, sleep }) => {
    let value = 0;
    const fetch = ask("fetch", (attempt) => attempt);
    const attempt = (n) => fetch(n).then((got) => (value = got));
    const first = attempt(1);
    await Promise.race([first, sleep(1_000)]);
    await attempt(2);
    await first;
    assert.equal(value, 2);
  } },
  { name: "p-queue 9.0.1: onIdle() and then clear()", is: "hang", needs: "p-queue@9.0.1", body: async ({ pkg }) => {
    const queue = new (plain(pkg))({ autoStart: false });
    queue.add(async () => 1)?.catch?.(() => {});
    const idle = queue.onIdle();
    queue.clear();
    await idle;
  } },
  { name: "fastq 1.14.0: drained() of an idle queue", is: "hang", needs: "fastq@1.14.0", body: async ({ pkg }) => {
    await plain(pkg).promise(async (x) => x, 1).drained();
  } },
  { name: "p-limit 6.2.0: a limited call awaits its own limit", is: "hang", needs: "p-limit@6.2.0", body: async ({ pkg }) => {
    const limit = plain(pkg)(2);
    const outer = (n) => Promise.all([1, 2].map((i) => limit(async () => i * n)));
    await Promise.all([1, 2].map((i) => limit(() => outer(i))));
  } },
  { name: "async-mutex 0.5.0: runExclusive inside runExclusive", is: "hang", needs: "async-mutex@0.5.0", body: async ({ pkg }) => {
    const mutex = new pkg.Mutex();
    await mutex.runExclusive(() => mutex.runExclusive(async () => {}));
  } },
  { name: "generic-pool 3.9.0: a client is not given back", is: "hang", needs: "generic-pool@3.9.0", body: async ({ pkg, ask }) => {
    const pool = plain(pkg).createPool({ create: async () => ({}), destroy: async () => {} }, { max: 1 });
    const send = ask("send", (sql) => assert.notEqual(sql, "bad", "syntax"));
    const query = async (sql) => {
      const client = await pool.acquire();
      await send(sql);
      await pool.release(client);
    };
    await query("bad").catch(() => {});
    await query("good");
  } },
  { name: "two locks in two orders: only if both have one", is: "hang", needs: "async-mutex@0.5.0", body: async ({ pkg, ask }) => {
    const [a, b] = [new pkg.Mutex(), new pkg.Mutex()];
    const work = ask("work", () => undefined);
    const transfer = async (from, to) => {
      const release = await from.acquire();
      await work();
      const second = await to.acquire();
      second();
      release();
    };
    await Promise.all([transfer(a, b), work().then(() => transfer(b, a))]);
  } },
  { name: "a query in the background waits for ever", is: "left", needs: "p-limit@6.2.0", body: async ({ pkg }) => {
    const limit = plain(pkg)(1);
    limit(async () => {}).catch(() => {});
    const log = async () => {
      await limit(async () => {});
    };
    void log();
    limit.clearQueue();
  } },
  { name: "a listener for each call", is: "left", repeat: true, body: async () => {
    bus.on("change", () => undefined);
  } },
  { name: "a cache without an end", is: "left", repeat: true, body: async () => {
    cache.set(`request ${requests++}`, {});
  } },
  { name: "latest search wins, as it should", is: "none", body: async ({ ask }) => {
    const fetch = ask("fetch", (query) => `answer to ${query}`);
    let [shown, latest] = ["", 0];
    const search = async (query) => {
      const mine = ++latest;
      const answer = await fetch(query);
      if (mine === latest) shown = answer;
    };
    await Promise.all([search("a"), search("ab")]);
    assert.equal(shown, "answer to ab");
  } },
  { name: "a retry that waits 1, 2 and 4 seconds", is: "none", body: async ({ ask, sleep }) => {
    let failures = 0;
    const fetch = ask("fetch", () => (++failures <= 3 ? assert.fail("busy") : "answer"));
    for (let wait = 1_000; ; wait *= 2) {
      const answer = await fetch().catch(() => undefined);
      if (answer !== undefined) return;
      await sleep(wait);
    }
  } },
];
