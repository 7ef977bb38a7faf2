// How long the pages take in a real Chromium: to load, to move by a key, to filter. `node dist/bench/pages/pages.js`;
// its output is kept in pages.txt. Synthetic runs of 1, 100 and 20,000 steps; reports of 1, 100 and 5,000 findings; dumps of 1, 100
// and 100,000 goroutines (at 20,000 places); the services page of 1 and 100 targets.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";
import type { Report } from "../../src/model/results/examination.js";
import type { SchedulePicture } from "../../src/model/run/schedule-picture.js";
import { parseBytes } from "../../src/parse/parse.js";
import { lookAtAll } from "../../src/pipeline/services/inspect.js";
import { inspectionPage } from "../../src/report/inspect/page/html.js";
import { reportPage } from "../../src/report/report-page/html.js";
import { schedulePage } from "../../src/report/schedule/html.js";
import type { ServiceTarget } from "../../src/report/services-page/data.js";
import { servicesPage } from "../../src/report/services-page/html.js";
import { PageServer } from "../../src/server/page-server.js";
import { inspectOptions } from "../../test/services/services.js";

const ROUNDS = 15;

function picture(n: number): SchedulePicture {
  const lanes = Math.min(40, Math.max(2, n));
  return {
    program: "TestX", schedule: "u1", objects: ["channel A"], holds: [], frames: [["main.main", "/m/main.go", 3, 0]], sources: { "/m/main.go": ["a", "b", "c", "d"] },
    steps: Array.from({ length: n }, (_, i) => ({ lane: i % lanes, text: `sends on channel ${i % 7}`, time: i, stack: [0], objects: [0], user: true, past: true })),
    arrows: Array.from({ length: Math.max(0, n - 1) }, (_, i) => ({ kind: "value" as const, fromStep: i, fromLane: i % lanes, toStep: i + 1, toLane: (i + 1) % lanes })),
    lanes: Array.from({ length: lanes }, (_, i) => ({ name: i === 0 ? "1" : `1.${i}`, entry: "main.f", from: -1, end: i === 1 ? ("subject" as const) : ("ended" as const), ...(i === 1 ? { reason: "is blocked for ever (chan send)", frame: 0 } : { to: n - 1 }) })),
  };
}

function report(n: number): Report {
  return {
    failures: [],
    examinations: Array.from({ length: n }, (_, i) => ({
      name: `Test${i}`, package: "m", outcome: "passed", limits: [], coverage: { schedules: 100, complete: true, bounds: [], depth: 9, milliseconds: 1 },
      findings: [{ verdict: "leaked" as const, cause: "send-without-receiver" as const, evidence: ["nobody received"], goroutines: 1, test: `Test${i}`, package: "m", blocked: { reason: "chan send", function: `m.f${i}`, file: "/m/m.go", line: i + 1 }, stack: [] }],
    })),
  };
}

function inspection(n: number): string {
  const stacks = Array.from({ length: n }, (_, i) => `goroutine ${i + 1} [chan send, ${1 + (i % 90)} minutes]:\nexample.net/m.f${i % 20_000}(0x1)\n\t/m/m.go:${1 + (i % 20_000)} +0x1\ncreated by example.net/m.g in goroutine 1\n\t/m/m.go:9 +0x2\n`);
  const parsed = parseBytes(Buffer.from(stacks.join("\n")), { source: "dump.txt" });
  if (!parsed.ok) throw new Error("the dump of this file cannot be read");
  return inspectionPage(lookAtAll(parsed.value, inspectOptions())[0]!);
}

async function services(n: number): Promise<PageServer> {
  const targets: readonly ServiceTarget[] = Array.from({ length: n }, (_, i) => ({ name: `http://service-${i}:6060`, state: "up", error: "", total: 50 + i, totals: Array.from({ length: 60 }, (_, k) => 50 + ((i * k) % 17)), growing: Number(i === 0), perMinute: i === 0 ? 9 : 0, where: "" }));
  const server = await PageServer.start({ host: "127.0.0.1", port: 0, token: undefined, page: servicesPage(), answer: (path) => Promise.resolve(path === "targets" ? targets : undefined) });
  if (!server.ok) throw new Error(server.error);
  return server.value;
}

const median = (all: number[]): number => all.sort((a, b) => a - b)[all.length >> 1]!;
const folder = mkdtempSync(join(tmpdir(), "unpark-pages-"));
const executablePath = spawnSync(process.execPath, [fileURLToPath(new URL("../../../scripts/browser.mjs", import.meta.url))], { encoding: "utf8" }).stdout.trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

/** Milliseconds from the event to the second frame after it: what a person waits. */
const frame = (page: Page, script: string): Promise<number> =>
  page.evaluate(`new Promise((done) => { const t = performance.now(); ${script}; requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - t))); })`);

async function measure(name: string, html: string, moves: string, filter: string): Promise<void> {
  const file = join(folder, "page.html");
  writeFileSync(file, html);
  await measureAt(name, pathToFileURL(file).href, statSync(file).size, undefined, moves, filter);
}

/** @param ready what is there when the page is drawn; undefined: all is in it when it is loaded */
async function measureAt(name: string, url: string, size: number, ready: string | undefined, moves: string, filter: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const load: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    await page.goto(url);
    if (ready !== undefined) await page.waitForSelector(ready);
    load.push(performance.now() - start);
  }
  const move: number[] = [];
  for (let i = 0; i < ROUNDS; i++) move.push(await frame(page, moves));
  const filtered: number[] = [];
  for (let i = 0; i < ROUNDS; i++) filtered.push(await frame(page, filter.replace("WORD", i % 2 === 0 ? "3" : "")));
  console.log(`${name.padEnd(28)}${String(Math.round(size / 1024)).padStart(8)} KB  load ${median(load).toFixed(0).padStart(5)} ms  move ${median(move).toFixed(0).padStart(4)} ms (most ${Math.max(...move).toFixed(0)})  filter ${median(filtered).toFixed(0).padStart(4)} ms (most ${Math.max(...filtered).toFixed(0)})`);
  await page.close();
}

console.log(`${cpus()[0]!.model}, ${cpus().length} cores; Node ${process.version}; Chromium ${browser.version()}. A frame is 16.7 ms: nothing is shown sooner than after one or two.`);
const key = `document.querySelector(".steps").dispatchEvent(new KeyboardEvent("keydown", { key: Math.random() < 0.5 ? "PageUp" : "ArrowUp", cancelable: true }))`;
const input = (selector: string): string => `{ const e = document.querySelector("${selector}"); e.value = "WORD"; e.dispatchEvent(new Event("input")); }`;
for (const n of [1, 100, 20_000]) await measure(`schedule, ${n} steps`, schedulePage({ run: { picture: picture(n) } }), key, input(".search"));
for (const n of [1, 100, 5_000]) await measure(`report, ${n} findings`, reportPage(report(n), { cwd: "/", strict: false }), `{ const d = document.querySelector("details.finding > summary"); d.click(); }`, input("#search"));
for (const n of [1, 100, 100_000]) await measure(`inspect, ${n} goroutines`, inspection(n), `document.querySelector("input[type=search]").dispatchEvent(new KeyboardEvent("keydown", { key: "PageDown", bubbles: true })); window.scrollBy(0, 400)`, input("input[type=search]"));
for (const n of [1, 100]) {
  const server = await services(n);
  await measureAt(`services, ${n} targets`, server.url, Buffer.byteLength(servicesPage()), "#targets tbody tr", `window.scrollBy(0, ${n > 1 ? 200 : 1})`, input(".search"));
  await server.close();
}
await browser.close();
rmSync(folder, { recursive: true, force: true });
