// Published packages of npm, by version, that leave one thing more with each call: told in the version that has the bug, nothing
// in the one that does not.
//
//   node bench/promises/growing.mjs > bench/promises/growing.md
//
// It installs the exact versions below into a folder of its own (npm) and repeats each program 40 times with each version, in a
// process of its own; exit code 1 if one is not as the table says.
import { spawnSync } from "node:child_process";
import { EventEmitter, setMaxListeners } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const plain = (module) => module.default?.default ?? module.default ?? module;

/** A signal of the whole service's: what does not take its listener off it again leaves it there. */
const { signal } = new AbortController();
setMaxListeners(0, signal);

/** `undefined` as the fixed version: the newest has it, too. */
const ROWS = [
  ["p-retry", "5.1.2", "6.2.0", "a call with a signal", (m) => () => plain(m)(async () => 1, { signal })],
  ["p-timeout", "6.1.2", "6.1.3", "a call with a signal", (m) => () => plain(m)(sleep(1), { milliseconds: 1_000, signal })],
  ["p-map", "7.0.2", "7.0.3", "a call with a signal", (m) => () => plain(m)([1], async (x) => x, { signal })],
  ["p-queue", "8.1.1", "9.0.1", "a task with a signal", (m) => {
    const queue = new (plain(m))({ concurrency: 1 });
    return () => queue.add(async () => 1, { signal });
  }],
  ["p-throttle", "7.0.0", "8.1.1", "a throttle with a signal", (m) => () => plain(m)({ limit: 100, interval: 1, signal })(async () => 1)()],
  ["any-signal", "3.0.1", "4.1.1", "a signal made of one that stays (cleared, where that can be)", (m) => () => (m.anySignal ?? plain(m))([signal]).clear?.()],
  ["eventemitter2", "6.4.0", "6.4.9", "waitFor of an event that comes", (m) => {
    const emitter = new (m.EventEmitter2 ?? plain(m))();
    return async () => {
      const comes = emitter.waitFor("x", { timeout: 0 });
      emitter.emit("x");
      await comes;
    };
  }],
  ["p-event", "7.1.1", undefined, "an event that comes, with a signal", (m) => {
    const bus = new EventEmitter();
    return async () => {
      const comes = m.pEvent(bus, "x", { signal });
      bus.emit("x", 1);
      await comes;
    };
  }],
  ["lru-cache", "11.5.3", "10.4.3", "fetch with a signal", (m) => {
    const cache = new (m.LRUCache ?? plain(m))({ max: 3, fetchMethod: async (key) => key });
    let key = 0;
    return () => cache.fetch(key++, { signal });
  }],
];

const alias = (name, version) => `${name}-v${version}`;

async function child(folder, index, version) {
  const { explore } = await import("../../dist/src/testing.js");
  const [name, , , , program] = ROWS[index];
  const require = createRequire(join(folder, "x.js"));
  const file = join(folder, "x.mjs");
  writeFileSync(file, `export const load = () => import(${JSON.stringify(alias(name, version))});\n`);
  const { load } = await import(file);
  const body = program(await load().catch(() => require(alias(name, version))));
  const said = await explore(async () => { await body(); }, { name, repeat: 40, budget: 60_000 }).then(
    () => "nothing",
    (error) => /grows: (.*)/.exec(error.message)?.[1] ?? `failed: ${error.message.split("\n")[0]}`,
  );
  process.stdout.write(said);
  exit(0);
}

function main() {
  const folder = mkdtempSync(join(tmpdir(), "unpark-growing-"));
  try {
    const dependencies = Object.fromEntries(ROWS.flatMap(([name, ...versions]) => versions.slice(0, 2).filter((version) => version !== undefined).map((version) => [alias(name, version), `npm:${name}@${version}`])));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
    const installed = spawnSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps"], { cwd: folder, encoding: "utf8" });
    if (installed.status !== 0) throw new Error(`npm install failed: ${installed.stderr}`);
    const run = (index, version) => spawnSync(process.execPath, [fileURLToPath(import.meta.url), folder, String(index), version], { encoding: "utf8" }).stdout;
    let wrong = 0;
    console.log("# What grows in published packages\n\nWritten by `node bench/promises/growing.mjs`, which says what each program is: 40 repetitions.\n");
    console.log("| package | what is repeated | version | what is said | without the bug | what is said |\n|---|---|---|---|---|---|");
    ROWS.forEach(([name, buggy, fixed, what], index) => {
      const bad = run(index, buggy);
      const good = fixed === undefined ? "nothing" : run(index, fixed);
      if (!/^a listener|^an entry/.test(bad) || good !== "nothing") wrong++;
      console.log(`| ${name} | ${what} | ${buggy} | ${bad} | ${fixed ?? "none found"} | ${fixed === undefined ? "" : good} |`);
    });
    console.log(`\n${ROWS.length - wrong} of ${ROWS.length} as they are to be.`);
    process.exitCode = wrong === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (argv.length > 3) await child(argv[2], Number(argv[3]), argv[4]);
else main();
