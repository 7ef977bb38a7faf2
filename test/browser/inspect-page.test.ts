import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { parseBytes } from "../../src/parse/parse.js";
import { lookAtAll } from "../../src/pipeline/services/inspect.js";
import { inspectionPage } from "../../src/report/inspect/page/html.js";
import { inspectOptions } from "../services/services.js";
import { oneBrowser, skip, type OpenedPage } from "./chromium.js";

/** The page of `inspect --web`. */
const folder = mkdtempSync(join(tmpdir(), "unpark-page-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const browser = oneBrowser();

/** Opens the page of a dump; any request that leaves the file, and any error, fails the test. */
function opened(dump: string): Promise<OpenedPage> {
  const parsed = parseBytes(Buffer.from(dump), { source: "dump.txt" });
  assert.ok(parsed.ok);
  const file = join(folder, "page.html");
  writeFileSync(file, inspectionPage(lookAtAll(parsed.value, inspectOptions())[0]!));
  return browser.open(pathToFileURL(file).href);
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
