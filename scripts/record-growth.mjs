// Records how the groups of real services (fixtures/services: logs, sum; leaking and fixed) grow under a load that starts
// slowly, comes in waves, has a spike, a restart of the service, and a flat end: 150 s, a look every 250 ms. Writes
// fixtures/watch/recorded.json, which bench/watch/growth.ts judges. `node scripts/build.mjs && node scripts/record-growth.mjs`
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { groupGoroutines } from "../dist/src/model/goroutine-group.js";
import { blamedFrame } from "../dist/src/model/blame.js";
import { parseBytes } from "../dist/src/parse/parse.js";
import { gunzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = mkdtempSync(join(tmpdir(), "unpark-record-"));
spawnSync("go", ["build", "-o", `${bin}/`, "./..."], { cwd: join(root, "fixtures/services"), stdio: "inherit" });
const SECONDS = 150;
const RESTART = 90;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Clients at work `t` seconds after the start. */
function load(t) {
  if (t < 30) return (40 * t) / 30;
  if (t < 70) return 40 + 30 * Math.sin((2 * Math.PI * (t - 30)) / 20);
  if (t < 75) return 120;
  return 40;
}

async function start(name, flags) {
  const child = spawn(join(bin, name), flags, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, GOPS_CONFIG_DIR: bin } });
  const line = await new Promise((done) => child.stdout.once("data", (data) => done(String(data))));
  return { child, url: /listening on (\S+)/.exec(line)[1] };
}

async function record(name, fixed) {
  let service = await start(name, fixed ? ["-fixed"] : []);
  const series = new Map();
  const clients = [];
  const begin = Date.now();
  let looks = 0;
  let restarted = false;
  while (Date.now() - begin < SECONDS * 1000) {
    const t = (Date.now() - begin) / 1000;
    if (!restarted && t >= RESTART) {
      restarted = true;
      for (const client of clients.splice(0)) client.abort();
      service.child.kill();
      service = await start(name, fixed ? ["-fixed"] : []);
    }
    const wanted = Math.round(load(t - (restarted ? RESTART : 0) < 0 ? 0 : t) + (Math.random() - 0.5) * 4);
    if (name === "logs") {
      while (clients.length < wanted) {
        const client = new AbortController();
        clients.push(client);
        fetch(`${service.url}/logs`, { signal: client.signal }).then((r) => r.body.getReader().read()).catch(() => undefined);
      }
      while (clients.length > wanted) clients.splice(Math.floor(Math.random() * clients.length), 1)[0].abort();
      if (clients.length > 0 && Math.random() < 0.3) clients.splice(0, 1)[0].abort(); // people come and go at all times
    } else for (let i = 0; i < wanted / 20; i++) fetch(`${service.url}/sum`).then((r) => r.text()).catch(() => undefined);
    const answer = await fetch(`${service.url}/debug/pprof/goroutine?debug=0`).then((r) => r.arrayBuffer());
    const raw = Buffer.from(answer);
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
    .map(([group, counts]) => ({ service: name, fixed, group, leaks: !fixed && /logsContainer|main\.add/.test(group), counts: [...counts, ...Array(looks - counts.length).fill(0)] }));
}

try {
  const all = (await Promise.all([record("logs", false), record("logs", true), record("sum", false), record("sum", true)])).flat();
  const lines = all.map((one) => JSON.stringify(one));
  writeFileSync(join(root, "fixtures/watch/recorded.json"), `[\n${lines.join(",\n")}\n]\n`);
  for (const { service, fixed, group, counts } of all) console.log(service, fixed ? "fixed" : "leaking", group, counts.length, "looks, at most", Math.max(...counts));
} finally {
  rmSync(bin, { recursive: true, force: true });
}
process.exit(0);
