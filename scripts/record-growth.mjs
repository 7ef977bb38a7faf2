// Records how the groups of real services (fixtures/services: logs, sum, get; leaking and fixed) grow under loads that last 150 s, a look
// every 250 ms: LOADS below, with restarts and deploys. Writes fixtures/watch/recorded.json, which bench/watch/growth.ts and bench/watch/rules.py
// judge: the loads that are `held` are for the judgement alone, no rule was chosen by them.
// `node scripts/build.mjs && node scripts/record-growth.mjs` (22 minutes; the services of one load run at the same time)
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { groupGoroutines } from "../dist/src/model/goroutine/goroutine-group.js";
import { blamedFrame } from "../dist/src/model/source/blame.js";
import { parseBytes } from "../dist/src/parse/parse.js";
import { gunzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = mkdtempSync(join(tmpdir(), "unpark-record-"));
spawnSync("go", ["build", "-o", `${bin}/`, "./..."], { cwd: join(root, "fixtures/services"), stdio: "inherit" });
const SECONDS = 150;
/** What of a leaking service is left over: of `get` its transport's goroutines, too. */
const LEAKS = { logs: /logsContainer/, sum: /main\.add/, get: /main\.poll|net\/http/ };
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const wave = (t, period) => (1 - Math.cos((2 * Math.PI * t) / period)) / 2;

/** Clients at work `t` seconds after the start, and when the service is started anew. */
const LOADS = [
  { load: "slow start, waves, a spike, a restart, flat", restarts: [90], clients: (t) => (t < 30 ? (40 * t) / 30 : t < 70 ? 40 + 30 * Math.sin((2 * Math.PI * (t - 30)) / 20) : t < 75 ? 120 : 40) },
  { load: "flat, deployed every 40 s", restarts: [40, 80, 120], clients: () => 30 },
  { load: "waves of 30 s from nothing to 80", restarts: [], clients: (t) => 80 * wave(t, 30) },
  { load: "wanders", restarts: [], clients: wandering() },
  { load: "a step from 20 to 70 that stays", restarts: [], held: true, clients: (t) => (t < 60 ? 20 : 70) },
  { load: "rises all the time, from 5 to 80", restarts: [], held: true, clients: (t) => 5 + t / 2 },
  { load: "a job of 60 clients for 5 s every 25 s", restarts: [75], held: true, clients: (t) => (t % 25 < 5 ? 60 : 8) },
  { load: "two deploys in long waves", restarts: [50, 110], held: true, clients: (t) => 10 + 60 * wave(t, 75) },
];

function wandering() {
  let value = 40;
  return () => (value = Math.max(0, 40 + 0.99 * (value - 40) + (Math.random() - 0.5) * 6));
}

async function start(name, flags) {
  const child = spawn(join(bin, name), flags, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, GOPS_CONFIG_DIR: bin } });
  const line = await new Promise((done) => child.stdout.once("data", (data) => done(String(data))));
  return { child, url: /listening on (\S+)/.exec(line)[1] };
}

/** As many open streams as clients. */
function streams(url, clients, wanted) {
  while (clients.length < wanted) {
    const client = new AbortController();
    clients.push(client);
    fetch(`${url}/logs`, { signal: client.signal }).then((r) => r.body.getReader().read()).catch(() => undefined);
  }
  while (clients.length > wanted) clients.splice(Math.floor(Math.random() * clients.length), 1)[0].abort();
  if (clients.length > 0 && Math.random() < 0.3) clients.splice(0, 1)[0].abort(); // people come and go at all times
}

async function record(name, fixed, { load, restarts, held = false, clients: clientsAt }) {
  const flags = fixed ? ["-fixed"] : [];
  let service = await start(name, flags);
  const series = new Map();
  const clients = [];
  const begin = Date.now();
  const due = [...restarts];
  let looks = 0;
  while (Date.now() - begin < SECONDS * 1000) {
    const t = (Date.now() - begin) / 1000;
    if (due.length > 0 && t >= due[0]) {
      due.shift();
      for (const client of clients.splice(0)) client.abort();
      service.child.kill();
      service = await start(name, flags);
    }
    const wanted = Math.round(Math.max(0, clientsAt(t) + (Math.random() - 0.5) * 4));
    if (name === "logs") streams(service.url, clients, wanted);
    else for (let i = 0; i < wanted / 20; i++) fetch(`${service.url}/${name === "get" ? "poll" : "sum"}`).then((r) => r.text()).catch(() => undefined);
    const raw = Buffer.from(await fetch(`${service.url}/debug/pprof/goroutine?debug=0`).then((r) => r.arrayBuffer()));
    const parsed = parseBytes(raw[0] === 0x1f ? gunzipSync(raw) : raw, { source: name });
    for (const group of groupGoroutines(parsed.value.snapshots[0])) {
      const frame = blamedFrame(group.stack);
      const key = `${group.kind} ${frame?.function ?? "?"}`;
      if (!series.has(key)) series.set(key, []);
      const counts = series.get(key);
      while (counts.length < looks) counts.push(0);
      counts[looks] = (counts[looks] ?? 0) + group.count;
    }
    looks++;
    await sleep(Math.max(0, begin + looks * 250 - Date.now()));
  }
  service.child.kill();
  for (const client of clients) client.abort();
  return [...series]
    .filter(([, counts]) => Math.max(...counts) >= 10)
    .map(([group, counts]) => ({ load, held, service: name, fixed, group, leaks: !fixed && LEAKS[name].test(group), counts: [...counts, ...Array(looks - counts.length).fill(0)] }));
}

try {
  const all = [];
  for (const load of LOADS) {
    all.push(...(await Promise.all(["logs", "sum", "get"].flatMap((name) => [record(name, false, load), record(name, true, load)]))).flat());
    console.error(`${load.load}: ${all.length} series so far`);
  }
  const lines = all.map((one) => JSON.stringify(one));
  writeFileSync(join(root, "fixtures/watch/recorded.json"), `[\n${lines.join(",\n")}\n]\n`);
  for (const { load, service, fixed, group, counts } of all) console.log(load, "|", service, fixed ? "fixed" : "leaking", group, counts.length, "looks, at most", Math.max(...counts));
} finally {
  rmSync(bin, { recursive: true, force: true });
}
process.exit(0);
