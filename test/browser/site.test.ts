// The built site in a real Chromium: `node scripts/site.mjs` makes it of the documents.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { COMMANDS } from "../../src/cli/commands.js";
import { flagWord } from "../../src/cli/flags/flags.js";
import { CAUSES } from "../../src/model/finding/cause.js";
import { VERDICTS } from "../../src/model/finding/finding.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const DIST = join(ROOT, "site/dist");
const found = spawnSync(process.execPath, [join(ROOT, "scripts/browser.mjs")], { encoding: "utf8" });
const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2", ".txt": "text/plain" };

describe("the site", { skip: found.status === 0 ? false : found.stderr.trim(), timeout: 600_000 }, () => {
  let browser: Browser;
  let server: Server;
  let base = "";
  const outside: string[] = [];
  before(async () => {
    const built = spawnSync(process.execPath, [join(ROOT, "scripts/site.mjs")], { encoding: "utf8", timeout: 500_000 });
    assert.equal(built.status, 0, built.stderr); // VitePress fails at a link that leads nowhere
    server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url!, "http://x").pathname);
      const file = normalize(join(DIST, path.endsWith("/") ? `${path}index.html` : path));
      if (!file.startsWith(DIST) || !existsSync(file)) return response.writeHead(404).end();
      return response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: found.stdout.trim(), args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });
  const opened = async (path: string): Promise<Page> => {
    const page = await browser.newPage();
    page.on("request", (request) => void (request.url().startsWith(base) || request.url().startsWith("data:") || outside.push(request.url())));
    await page.goto(`${base}${path}`);
    return page;
  };

  it("has a page for each verdict, cause, command and tutorial; the reference names every flag", async () => {
    const pages = (folder: string): readonly string[] => readdirSync(join(DIST, folder)).map((name) => name.replace(/\.html$/, "")).sort();
    assert.deepEqual([pages("verdicts"), pages("causes"), pages("tutorials")], [[...VERDICTS].sort(), [...CAUSES].sort(), ["ci", "services", "tests", "typescript"]]);
    assert.deepEqual(pages("reference"), Object.keys(COMMANDS).sort());
    assert.ok(existsSync(join(DIST, "api/functions/unpark.go.html")), "the reference of the library");
    for (const [name, load] of Object.entries(COMMANDS)) {
      const text = readFileSync(join(DIST, "reference", `${name}.html`), "utf8").replace(/<[^>]*>/g, "");
      for (const [flag, spec] of Object.entries((await load()).command.flags)) assert.ok(text.includes(flagWord(flag, spec)), `${name} ${flag}`);
    }
  });

  it("finds a cause by its words, and opens its page; nothing comes from outside", async () => {
    const page = await opened("/");
    assert.match(await page.innerText("h1"), /Unpark/);
    await page.keyboard.press("Control+k");
    await page.fill("#localsearch-input", "early return other half");
    await page.waitForSelector(".VPLocalSearchBox .result");
    const links = await page.$$eval(".VPLocalSearchBox .result", (all) => all.map((one) => one.getAttribute("href") ?? ""));
    const index = links.findIndex((link) => link.includes("/causes/early-return"));
    assert.ok(index >= 0, links.join(" "));
    await page.click(`.VPLocalSearchBox .result >> nth=${index}`);
    await page.waitForURL(/causes\/early-return/);
    assert.match(await page.innerText("h1"), /early-return/);
    assert.match(await page.innerText(".vp-doc"), /How it is shown/);
    assert.deepEqual(outside, []);
  });

  it("each page shows its heading without scripts, too", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    for (const path of ["/verdicts/leaked.html", "/tutorials/tests.html", "/reference/test.html", "/real-bugs.html"]) {
      await page.goto(`${base}${path}`);
      assert.ok((await page.innerText("h1")).length > 3, path);
    }
    await context.close();
  });
});
