// The same files in a real browser: production and control. The page loads the compiled modules as they are.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import type * as Unpark from "../../src/index.js";
import type * as Controlled from "../../src/runtime/control/controlled-program.js";
import type * as DepthFirst from "../../src/runtime/testing/depth-first.js";

const DIST = fileURLToPath(new URL("../../", import.meta.url));
const found = spawnSync("sh", ["-c", "command -v chromium || command -v google-chrome"], { encoding: "utf8" }).stdout.trim();
const skip = found === "" ? "no Chromium here: `node scripts/browser.mjs` installs one" : false;

interface PageModules {
  readonly unpark: typeof Unpark;
  readonly controlled: typeof Controlled;
  readonly search: typeof DepthFirst;
}
declare const modules: Promise<PageModules>;

const PAGE = `<!doctype html><script type="module">
  globalThis.modules = (async () => ({
    unpark: await import("/src/index.js"),
    controlled: await import("/src/runtime/control/controlled-program.js"),
    search: await import("/src/runtime/testing/depth-first.js"),
  }))();
</script>`;

describe("the runtime in a browser", { skip }, () => {
  let browser: Browser;
  let page: Page;
  const server = createServer((request, response) => {
    const path = new URL(request.url!, "http://localhost").pathname;
    const html = path === "/";
    try {
      const body = html ? PAGE : readFileSync(DIST + path);
      response.writeHead(200, { "content-type": html ? "text/html" : "text/javascript" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({ executablePath: found, args: ["--no-sandbox"] });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  after(async () => {
    await browser?.close();
    server.close();
    server.closeAllConnections();
  });

  it("channels, select, timers and locks in production", async () => {
    const got = await page.evaluate(async () => {
      const { Chan, go, recv, select, sync, time, runtime } = (await modules).unpark;
      const ch = new Chan<number>();
      go(async () => {
        for (let i = 0; i < 1000; i++) await ch.send(i);
        await ch.close();
      });
      let sum = 0;
      for await (const value of ch) sum += value;
      const slow = await select(recv(new Chan<number>()), recv(time.after(5 * time.millisecond)));
      const mu = new sync.Mutex();
      const wg = new sync.WaitGroup();
      let inside = 0;
      for (let i = 0; i < 3; i++) {
        await wg.go(async () => {
          await mu.lock();
          inside++;
          await mu.unlock();
        });
      }
      await wg.wait();
      return { sum, index: slow.index, inside, goroutines: runtime.numGoroutine() };
    });
    assert.deepEqual(got, { sum: 499_500, index: 1, inside: 3, goroutines: 1 });
  });

  it("every schedule under control, with virtual time", async () => {
    const got = await page.evaluate(async () => {
      const { unpark, controlled, search } = await modules;
      const { Chan, go, recv, select, time } = unpark;
      const leaky = new controlled.ControlledProgram(async () => {
        const ch = new Chan<number>();
        go(async () => {
          await time.sleep(time.second);
          await ch.send(1);
        });
        await select(recv(ch), recv(time.after(2 * time.second)));
      });
      const ends = await search.everySchedule(leaky);
      return [...new Set(ends.map((e) => e.blocked.join()))].sort();
    });
    assert.deepEqual(got, ["", "1.1 chan send"]);
  });

  it("a foreign promise is noticed however fast its answer is", async () => {
    const got = await page.evaluate(async () => {
      const { controlled, search } = await modules;
      const answers: readonly (() => Promise<unknown>)[] = [
        () => fetch("/"),
        () => fetch("data:text/plain,hello"),
        () => new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = resolve;
          port2.postMessage(1);
        }),
      ];
      const kinds: string[] = [];
      for (const answer of answers) {
        for (let i = 0; i < 5; i++) {
          const foreign = new controlled.ControlledProgram(() => answer());
          kinds.push((await search.everySchedule(foreign))[0]!.outcome.kind);
        }
      }
      return kinds;
    });
    assert.deepEqual(got, Array.from({ length: 15 }, () => "unsupported"));
  });
});
