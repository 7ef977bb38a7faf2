import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { parseBytes } from "../../src/parse/parse.js";
import { lookAtAll } from "../../src/pipeline/services/inspect.js";
import { inspectionPage } from "../../src/report/inspect/page/html.js";
import { inspectOptions } from "../services/services.js";

/** The page of `inspect --web` in a real Chromium: scripts/browser.mjs finds or installs one. */
const script = fileURLToPath(new URL("../../../scripts/browser.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "unpark-page-"));
const path = spawnSync(process.execPath, [script], { encoding: "utf8" });
const skip = path.status === 0 ? false : path.stderr.trim();
let browser: Browser;
before(async () => {
  if (!skip) browser = await chromium.launch({ executablePath: path.stdout.trim(), args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the page of a dump; any request that leaves the file, and any error, fails the test. */
async function opened(dump: string): Promise<{ page: Page; problems: string[] }> {
  const parsed = parseBytes(Buffer.from(dump), { source: "dump.txt" });
  assert.ok(parsed.ok);
  const file = join(folder, "page.html");
  writeFileSync(file, inspectionPage(lookAtAll(parsed.value, inspectOptions())[0]!));
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const problems: string[] = [];
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(file).href) problems.push(request.url());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(pathToFileURL(file).href);
  return { page, problems };
}

test("a label's values: the largest first; one of them leaves its goroutines", { skip }, async () => {
  const labelled = (id: number, place: string, tenant: string): string => `goroutine ${id} [select] {path: /x, tenant: ${tenant}}:\nmain.${place}()\n\t/src/main.go:7 +0x1\n`;
  const dump = Array.from({ length: 30 }, (_, i) => labelled(i + 1, i % 3 === 0 ? "f" : "g", i % 5 === 0 ? "b" : "a")).join("\n");
  const { page, problems } = await opened(dump);
  await page.selectOption("#label-key", "tenant");
  assert.deepEqual(await page.locator("#labels button").allTextContents(), ["a 24", "b 6"]);
  await page.click("#labels button:has-text('b 6')");
  await page.waitForFunction(() => document.getElementById("status")!.textContent === "6 goroutines in 2 groups");
  assert.deepEqual(await page.locator(".group .count").allTextContents(), ["4", "2"]);
  await page.click("#labels button:has-text('b 6')");
  await page.waitForFunction(() => document.getElementById("status")!.textContent === "30 goroutines in 2 groups");
  assert.deepEqual(problems, []);
});

/** 100,000 goroutines at 20,000 different places, five at each; one of them has a name that would break out of HTML. */
function large(): string {
  const lines: string[] = [];
  for (let id = 1; id <= 100_000; id++) {
    const place = id % 20_000;
    lines.push(`goroutine ${id} [chan ${place % 2 === 0 ? "send" : "receive"}, ${place % 90} minutes]:`, `example.com/app.f${place}(0x1)`, `\t/src/app/f${place}.go:${place + 1} +0x1d`, "created by main.main in goroutine 1", "\t/src/main.go:8 +0x2a", "");
  }
  lines.push("goroutine 100001 [select]:", "main.</script><img/src=x/onerror=alert(1)>()", "\t/src/<b>.go:7 +0x1", "");
  return lines.join("\n");
}

test("100,000 goroutines: searched, folded, filtered, and nothing from the network", { skip }, async () => {
  const { page, problems } = await opened(large());
  const status = (): Promise<string | null> => page.textContent("#status");
  assert.equal(await status(), "100,001 goroutines in 20,001 groups");
  assert.ok((await page.locator(".group").count()) < 1000, "only what is seen is drawn");

  // Thousands of suspects (all that wait for five minutes and more): a few are shown, so that the groups stay in sight.
  assert.equal(await page.locator(".suspect").count(), 6);
  assert.match((await page.textContent(".rest"))!, /^[\d,]+ more suspects$/);
  await page.click(".rest");
  assert.equal(await page.locator(".suspect").count(), 36);

  await page.fill("#search", "f12345");
  await page.waitForFunction(() => document.getElementById("status")!.textContent === "5 goroutines in 1 groups");
  await page.click(".group .head");
  assert.match((await page.textContent(".details"))!, /\/src\/app\/f12345\.go:12346/);
  assert.match((await page.textContent(".details"))!, /started by main\.main/);

  await page.fill("#search", "");
  await page.click("#states .chip:has-text('chan send')");
  await page.waitForFunction(() => document.getElementById("status")!.textContent === "50,001 goroutines in 10,001 groups");
  await page.fill("#search", "onerror");
  await page.waitForFunction(() => document.getElementById("status")!.textContent === "1 goroutines in 1 groups");
  assert.equal(await page.locator(".group img").count(), 0, "a name is text, never markup");
  assert.deepEqual(problems, []);
  await page.close();
});
