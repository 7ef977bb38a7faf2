// The pages as people see them, of fixed data: what a screenshot of today is compared with. `node scripts/looks.mjs` takes the
// kept screenshots again (test/browser/looks/, with a judgement of each in its README).
import { fileURLToPath } from "node:url";
import type { Report } from "../../src/model/examination.js";
import type { Finding } from "../../src/model/finding.js";
import type { SchedulePicture } from "../../src/model/schedule-picture.js";
import { parseBytes } from "../../src/parse/parse.js";
import { lookAtAll } from "../../src/pipeline/services/inspect.js";
import { inspectionPage } from "../../src/report/inspect/page/html.js";
import { reportPage } from "../../src/report/report-page/html.js";
import { schedulePage } from "../../src/report/schedule/html.js";
import { inspectOptions } from "../services/services.js";
import type { Page } from "playwright-core";
import type { Look } from "./chromium.js";

export const KEPT = fileURLToPath(new URL("../../../test/browser/looks/", import.meta.url));

export const LOOKS: Readonly<Record<string, Look>> = {
  light: { viewport: { width: 1200, height: 760 }, colorScheme: "light" },
  dark: { viewport: { width: 1200, height: 760 }, colorScheme: "dark" },
  narrow: { viewport: { width: 390, height: 844 }, colorScheme: "light" },
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
  evidence: ["shop.First, which started it, receives at first.go:10 (case answer := <-answers), but returned by another path", "nobody else received for first.go:20"],
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
