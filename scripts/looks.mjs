// The kept screenshots of the pages, taken again: `node scripts/looks.mjs` (needs a built dist/, and Chromium: scripts/browser.mjs).
// test/browser/looks.test.ts compares with them. Look at each, and write what you see into test/browser/looks/README.md.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { KEPT, LOOKS, PAGES, picture, live, SERVICE_VIEWS, services } from "../dist/test/browser/looks.js";

const scratch = mkdtempSync(join(tmpdir(), "unpark-looks-"));
const executablePath = spawnSync(process.execPath, [fileURLToPath(new URL("browser.mjs", import.meta.url))], { encoding: "utf8" }).stdout.trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const [name, html] of Object.entries(PAGES)) {
  const file = join(scratch, `${name}.html`);
  writeFileSync(file, html());
  for (const [look, options] of Object.entries(LOOKS)) {
    const page = await browser.newPage(options);
    await page.goto(pathToFileURL(file).href);
    writeFileSync(join(KEPT, `${name}-${look}.png`), await picture(page));
    await page.close();
  }
}
for (const [name, { hash, ready }] of Object.entries(SERVICE_VIEWS)) {
  const server = await services();
  for (const [look, options] of Object.entries(LOOKS)) {
    const page = await browser.newPage(options);
    await page.goto(`${server.url}${hash}`);
    await page.waitForSelector(ready);
    await live(page, server);
    writeFileSync(join(KEPT, `${name}-${look}.png`), await picture(page));
    await page.close();
  }
  await server.close();
}
await browser.close();
rmSync(scratch, { recursive: true, force: true });
