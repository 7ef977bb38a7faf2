// The pages as people see them, of fixed data: what a screenshot of today is compared with. `node scripts/looks.mjs` takes the
// kept screenshots again (test/browser/looks/, with a judgement of each in its README).
import { fileURLToPath } from "node:url";
import type { Report } from "../../src/model/results/examination.js";
import type { Finding } from "../../src/model/finding/finding.js";
import type { SchedulePicture } from "../../src/model/run/schedule-picture.js";
import { parseBytes } from "../../src/parse/parse.js";
import { lookAtAll } from "../../src/pipeline/services/inspect.js";
import { inspectionPage } from "../../src/report/inspect/page/html.js";
import { reportPage } from "../../src/report/report-page/html.js";
import { schedulePage } from "../../src/report/schedule/html.js";
import type { ServiceDetail, ServiceGroup, ServiceRow, ServiceSuspect, ServiceTarget } from "../../src/report/services-page/data.js";
import { servicesPage } from "../../src/report/services-page/html.js";
import { PageServer } from "../../src/server/page-server.js";
import { inspectOptions } from "../services/services.js";
import type { Page } from "playwright-core";
import type { Look } from "./chromium.js";

export const KEPT = fileURLToPath(new URL("../../../test/browser/looks/", import.meta.url));

/** The words of moments are the reader's own. */
const PLACE = { locale: "en-GB", timezoneId: "UTC" } as const;

export const LOOKS: Readonly<Record<string, Look>> = {
  light: { viewport: { width: 1200, height: 760 }, colorScheme: "light", ...PLACE },
  dark: { viewport: { width: 1200, height: 760 }, colorScheme: "dark", ...PLACE },
  narrow: { viewport: { width: 390, height: 844 }, colorScheme: "light", ...PLACE },
};

const FILE = "shop/first.go";
const SOURCE = `package shop

// First asks all sources, and gives the first answer.
func First(limit time.Duration) string {
\tanswers := make(chan string)
\tfor _, source := range sources {
\t\tgo ask(source, answers)
\t}
\tselect {
\tcase answer := <-answers:
\t\treturn answer
\tcase <-time.After(limit):
\t\treturn "timed out"
\t}
}

func ask(source string, answers chan<- string) {
\tmu.Lock()
\tdefer mu.Unlock()
\tanswers <- look(source)
}
`.split("\n");
const line = (text: string): number => SOURCE.findIndex((one) => one.includes(text)) + 1;
const SEND = line("answers <- look");

/** Two sources are asked, the time-out wins, and one of them holds a lock when it is left. */
const PICTURE: SchedulePicture = {
  program: "TestFirstAnswer",
  schedule: "u1 1.1 1.2*2 @ 1",
  lanes: [
    { name: "1", entry: "shop.TestFirstAnswer", from: -1, to: 6, end: "ended" },
    { name: "1.1", entry: "shop.ask", from: 0, end: "subject", reason: "is blocked for ever (chan send on channel B)", frame: 1 },
    { name: "1.2", entry: "shop.ask", from: 0, end: "blocked", reason: "sync.Mutex.Lock on mutex A", frame: 3 },
  ],
  steps: [
    { lane: 0, text: "starts the timer C", time: 0, stack: [0], objects: [2], user: true, past: true },
    { lane: 1, text: "locks mutex A", time: 0, stack: [3], objects: [0], user: true, past: true },
    { lane: 1, text: "reads atomic D", time: 0, stack: [2, 1], objects: [3], user: false, past: false },
    { lane: -1, text: "clock: +1s (now 1s)", time: 1e9, stack: [], objects: [], user: true, past: true },
    { lane: 0, text: "receives from channel C, case 2 of a select", time: 1e9, stack: [0], objects: [2], user: true, past: true },
    { lane: 0, text: "returns", time: 1e9, stack: [0], objects: [], user: true, past: true },
    { lane: 0, text: "ends", time: 1e9, stack: [], objects: [], user: true, past: true },
  ],
  arrows: [
    { kind: "start", fromStep: 0, fromLane: 0, toStep: 0, toLane: 1 },
    { kind: "start", fromStep: 0, fromLane: 0, toStep: 0, toLane: 2 },
    { kind: "timer", fromStep: 3, fromLane: -1, toStep: 4, toLane: 0 },
  ],
  objects: ["mutex A", "channel B", "channel C", "atomic D"],
  holds: [{ object: 0, lane: 1, from: 1 }],
  frames: [["shop.First", FILE, line("select {"), 0], ["shop.ask", FILE, SEND, 0], ["sync/atomic.(*Int32).Load", "sync/atomic/type.go", 80, 2], ["shop.ask", FILE, line("mu.Lock"), 0]],
  sources: { [FILE]: SOURCE },
};

