// Published packages of npm, by version, in ordinary code: what hangs is proved, what is mended is clean.
//
//   node bench/promises/packages.mjs > bench/promises/packages.md
//
// It installs the exact versions below into a folder of its own (npm), explores each program with each of its two versions (or
// in its two forms, where the fault is the caller's), and writes the table; exit code 1 if one is not as the table says.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const never = () => new Promise(() => {});
const plain = (module) => module.default ?? module;

/** The fault is the package's: `program` is the same with both versions. */
const BY_VERSION = [
  ["fastq", "1.14.0", "1.15.0", "drained() of a queue that is idle", (m) => async () => {
    const queue = (plain(m).promise ?? m.promise)(async (x) => x, 1);
    await queue.drained();
  }],
  ["p-queue", "7.3.0", "7.4.1", "a running task is aborted", (m) => async () => {
    const queue = new (plain(m))({ concurrency: 1 });
    const controller = new AbortController();
    const task = queue.add(never, { signal: controller.signal }).catch(() => {});
    await sleep(1);
    controller.abort();
    await task;
  }],
  ["p-queue", "9.0.1", "9.1.2", "a queued task is aborted while the queue is paused", (m) => async () => {
    const queue = new (plain(m))({ concurrency: 1, autoStart: false });
    const controller = new AbortController();
    const task = queue.add(async () => 1, { signal: controller.signal }).catch(() => {});
    controller.abort();
    await task;
  }],
  ["p-queue", "9.0.1", "9.1.2", "onIdle() and then clear() of a paused queue", (m) => async () => {
    const queue = new (plain(m))({ autoStart: false });
    queue.add(async () => 1)?.catch?.(() => {});
    const idle = queue.onIdle();
    queue.clear();
    await idle;
  }],
  ["p-queue", "9.0.1", "9.1.2", "onEmpty() and then clear() of a paused queue", (m) => async () => {
    const queue = new (plain(m))({ autoStart: false });
    queue.add(async () => 1)?.catch?.(() => {});
    const empty = queue.onEmpty();
    queue.clear();
    await empty;
  }],
  ["p-queue", "9.0.1", "9.1.2", "onSizeLessThan(1) and then clear() of a paused queue", (m) => async () => {
    const queue = new (plain(m))({ autoStart: false });
    for (let i = 0; i < 2; i++) queue.add(async () => i)?.catch?.(() => {});
    const small = queue.onSizeLessThan(1);
    queue.clear();
    await small;
  }],
  ["p-queue", "9.3.5", "10.0.0", "a task that clear() takes out of the queue", (m) => async () => {
    const queue = new (plain(m))({ concurrency: 1 });
    queue.add(() => sleep(5)).catch(() => {});
    const second = queue.add(async () => 1).catch(() => {});
    queue.clear();
    await second;
  }],
  ["p-map", "7.0.4", "7.1.1", "an iterator throws, with stopOnError: false", (m) => async () => {
    function* numbers() {
      yield 1;
      throw new Error("no more");
    }
    await plain(m)(numbers(), async (x) => x, { stopOnError: false, concurrency: 1 }).catch(() => {});
  }],
  ["p-map", "7.0.4", "7.1.1", "an async iterator throws, with stopOnError: false", (m) => async () => {
    async function* numbers() {
      yield 1;
      throw new Error("no more");
    }
    await plain(m)(numbers(), async (x) => x, { stopOnError: false, concurrency: 1 }).catch(() => {});
  }],
  ["async-mutex", "0.2.3", "0.2.6", "release() while somebody waits", (m) => async () => {
    const mutex = new m.Mutex();
    await mutex.acquire();
    const second = mutex.acquire();
    mutex.release();
    await second;
    mutex.release();
    await mutex.acquire();
  }],
  ["async-lock", "1.0.0", "1.1.4", "a lock on several keys, then on none", (m) => async () => {
    const lock = new (plain(m))();
    await Promise.all([lock.acquire(["a", "b"], () => sleep(1)), lock.acquire(["b", "a"], () => sleep(1))]);
    await lock.acquire([], async () => 1);
  }],
  ["lru-cache", "7.15.0", "7.18.3", "fetch() is aborted, and fetchMethod does not notice", (m) => async () => {
    const cache = new (m.LRUCache ?? plain(m))({ max: 2, fetchMethod: never });
    const controller = new AbortController();
    const value = cache.fetch("k", { signal: controller.signal }).catch(() => {});
    await sleep(1);
    controller.abort(new Error("enough"));
    await value;
  }],
  ["lru-cache", "7.15.0", "7.18.3", "delete() of what is being fetched", (m) => async () => {
    const cache = new (m.LRUCache ?? plain(m))({ max: 2, fetchMethod: never });
    const value = cache.fetch("k").catch(() => {});
    await sleep(1);
    cache.delete("k");
    await value;
  }],
];

