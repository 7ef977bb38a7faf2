// A real Chromium for tests of pages: scripts/browser.mjs finds or installs one. Without it such tests are skipped, and say why.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";

const found = spawnSync(process.execPath, [fileURLToPath(new URL("../../../scripts/browser.mjs", import.meta.url))], { encoding: "utf8" });
export const skip: string | false = found.status === 0 ? false : found.stderr.trim();
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface Look {
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: "light" | "dark";
  readonly locale?: string;
  readonly timezoneId?: string;
}

export interface OpenedPage {
  readonly page: Page;
  /** Errors of the page, and requests that leave it. */
  readonly problems: readonly string[];
}

const USUAL: Look = { viewport: { width: 1280, height: 800 }, colorScheme: "light" };

/** One browser for the tests of a file; `open` gives a new page of it. */
export function oneBrowser(): { readonly open: (url: string, look?: Partial<Look>) => Promise<OpenedPage> } {
  let browser: Browser | undefined;
  before(async () => {
    if (!skip) browser = await chromium.launch({ executablePath: found.stdout.trim(), args: ["--no-sandbox"] });
  });
  after(() => browser?.close());
  return {
    open: async (url, look = {}) => {
      const page = await browser!.newPage({ ...USUAL, ...look });
      const problems: string[] = [];
      const own = new URL(url);
      page.on("request", (request) => {
        const asked = new URL(request.url());
        const stays = own.protocol === "file:" ? asked.href.split("#")[0] === own.href : asked.origin === own.origin;
        if (!stays) problems.push(request.url());
      });
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(message.text());
      });
      await page.goto(url);
      return { page, problems };
    },
  };
}

/** What axe finds, each with the first element that shows it. The page's policy keeps even axe out: the debugger evaluates it, which no policy binds. */
export const violations = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`${AXE};axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`);