const FINDING: Finding = {
  verdict: "leaked",
  cause: "early-return",
  evidence: ["shop.First, which started it, receives at first.go:10 (case answer := <-answers), but returned by another path", "no other goroutine received what first.go:20 sends"],
  goroutines: 1,
  blocked: { reason: "chan send", function: "shop.ask", file: FILE, line: SEND },
  stack: [{ function: "shop.ask", file: FILE, line: SEND }],
  createdBy: { function: "shop.First", file: FILE, line: line("go ask") },
  unreachable: true,
  package: "shop",
  test: "TestFirstAnswer",
  schedule: PICTURE.schedule,
  seen: 12,
};

const REPORT: Report = {
  failures: [{ package: "shop/legacy", message: "legacy.go:3: no package golang.org/x/old: go get it first" }],
  examinations: ["TestFirstAnswer", "TestCart", "TestRestock"].map((name, index) => ({
    name,
    package: "shop",
    outcome: "passed",
    limits: index === 2 ? ["the budget ended (--budget)"] : [],
    coverage: { schedules: [212, 8, 4096][index]!, complete: index < 2, bounds: [], depth: 40, milliseconds: 900, ...(index === 2 ? { stoppedBy: "time" } : {}) },
    findings: index === 0 ? [{ ...FINDING, drawn: { picture: PICTURE } }] : [],
  })),
};

function inspection(): string {
  const waiting = Array.from({ length: 40 }, (_, i) => `goroutine ${i + 10} [chan send, ${i + 3} minutes]:\nexample.net/shop.(*Feed).push(0xc000010000)\n\t/src/shop/feed.go:41 +0x1d\ncreated by example.net/shop.Watch in goroutine 1\n\t/src/shop/feed.go:30 +0x2a\n`);
  const main = "goroutine 1 [select, 90 minutes]:\nmain.main()\n\t/src/main.go:9 +0x1\n";
  const parsed = parseBytes(Buffer.from([main, ...waiting].join("\n")), { source: "dump.txt" });
  if (!parsed.ok) throw new Error("the dump of this file cannot be read");
  return inspectionPage(lookAtAll(parsed.value, inspectOptions())[0]!);
}

