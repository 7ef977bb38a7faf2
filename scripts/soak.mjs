// `node scripts/soak.mjs [MINUTES]`: one watch of 50 targets (good, slow, dying, hostile), killed by SIGKILL every minute and
// started again, its disk filled twice (where this user may mount a tmpfs). Then: is every acknowledged look in the store,
// and how much memory did it take? Servers listen on 127.0.0.1 and end with this process. See bench/torture/README.md.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { BOMBS } from "../dist/src/parse/testing/hostile-shapes.js";
import { openDatabase } from "../dist/src/watch/sqlite-driver.js";
import { machine } from "./machine.mjs";

const minutes = Number(process.argv[2] ?? 10);
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "unpark-soak-"));
const disk = join(folder, "disk");
mkdirSync(disk);
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=48m", "tmpfs", disk], { stdio: "ignore" }).status === 0;
const store = join(disk, "watch.db");

const listen = (server) => new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
let asked = 0;
const dump = () => {
  const n = 20 + (asked++ % 30);
  return Array.from({ length: n }, (_, i) => `goroutine ${i + 1} [select]:\nmain.f${i % 12}()\n\t/a.go:${i} +0x1\n\n`).join("");
};
const bombs = Object.entries(BOMBS).filter(([name]) => !/million|500 MB/.test(name)).map(([, make]) => make());
const kinds = {
  good: (_, response) => response.end(dump()),
  slow: (_, response) => void setTimeout(() => response.end(dump()), 700),
  dying: (request, response) => (Math.random() < 0.5 ? request.socket.destroy() : response.end(dump())),
  bomb: (_, response) => response.end(bombs[asked++ % bombs.length]),
  rubbish: (_, response) => response.end(Buffer.alloc(1 << 20, 0xff)),
  endless: (_, response) => {
    const more = () => void (response.destroyed || (response.write(Buffer.alloc(1 << 16, "goroutine x\n")), setTimeout(more, 1)));
    more();
  },
  redirect: (request, response) => response.writeHead(302, { location: request.url }).end(),
  names: (_, response) => response.end(Array.from({ length: 500 }, (__, i) => `goroutine ${i + 1} [select]:\nmain.f${asked}_${i}()\n\t/a.go:1 +0x1\n\n`).join("")),
};
const counts = { good: 24, slow: 8, dying: 8, bomb: 2, rubbish: 2, endless: 1, redirect: 2, names: 1 };
const sources = [];
const secret = "hunter2canary";
for (const [kind, count] of Object.entries(counts)) {
  for (let i = 0; i < count; i++) sources.push(`http://alice:${secret}@127.0.0.1:${await listen(createServer((q, r) => (q.on("error", () => {}), r.on("error", () => {}), kinds[kind](q, r))))}/d`);
}
for (let i = 0; i < 2; i++) sources.push(`gops:127.0.0.1:${await listen(createTcp((s) => { s.on("error", () => {}); const t = setInterval(() => s.write("g"), 300); s.on("close", () => clearInterval(t)); }))}`);

const acknowledged = [];
const seen = { failed: 0, unsaved: 0, "saved-again": 0, leaks: 0, other: [] };
const memory = []; // MiB at the end of each life of the watch
let stderr = "";

async function life(ms, fill) {
  const child = spawn(process.execPath, [join(root, "bin/unpark.js"), "watch", "--interval", "1s", "--timeout", "5s", "--max-size", "64", "--json", "--store", store, ...sources], { stdio: ["ignore", "pipe", "pipe"] });
  let rest = "";
  child.stdout.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line.includes(secret)) seen.leaks++;
      const event = JSON.parse(line);
      if (event.kind === "scraped") acknowledged.push(`${event.target} ${Date.parse(event.at)}`);
      else if (event.kind in seen) seen[event.kind]++;
    }
  });
  child.stderr.on("data", (chunk) => void (stderr += chunk));
  const ended = new Promise((done) => child.on("close", (code, signal) => done(signal ?? code)));
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  const filler = join(disk, "filler");
  let filled = 0;
  const end = Date.now() + ms;
  while (Date.now() < end) {
    const left = end - Date.now();
    if (fill && mounted && filled === 0 && left < ms * 0.8) {
      try { for (let n = 0; ; n++) writeFileSync(filler, Buffer.alloc(1 << 20), { flag: "a" }); } catch {}
      try { for (;;) writeFileSync(filler, Buffer.alloc(1 << 10), { flag: "a" }); } catch {}
      filled = 1;
    }
    if (filled === 1 && left < ms * 0.4) { rmSync(filler, { force: true }); filled = 2; }
    await Promise.race([sleep(Math.min(1000, Math.max(1, left))), ended]);
    if (child.exitCode !== null || child.signalCode !== null) break;
  }
  rmSync(filler, { force: true });
  const alive = child.exitCode === null && child.signalCode === null;
  if (alive) memory.push(Math.round(rss()));
  child.kill("SIGKILL");
  const how = await ended;
  if (!alive) seen.other.push(`the watch ended by itself: ${how}`);
}

const started = Date.now();
for (let minute = 0; minute < minutes; minute++) await life(60_000, minute === Math.floor(minutes * 0.3) || minute === Math.floor(minutes * 0.7));

const db = openDatabase(store);
const [{ integrity_check: integrity }] = db.prepare("PRAGMA integrity_check").all();
const kept = new Set(db.prepare("SELECT name, at FROM scrape JOIN target ON target.id = scrape.target").all().map(({ name, at }) => `${name} ${at}`));
db.close();
const lost = acknowledged.filter((one) => !kept.has(one));
const inStore = readFileSync(store).includes(secret);
const result = {
  date: new Date().toISOString().slice(0, 10), ...machine(), minutes: Math.round((Date.now() - started) / 60_000), targets: sources.length, kills: minutes,
  diskFilled: mounted ? "twice" : "not: no tmpfs could be mounted", acknowledged: acknowledged.length, lost: lost.length, rows: kept.size, integrity,
  looksWithoutAnswer: seen.failed, timesTheStoreCouldNotBeWritten: seen.unsaved, timesItCouldAgain: seen["saved-again"],
  memoryMiB: memory, endToFirstMinute: Number((memory.at(-1) / memory[0]).toFixed(2)), secretsInOutput: seen.leaks, secretInStore: inStore, other: seen.other, stderr: stderr.slice(0, 500),
};
writeFileSync(join(root, "bench/torture/soak.json"), `${JSON.stringify(result, undefined, 1)}\n`);
console.log(JSON.stringify(result, undefined, 1));
if (mounted) spawnSync("umount", ["-l", disk]);
rmSync(folder, { recursive: true, force: true });
process.exit(lost.length > 0 || integrity !== "ok" || seen.other.length > 0 || seen.leaks > 0 || inStore ? 1 : 0);
