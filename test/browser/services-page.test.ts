import assert from "node:assert/strict";
import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openStore } from "../../src/pipeline/services/history.js";
import { serve } from "../../src/pipeline/services/serve.js";
import { inspectOptions, named } from "../services/services.js";
import { oneBrowser, skip, violations } from "./chromium.js";

/** The page of `unpark serve` in a real Chromium, over targets that are dumps of our own making. */
const SHOTS = process.env["UNPARK_SHOTS"];
const browser = oneBrowser();

const HOSTILE = "main.<img/src=x/onerror=alert(1)>";

const goroutines = (from: number, count: number, method: string): readonly string[] =>
  Array.from({ length: count }, (_, i) => `goroutine ${from + i} [chan receive]:\nexample.net/shop.(*Stock).${method}(0x1)\n\t/src/shop/stock.go:12 +0x1d\n`);

/**
 * `leaky` has one goroutine more at each look; one of its locks is held by a goroutine that waits to send. `deployed` has 20 that poll, and
 * from its fifth look on, started again as another build, two that follow instead: 28 goroutines, then 10.
 */
function dumpOf(name: string, looks: number): string {
  const stuck = Array.from({ length: name === "leaky" ? looks : 3 }, (_, i) => `goroutine ${100 + i} [chan send]:\nexample.net/shop.(*Feed).push(0x1)\n\t/src/shop/feed.go:41 +0x1d\ncreated by example.net/shop.Watch in goroutine 1\n\t/src/shop/feed.go:30 +0x2a\n`);
  const main = "goroutine 1 [select]:\nmain.main()\n\t/src/main.go:9 +0x1\n";
  const hostile = `goroutine 9 [select]:\n${HOSTILE}()\n\t/src/x.go:7 +0x1\n`;
  const lock = (id: number): string => `goroutine ${id} [sync.Mutex.Lock, 7 minutes]:\nsync.(*Mutex).Lock(...)\n\t/usr/local/go/src/sync/mutex.go:46\nexample.net/shop.(*Cart).Add(0xc000012340, 0x1)\n\t/src/shop/cart.go:20 +0x1\n`;
  const holder = "goroutine 50 [chan send, 9 minutes]:\nexample.net/shop.(*Cart).notify(0xc000012340)\n\t/src/shop/cart.go:55 +0x1\nexample.net/shop.(*Cart).Close(0xc000012340)\n\t/src/shop/cart.go:60 +0x1\n";
  const stock = name !== "deployed" ? [] : looks < 5 ? goroutines(200, 20, "poll") : goroutines(300, 2, "follow");
  return [main, hostile, lock(20), lock(21), holder, ...stuck, ...stock].join("\n");
}