const NOON = Date.UTC(2026, 10, 28, 12);
const FEED = { function: "shop.(*Feed).push", place: "shop/feed.go:41", owner: "user", source: "f.out <- event" };
const WAVES = Array.from({ length: 40 }, (_, i) => 24 + Math.round(4 * Math.sin(i / 3)));
const RISES = WAVES.map((count, i) => count + 9 * i);
const SERVICES: readonly ServiceTarget[] = [
  { name: "http://cart-7d4f:6060", state: "up", error: "", total: 380, totals: RISES, growing: 1, perMinute: 9, where: "shop.(*Feed).push shop/feed.go:41" },
  { name: "http://search-0:6060", state: "down", error: "nothing listens there (connection refused); is the service up, and is this its port?", total: 0, totals: [], growing: 0, perMinute: 0, where: "" },
  { name: "http://checkout-5c9b:6060", state: "up", error: "", total: 1204, totals: WAVES.map((count) => 50 * count), growing: 0, perMinute: 0, where: "" },
  ...Array.from({ length: 9 }, (_, i): ServiceTarget => ({ name: `http://worker-${i}:6060`, state: "up", error: "", total: 61 - i, totals: WAVES.map((count) => count + 37 - i), growing: 0, perMinute: 0, where: "" })),
];
const SUSPECT: ServiceSuspect = { ...FEED, id: "feed", count: 356, words: "blocked sending to a channel that nobody receives from", cause: "send-without-receiver", confidence: "high", evidence: ["356 goroutines wait at the same place, the longest for 38 minutes", "no goroutine receives in package shop"] };
const ROWS: readonly ServiceRow[] = [
  { ...FEED, id: "feed", count: 356, state: "chan send", label: "tenant=acme", perMinute: 9, counts: RISES.map((count) => count - 24) },
  ...["net.(*netFD).Read fd_unix.go:55", "sync.(*Mutex).Lock cart.go:60", "time.Sleep poll.go:12"].map((text, i): ServiceRow => {
    const [function_ = "", place = ""] = text.split(" ");
    return { function: function_, place, owner: "std", source: "", id: String(i), count: 14 - 5 * i, state: ["IO wait", "sync.Mutex.Lock", "sleep"][i]!, label: "", perMinute: 0, counts: WAVES.map((count) => Math.max(1, count - 12 - 5 * i)) };
  }),
];
const ANSWERS: Readonly<Record<string, unknown>> = {
  targets: SERVICES,
  target: { target: SERVICES[0]!, rows: ROWS, moreRows: 12, suspects: [SUSPECT] } satisfies ServiceDetail,
  group: {
    ...FEED, id: "feed", count: 356, state: "chan send", waited: "1 to 38 minutes", stack: [FEED, { function: "shop.Watch.func1", place: "shop/feed.go:33", owner: "user", source: "f.push(event)" }], startedBy: [{ function: "shop.Watch", place: "shop/feed.go:30", owner: "user", source: "go func() {" }],
    labels: [{ label: "tenant=acme", count: 356 }], suspects: [SUSPECT], series: RISES.map((count, i) => [NOON + 60_000 * i, count - 24] as const),
  } satisfies ServiceGroup,
  locks: { at: NOON, locks: [{ lock: "shop.Cart 0xc000012340", waiting: [{ function: "shop.(*Cart).Add", place: "shop/cart.go:60", owner: "user", source: "c.mu.Lock()", who: "2 goroutines", state: "sync.Mutex.Lock", certain: true }], holding: [{ function: "shop.(*Cart).notify", place: "shop/cart.go:55", owner: "user", source: "c.events <- one", who: "goroutine 50", state: "chan send", certain: true }] }] },
};

/** The page of `unpark serve` with fixed answers, in place of a watch whose times and growth differ at each look. */
export async function services(): Promise<PageServer> {
  const server = await PageServer.start({ host: "127.0.0.1", port: 0, token: undefined, page: servicesPage(), answer: (path) => Promise.resolve(ANSWERS[path]) });
  if (!server.ok) throw new Error(server.error);
  return server.value;
}

/** One piece of news, as a page that stays open has them. */
export async function live(page: Page, server: PageServer): Promise<void> {
  while (server.listeners === 0) await page.waitForTimeout(5);
  server.publish({ targets: SERVICES, at: NOON });
  await page.waitForFunction(() => document.getElementById("live")!.textContent === "live");
}

const CART = `t/${encodeURIComponent(SERVICES[0]!.name)}`;
/** Its views: where they are, and what is there when they are drawn. */
export const SERVICE_VIEWS: Readonly<Record<string, { readonly hash: string; readonly ready: string }>> = {
  services: { hash: "#/", ready: "#targets table" },
  service: { hash: `#/${CART}`, ready: ".suspect" },
  group: { hash: `#/${CART}/g/feed`, ready: ".chart .curve" },
  locks: { hash: `#/${CART}/locks`, ready: ".lock" },
};

/** Each page's whole HTML. */
export const PAGES: Readonly<Record<string, () => string>> = {
  schedule: () => schedulePage({ run: { picture: PICTURE }, finding: FINDING, replay: "unpark replay --test=TestFirstAnswer 'u1 1.1 1.2*2 @ 1' ./shop" }),
  report: () => reportPage(REPORT, { cwd: "/", strict: false }),
  inspect: inspection,
};

/** From the top, and still: some pages move to what was found when they open. */
export async function picture(page: Page): Promise<Buffer> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    window.scrollTo(0, 0);
    await new Promise(requestAnimationFrame);
  });
  return page.screenshot({ animations: "disabled", caret: "hide" });
}