/** The fault is the caller's: the program as it is often written, and mended. */
const BY_CALLER = [
  ["p-limit", "6.2.0", "a limited function awaits others of the same limit (p-limit #91)", (m, mended) => async () => {
    const limit = plain(m)(2);
    const inner = mended ? plain(m)(2) : limit;
    const outer = (n) => Promise.all([1, 2].map((i) => inner(async () => i * n)));
    await Promise.all([1, 2].map((i) => limit(() => outer(i))));
  }],
  ["p-queue", "8.0.1", "a task awaits another one of its own queue", (m, mended) => async () => {
    const queue = new (plain(m))({ concurrency: mended ? 2 : 1 });
    await queue.add(async () => {
      await queue.add(async () => 1);
    });
  }],
  ["async-mutex", "0.5.0", "runExclusive inside runExclusive", (m, mended) => async () => {
    const mutex = new m.Mutex();
    const save = () => (mended ? Promise.resolve() : mutex.runExclusive(async () => {}));
    await mutex.runExclusive(async () => {
      await save();
    });
  }],
  ["async-lock", "1.4.1", "the key is locked by the code that asks for it", (m, mended) => async () => {
    const lock = new (plain(m))();
    await lock.acquire("k", async () => {
      await lock.acquire(mended ? "other" : "k", async () => 1);
    });
  }],
  ["generic-pool", "3.9.0", "a client is not given back on the error path", (m, mended) => async () => {
    const pool = plain(m).createPool({ create: async () => ({ ask: async (s) => { if (s === "bad") throw new Error("syntax"); } }), destroy: async () => {} }, { max: 1 });
    const query = async (s) => {
      const client = await pool.acquire();
      try {
        await client.ask(s);
      } catch (error) {
        if (mended) await pool.release(client);
        throw error;
      }
      await pool.release(client);
    };
    await query("bad").catch(() => {});
    await query("good");
  }],
  ["fastq", "1.20.3", "kill() forgets who waits for a queued task", (m, mended) => async () => {
    const queue = plain(m).promise(async () => sleep(5), 1);
    queue.push(1).catch(() => {});
    const second = queue.push(2).catch(() => {});
    if (!mended) queue.kill();
    await second;
  }],
  ["p-limit", "6.2.0", "clearQueue() forgets who waits for a queued call", (m, mended) => async () => {
    const limit = plain(m)(1);
    limit(() => sleep(5)).catch(() => {});
    const second = limit(async () => 1).catch(() => {});
    if (!mended) limit.clearQueue();
    await second;
  }],
];

const alias = (name, version) => `${name.replace(/[@/]/g, "")}-${version}`;
const rows = [
  ...BY_VERSION.map(([name, buggy, fixed, what, program]) => ({ name, what, buggy: [buggy, program], fixed: [fixed, program] })),
  ...BY_CALLER.map(([name, version, what, program]) => ({ name, what, buggy: [version, (m) => program(m, false)], fixed: [version, (m) => program(m, true)], caller: true })),
];

/** One program in a process of its own, for packages keep state. */
async function child(folder, index, which) {
  const { examineTs } = await import("../../dist/src/testing.js");
  const { name, [which]: [version, program] } = rows[index];
  const module = await import(pathToFileURL(join(folder, "node_modules", alias(name, version))).href + "/" + (await entry(folder, alias(name, version))));
  const { outcome, findings } = await examineTs(program(module), { budget: 20_000, schedules: 200 });
  const found = findings.filter(({ verdict }) => verdict === "deadlock" || verdict === "leaked");
  const text = found.map(({ verdict, blocked, evidence }) => `${verdict} at ${blocked.file.split("/").at(-1)}:${blocked.line}${/made inside ([^ ]+ \([^)]*\))/.exec(evidence[0] ?? "")?.[1] === undefined ? "" : `, promise made inside ${/made inside ([^ ]+ \([^)]*\))/.exec(evidence[0])[1]}`}`).join("; ");
  process.stdout.write(JSON.stringify({ proved: found.some(({ verdict }) => verdict === "deadlock"), text: text || outcome }));
  exit(0);
}

/** As Node resolves the package by its name. */
async function entry(folder, name) {
  const { createRequire } = await import("node:module");
  const { readFileSync } = await import("node:fs");
  const manifest = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"));
  const pick = (target) => (typeof target === "string" ? target : target === undefined ? undefined : Array.isArray(target) ? pick(target[0]) : pick(target.import ?? target.node ?? target.default ?? target.require));
  const exported = pick(typeof manifest.exports === "object" && "." in manifest.exports ? manifest.exports["."] : manifest.exports);
  return exported ?? createRequire(join(folder, "x.js")).resolve(name).slice(join(folder, "node_modules", name).length + 1);
}

function main() {
  const folder = mkdtempSync(join(tmpdir(), "unpark-packages-"));
  try {
    const dependencies = Object.fromEntries(rows.flatMap(({ name, buggy, fixed }) => [buggy, fixed].map(([version]) => [alias(name, version), `npm:${name}@${version}`])));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
    const installed = spawnSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder, encoding: "utf8", shell: process.platform === "win32" });
    if (installed.status !== 0) throw new Error(`npm install failed: ${installed.stderr}`);
    let wrong = 0;
    const run = (index, which) => {
      const { stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), folder, String(index), which], { encoding: "utf8" });
      return stdout === "" ? { proved: undefined, text: /^.*Error.*$/m.exec(stderr)?.[0] ?? stderr.trim() } : JSON.parse(stdout);
    };
    console.log("# Hangs of published packages, in ordinary code\n\nWritten by `node bench/promises/packages.mjs`, which says what each program is. Buggy: proved; fixed: clean.\n");
    console.log("| package | what hangs | buggy | what is said | fixed | what is said |\n|---|---|---|---|---|---|");
    rows.forEach(({ name, what, buggy, fixed, caller }, index) => {
      const [bad, good] = [run(index, "buggy"), run(index, "fixed")];
      if (bad.proved !== true || good.proved !== false || good.text !== "passed") wrong++;
      console.log(`| ${name} | ${what} | ${buggy[0]} | ${bad.text} | ${caller ? "the caller, mended" : fixed[0]} | ${good.text} |`);
    });
    console.log(`\n${rows.length - wrong} of ${rows.length} as they are to be.`);
    process.exitCode = wrong === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (argv.length > 3) await child(argv[2], Number(argv[3]), argv[4]);
else main();