/** As many services as there are names, at one address; each counts its own looks. */
async function services(names: readonly string[]): Promise<{ readonly server: Server; readonly urls: readonly string[] }> {
  const looks = new Map<string, number>();
  const server = createServer((request, response) => {
    const name = new URL(request.url!, "http://x").pathname.split("/")[1]!;
    looks.set(name, (looks.get(name) ?? 0) + 1);
    response.end(dumpOf(name, looks.get(name)!));
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as AddressInfo;
  return { server, urls: names.map((name) => `http://127.0.0.1:${port}/${name}/goroutine?debug=2`) };
}

interface Opened extends AsyncDisposable {
  readonly url: string;
  readonly names: readonly string[];
}

async function served(names: readonly string[], token?: string): Promise<Opened> {
  const { server, urls } = await services(names);
  const stop = new AbortController();
  const store = await openStore(undefined);
  assert.ok(store.ok);
  let ended: Promise<unknown> = Promise.resolve();
  const url = await new Promise<string>((resolve) => {
    ended = serve(named(urls), {
      ...inspectOptions({ debug: 2, signal: stop.signal }), store: store.value, intervalMs: names.length > 10 ? 1000 : 50, keepMs: 1e9, onEvent: () => undefined,
      growth: { window: 12, minRise: 5, minShare: 0.1, maxFalls: 0.1 }, alarm: "rise" as const, host: "127.0.0.1", port: 0, token, outlets: { version: "0", groupSeries: 20 }, onListening: resolve,
    });
  });
  return {
    url, names: urls,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended;
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const wide = (page: Page): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

test("find the service that grows, why, what changed since noon, and who holds the lock", { skip }, async () => {
  await using one = await served(["calm", "leaky", "other"]);
  const { page, problems } = await browser.open(one.url);
  const leaky = one.names[1]!;
  await page.waitForSelector(".grows");
  assert.match((await page.locator("tbody tr").first().textContent())!, /leaky/, "what grows comes first");
  await page.waitForFunction(() => document.getElementById("count")!.textContent === "3 of 3 services, 1 grows");

  await page.locator("tbody tr a").first().click();
  await page.waitForSelector("h2:has-text('Suspects')");
  await page.locator("tbody tr:has-text('feed.go:41') a").first().click();
  await page.waitForSelector("h2:has-text('Stack')");
  assert.match((await page.textContent("main"))!, /\(\*Feed\)\.push.*\/src\/shop\/feed\.go:41/s);
  assert.match((await page.textContent("main"))!, /Started by.*shop\.Watch/s);
  assert.match((await page.getAttribute(".chart", "aria-label"))!, /at most \d+/);
  assert.ok((await page.getAttribute(".chart .curve", "points"))!.split(" ").length > 5, "its count over time");

  await page.goto(`${one.url}#/t/${encodeURIComponent(leaky)}/diff`);
  await page.click("button:has-text('since noon')");
  await page.waitForSelector(".kind-grown");
  assert.equal(await page.locator("#changes tbody tr").count(), 1);
  assert.match((await page.textContent("#changes tbody tr"))!, /^grown\d+ → \d+\+\d+chan sendshop\.\(\*Feed\)\.push/);

  // In the morning, noon is yesterday's.
  for (const [hour, day] of [[9, 4], [13, 5]] as const) {
    const { page: other } = await browser.open("about:blank");
    await other.clock.setFixedTime(new Date(2026, 2, 5, hour));
    await other.goto(`${one.url}#/t/${encodeURIComponent(leaky)}/diff`);
    await other.click("button:has-text('since noon')");
    assert.equal(await other.inputValue("input[aria-label=from]"), `2026-03-0${day}T12:00`, `at ${hour} o'clock`);
    await other.close();
  }

  await page.goto(`${one.url}#/t/${encodeURIComponent(leaky)}/locks`);
  await page.waitForSelector(".lock");
  assert.equal(await page.textContent(".lock .key"), "shop.Cart 0xc000012340");
  assert.match((await page.textContent(".lock .waiters"))!, /^2 goroutinesshop\.\(\*Cart\)\.Add/);
  assert.match((await page.textContent(".lock .holders"))!, /^goroutine 50shop\.\(\*Cart\)\.notify.*cart\.go:55chan send$/);

  await page.goto(`${one.url}#/t/${encodeURIComponent(leaky)}`);
  await page.waitForSelector("text=onerror=alert(1)>"); // behind the last slash, as every name is shown
  assert.equal(await page.locator("img").count(), 0, "a name is text, never markup");
  assert.deepEqual(problems, []);
  await page.close();
});

test("what changed since the last restart: the last look of the old build beside the new one's", { skip }, async () => {
  await using one = await served(["deployed", "calm"]);
  const { page, problems } = await browser.open(one.url);
  const rows = async (target: string): Promise<readonly string[]> => {
    await page.goto(`${one.url}#/t/${encodeURIComponent(target)}/diff`);
    const asked = page.waitForResponse((response) => response.url().includes("from=restart"));
    await page.click("button:has-text('since the last restart')");
    await asked;
    await page.waitForSelector("#changes table:has-text('Stock'), #changes p.down");
    return page.locator("#changes tbody tr, #changes p.down").evaluateAll((all) => all.map((row) => [...(row.children.length === 0 ? [row] : row.children)].map((cell) => cell.textContent).join(" ")));
  };
  await page.waitForFunction(async (name) => ((await (await fetch(`api/target?target=${encodeURIComponent(name)}`)).json()) as { target: { total: number } }).target.total === 10, one.names[0]!);
  assert.deepEqual(await rows(one.names[0]!), ["new 0 → 2 +2 chan receive shop.(*Stock).follow /src/shop/stock.go:12", "gone 20 → 0 -20 chan receive shop.(*Stock).poll /src/shop/stock.go:12"]);
  assert.deepEqual(await rows(one.names[1]!), ["no restart was seen within a day: it shows as a fall of all goroutines to half or less between two looks"]);
  assert.deepEqual(problems.filter((problem) => !/status of (404|500|400)/.test(problem)), []);
  await page.close();
});

for (const [name, viewport, scheme] of [["light", { width: 1280, height: 800 }, "light"], ["dark", { width: 1280, height: 800 }, "dark"], ["narrow", { width: 390, height: 844 }, "light"]] as const) {
  test(`axe finds no violation, and nothing is wider than the screen: ${name}`, { skip }, async () => {
    await using one = await served(["leaky", "calm"]);
    const { page, problems } = await browser.open(one.url, { viewport, colorScheme: scheme });
    await page.waitForSelector(".grows");
    const target = `#/t/${encodeURIComponent(one.names[0]!)}`;
    const row = await page.evaluate(async (name) => ((await (await fetch(`api/target?target=${encodeURIComponent(name)}`)).json()) as { rows: { id: string }[] }).rows[0]!.id, one.names[0]!);
    for (const [view, hash, ready] of [["list", "#/", "#targets table"], ["service", target, ".suspect"], ["group", `${target}/g/${row}`, "h2:has-text('Stack')"], ["changes", `${target}/diff`, "#changes table, #changes p"], ["locks", `${target}/locks`, ".lock"]] as const) {
      await page.goto(one.url + hash);
      await page.waitForSelector(ready);
      assert.deepEqual(await violations(page), [], view);
      assert.equal(await wide(page), false, view);
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/services-${view}-${name}.png`, fullPage: true });
    }
    assert.deepEqual(problems, []);
    await page.close();
  });
}

test("100 services: all are listed, and filtered by name", { skip }, async () => {
  await using one = await served(Array.from({ length: 100 }, (_, i) => (i === 77 ? "leaky" : `service-${i}`)));
  const { page, problems } = await browser.open(one.url);
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 100);
  await page.fill(".search", "service-4");
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 11);
  assert.deepEqual(problems, []);
  await page.close();
});

/** A request as somebody else would send it. */
const asked = (url: string, headers: Readonly<Record<string, string>>, method = "GET"): Promise<{ status: number; headers: Readonly<Record<string, string | string[] | undefined>> }> =>
  new Promise((resolve, reject) => {
    get(url, { headers, method }, (response) => {
      response.destroy();
      resolve({ status: response.statusCode!, headers: response.headers });
    }).on("error", reject);
  });

test("who may ask: this host by its name, no other origin, elsewhere only who has the token; nobody writes", async () => {
  {
    await using one = await served(["calm"]);
    const { host, port } = new URL(one.url);
    for (const [headers, status] of [
      [{}, 200], [{ host: `localhost:${port}` }, 200], [{ host: "evil.example" }, 421], [{ host: `evil.example:${port}` }, 421], [{ host, origin: `http://${host}` }, 200],
      [{ host, origin: "http://evil.example" }, 403], [{ host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, 403],
    ] as const) {
      for (const what of ["", "api/targets", "events"]) assert.equal((await asked(one.url + what, headers)).status, status, `${what} ${JSON.stringify(headers)}`);
    }
    assert.equal((await asked(one.url, {}, "POST")).status, 405);
    assert.equal((await asked(`${one.url}api/target?target=http://127.0.0.1:1/`, {})).status, 404, "only what was named when it began is asked");
    assert.equal((await asked(`${one.url}../../etc/passwd`, {})).status, 404);
  }
  const token = "a-token-of-some-length";
  await using kept = await served(["calm"], token);
  for (const [what, headers, status] of [
    ["api/targets", {}, 401], ["", {}, 401], ["events", {}, 401], ["api/targets", { authorization: `Bearer ${token}` }, 200], ["api/targets", { cookie: `unpark-token=${token}` }, 200],
    ["api/targets", { cookie: "unpark-token=a-token-of-some-lengtj" }, 401], [`?token=${token}`, {}, 303], ["?token=wrong", {}, 401],
  ] as const) assert.equal((await asked(kept.url + what, headers)).status, status, `${what} ${JSON.stringify(headers)}`);
  const { headers } = await asked(`${kept.url}?token=${token}`, {});
  assert.deepEqual([headers["location"], headers["set-cookie"]], ["/", [`unpark-token=${token}; HttpOnly; SameSite=Strict; Path=/`]]);
});
