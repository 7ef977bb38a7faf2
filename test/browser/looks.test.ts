// Each page in light, dark and narrow beside the screenshot that was judged (test/browser/looks/README.md). Other fonts move a few
// pixels of each letter; a part that is gone, moved or unreadable changes more. After a change that is meant: node scripts/looks.mjs,
// look at the pictures, and judge them again.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { oneBrowser, skip } from "./chromium.js";
import { KEPT, LOOKS, PAGES, picture, live, SERVICE_VIEWS, services } from "./looks.js";

/** Share of pixels that may differ visibly. */
const FONTS = 0.04;
const folder = mkdtempSync(join(tmpdir(), "unpark-looks-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The share of pixels that differ by an eighth of a colour's range or more; all, where sizes differ. The browser reads the pictures. */
function difference(page: Page, one: Buffer, other: Buffer): Promise<number> {
  return page.evaluate(
    async (urls) => {
      const pixels = await Promise.all(
        urls.map(async (url) => {
          const image = new Image();
          image.src = url;
          await image.decode();
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [image.width, image.height];
          const context = canvas.getContext("2d")!;
          context.drawImage(image, 0, 0);
          return context.getImageData(0, 0, image.width, image.height);
        }),
      );
      const [a, b] = pixels as [ImageData, ImageData];
      if (a.width !== b.width || a.height !== b.height) return 1;
      let differ = 0;
      for (let i = 0; i < a.data.length; i += 4) if ([0, 1, 2].some((k) => Math.abs(a.data[i + k]! - b.data[i + k]!) >= 32)) differ++;
      return (4 * differ) / a.data.length;
    },
    [one, other].map((bytes) => `data:image/png;base64,${bytes.toString("base64")}`),
  );
}

describe("the looks of the pages", { skip }, () => {
  const browser = oneBrowser();
  const shown = async (name: string, look: string, change?: (page: Page) => Promise<unknown>): Promise<Buffer> => {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, PAGES[name]!());
    const { page, problems } = await browser.open(pathToFileURL(file).href, LOOKS[look]);
    await change?.(page);
    const bytes = await picture(page);
    assert.deepEqual(problems, []);
    await page.close();
    return bytes;
  };
  const shownView = async (view: string, look: string): Promise<Buffer> => {
    const { hash, ready } = SERVICE_VIEWS[view]!;
    const server = await services();
    const { page, problems } = await browser.open(`${server.url}${hash}`, LOOKS[look]);
    await page.waitForSelector(ready);
    await live(page, server);
    const bytes = await picture(page);
    assert.deepEqual(problems, []);
    await page.close();
    await server.close();
    return bytes;
  };
  const compared = async (name: string, look: string, change?: (page: Page) => Promise<unknown>): Promise<number> => {
    const { page } = await browser.open("about:blank");
    const share = await difference(page, name in SERVICE_VIEWS ? await shownView(name, look) : await shown(name, look, change), readFileSync(join(KEPT, `${name}-${look}.png`)));
    await page.close();
    return share;
  };

  for (const name of [...Object.keys(PAGES), ...Object.keys(SERVICE_VIEWS)]) {
    for (const look of Object.keys(LOOKS)) {
      test(`${name}, ${look}`, async () => {
        const share = await compared(name, look);
        assert.ok(share <= FONTS, `${(100 * share).toFixed(1)} % of the pixels differ from test/browser/looks/${name}-${look}.png`);
      });
    }
  }

  test("what is moved or gone is seen", async () => {
    const moved = await compared("schedule", "light", (page) => page.evaluate(() => (document.body.style.paddingTop = "60px")));
    assert.ok(moved > FONTS, `moved: ${moved}`);
    const plain = await compared("report", "dark", (page) => page.emulateMedia({ colorScheme: "light" }));
    assert.ok(plain > 0.5, `light for dark: ${plain}`);
  });
});
