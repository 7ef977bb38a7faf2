// The pages that draw schedules, in a real Chromium: what a person does on them with keyboard, mouse and screen reader.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import type { Report } from "../../src/model/results/examination.js";
import type { Finding } from "../../src/model/finding/finding.js";
import type { DrawnRun, PictureArrow, PictureStep, SchedulePicture } from "../../src/model/run/schedule-picture.js";
import { reportPage } from "../../src/report/report-page/html.js";
import { schedulePage } from "../../src/report/schedule/html.js";
import { oneBrowser, skip, violations, type OpenedPage } from "./chromium.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-schedule-page-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const browser = oneBrowser();

/** `n` steps of main and two goroutines in turn on one channel; goroutine 1.2 is left at it. Every tenth step is the clock's. */
function picture(n: number, past = true): SchedulePicture {
  const steps: PictureStep[] = [];
  const arrows: PictureArrow[] = [];
  for (let i = 0; i < n; i++) {
    if (i % 10 === 9) steps.push({ lane: -1, text: `clock: +1ms (now ${i}ms)`, time: i * 1e6, stack: [], objects: [], user: true, past: true });
    else steps.push({ lane: i % 3, text: i % 3 === 0 ? "receives from channel A" : "sends on channel A", time: i * 1e6, stack: [i % 3], objects: [0], user: true, past: past || i % 3 === 2 });
    if (i % 3 === 0 && i > 0) arrows.push({ kind: "value", fromStep: i - 1, fromLane: 2, toStep: i, toLane: 0 });
  }
  return {
    program: "TestX", schedule: "u1", steps, arrows, objects: ["channel A"], holds: [],
    lanes: [
      { name: "1", entry: "main.main", from: -1, end: "ended", to: n - 1 },
      { name: "1.1", entry: "main.a", from: -1, end: "ended", to: n - 1 },
      { name: "1.2", entry: "main.b", from: -1, end: "subject", reason: "is blocked for ever (chan send on channel A)", frame: 2, waitsAt: [0] },
    ],
    frames: [["main.main", "/m/main.go", 3, 0], ["main.a", "/m/main.go", 5, 0], ["main.</script><img src=x onerror=alert(1)>", "/m/main.go", 7, 0]],
    sources: { "/m/main.go": ["package main", "", "	v := <-c // three", "", "	c <- 1", "", "	c <- 2 // </script>", "}"] },
  };
}

/** The same until step 8. Then main goes before 1.2, and the last step of 1.2 is not there: it has ended. */
const BESIDE = ((): DrawnRun => {
  const here = picture(12);
  const steps = [...here.steps.slice(0, 8), { ...here.steps[0]!, time: 8e6 }, ...here.steps.slice(8, 11)];
  const lanes = here.lanes.map((lane) => (lane.name === "1.2" ? { name: lane.name, entry: lane.entry, from: -1, to: 11, end: "ended" as const } : lane));
  return { picture: here, beside: { title: "Another schedule: there goroutine 1.2 ends", picture: { ...here, steps, lanes, arrows: [] }, partsAt: 9 } };
})();

function opened(html: string, viewport = { width: 1280, height: 800 }, colorScheme: "light" | "dark" = "light"): Promise<OpenedPage> {
  const file = join(folder, "page.html");
  writeFileSync(file, html);
  return browser.open(pathToFileURL(file).href, { viewport, colorScheme });
}

const current = (page: Page): Promise<string> => page.locator(".row.current").first().evaluate((row) => [...row.children].filter((one) => one.className !== "code").map((one) => one.textContent).join(" ").replace(/\s+/g, " ").trim());

describe("a schedule as a page", { skip }, () => {
  test("opens at the wall, and is walked by the keyboard: step, goroutine, object, filter", async () => {
    const { page, problems } = await opened(schedulePage({ run: { picture: picture(100) } }));
    assert.equal(await current(page), "goroutine 1.2 is blocked for ever (chan send on channel A) at main.go:7");
    // From the wall the keys go along the goroutine that waits there, and along what it waits at: the last step is the clock's.
    for (const key of ["p", "O"]) {
      await page.keyboard.press(key);
      assert.equal(await current(page), "step 99: goroutine 1.2 sends on channel A at main.go:7", key);
      await page.keyboard.press("End");
    }
    await page.keyboard.press("ArrowUp");
    assert.equal(await current(page), "step 100: clock: +1ms (now 99ms)");
    await page.keyboard.press("ArrowUp");
    assert.equal(await current(page), "step 99: goroutine 1.2 sends on channel A at main.go:7");
    await page.keyboard.press("p");
    assert.equal(await current(page), "step 96: goroutine 1.2 sends on channel A at main.go:7");
    await page.keyboard.press("O");
    assert.equal(await current(page), "step 95: goroutine 1.1 sends on channel A at main.go:5");
    await page.keyboard.press("Home");
    assert.equal(await current(page), "step 1: goroutine main receives from channel A at main.go:3");
    assert.match(await page.locator(".line.here").innerText(), /^3\s+v := <-c \/\/ three$/);
    assert.deepEqual(await page.locator(".where-all .at").allInnerTexts().then((all) => all.map((one) => one.replace(/\s+/g, " "))), [
      "main after step 1: receives from channel A main.go:3", "1.1 started", "1.2 started",
    ]);
    await page.keyboard.press("/");
    await page.keyboard.type("clock");
    assert.equal(await page.locator(".status").innerText(), "10 of 100 steps");
    assert.deepEqual(problems, []);
    await page.close();
  });

  test("what the finding does not depend on is folded; a click, or `a`, unfolds it", async () => {
    const { page } = await opened(schedulePage({ run: { picture: picture(30, false) } }));
    // Of 30 steps 9 are 1.2's own and 3 the clock's, which coincide nowhere: 27 % 3 counts steps 2, 5, … less every tenth.
    const shown = picture(30, false).steps.filter((step) => step.past).length;
    assert.equal(await page.locator(".status").innerText(), `${shown} of 30 steps`);
    await page.locator(".row.fold").first().click();
    assert.equal(await page.locator(".status").innerText(), "30 steps");
    await page.close();
  });

  test("only the rows in sight exist, of 20,000 steps too, and a move keeps the cursor in sight", async () => {
    const { page, problems } = await opened(schedulePage({ run: { picture: picture(20_000) } }));
    assert.ok((await page.locator(".row").count()) < 80);
    for (const key of ["Home", "End", "PageUp", "ArrowDown"]) {
      await page.keyboard.press(key);
      assert.equal(await page.locator(".row.current").count(), 1, key);
      assert.ok(await page.locator(".row.current").isVisible(), key);
    }
    assert.deepEqual(problems, []);
    await page.close();
  });

  test("the run in which it ends stands beside it, aligned; the first difference is marked; what is the same is folded", async () => {
    const { page, problems } = await opened(schedulePage({ run: BESIDE }));
    assert.equal(await page.locator(".parted").innerText(), "The two schedules are the same up to step 8 and differ at step 9.");
    assert.match((await page.locator(".row.parts").textContent()) ?? "", /^step 9:/);
    const table = page.locator("table.aligned");
    const rows = async (): Promise<readonly string[]> => table.locator("tr").evaluateAll((all) => all.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").replace(/\s+/g, " ").trim()).join(" | ")));
    const clock = "10 clock: +1ms (now 9ms)";
    assert.deepEqual(await rows(), [
      "this schedule | the other",
      "6 steps, the same in both",
      "7 main receives from channel A main.go:3 | 7 main receives from channel A main.go:3",
      "8 1.1 sends on channel A main.go:5 | 8 1.1 sends on channel A main.go:5",
      "first difference 9 1.2 sends on channel A main.go:7 | 9 main receives from channel A main.go:3",
      "nothing | 10 1.2 sends on channel A main.go:7",
      `${clock} | ${clock.replace("10", "11")}`,
      "11 1.1 sends on channel A main.go:5 | 12 1.1 sends on channel A main.go:5",
      "12 1.2 sends on channel A main.go:7 | nothing",
      "1.2 is blocked for ever (chan send on channel A) | 1.2 ends",
    ]);
    await table.locator(".fold button").click();
    assert.equal((await rows())[1], "1 main receives from channel A main.go:3 | 1 main receives from channel A main.go:3");
    await table.getByRole("button", { name: "to step 8 in the picture" }).click();
    assert.equal(await current(page), "step 8: goroutine 1.1 sends on channel A at main.go:5");
    await page.locator("details.beside > summary").click();
    await page.locator("#picture-beside .row").first().waitFor();
    assert.equal(await page.locator("#picture-beside .status").innerText(), "12 steps");
    assert.deepEqual(problems, []);
    await page.close();
  });

  for (const [name, viewport, scheme] of [["light", { width: 1280, height: 800 }, "light"], ["dark", { width: 1280, height: 800 }, "dark"], ["narrow", { width: 390, height: 844 }, "light"]] as const) {
    test(`axe finds no violation: ${name}; nothing is wider than the screen`, async () => {
      const { page, problems } = await opened(schedulePage({ run: BESIDE }), viewport, scheme);
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
      assert.deepEqual(problems, []);
      await page.close();
    });
  }
});

function finding(i: number): Finding {
  return {
    verdict: i % 2 === 0 ? "leaked" : "lingering", cause: "send-without-receiver", evidence: ["nobody received"], goroutines: 1, test: `Test${i}`, package: "m",
    blocked: { reason: "chan send", function: `m.f${i}`, file: "/m/m.go", line: i + 1 }, stack: [], schedule: "u1", seen: 1,
    ...(i === 0 ? { drawn: { picture: picture(9) } } : {}),
  };
}

function report(n: number): Report {
  return {
    examinations: Array.from({ length: n }, (_, i) => ({
      name: `Test${i}`, package: "m", outcome: "passed", findings: [finding(i)], limits: [],
      coverage: { schedules: i + 1, complete: i % 3 === 0, bounds: [], depth: 1, milliseconds: 1, ...(i % 3 === 0 ? {} : { stoppedBy: "time: raise --budget" }) },
    })),
    failures: [{ package: "m/broken", message: "does not build" }],
  };
}

describe("the report as a page", { skip }, () => {
  test("findings open with their picture; notes are folded; the search narrows; links open what they name", async () => {
    const { page, problems } = await opened(reportPage(report(6), { cwd: "/", strict: false }));
    assert.equal(await page.locator("h1").innerText(), "3 findings in 6 programs, 1 thing that could not be done");
    assert.equal(await page.locator("#findings details.finding").count(), 3);
    assert.equal(await page.locator("#notes-count").innerText(), "3 notes");
    await page.locator("#findings details.finding > summary").first().click();
    await page.locator("#findings .picture .row").first().waitFor();
    const link = page.url();
    assert.match(link, /#f-[0-9a-f]{8}$/);
    await page.locator("#search").fill("m.f4");
    await page.locator("#status", { hasText: "1 finding, 0 notes" }).waitFor();
    assert.deepEqual(problems, []);
    await page.close();
    const { page: again } = await opened(reportPage(report(6), { cwd: "/", strict: false }));
    await again.goto(link);
    assert.ok(await again.locator(`details.finding[open]#${link.split("#")[1]}`).isVisible());
    await again.close();
  });

  test("5,000 findings are listed 50 at a time", async () => {
    const { page, problems } = await opened(reportPage(report(10_000), { cwd: "/", strict: false }));
    assert.equal(await page.locator("#findings details.finding").count(), 50);
    assert.equal(await page.locator("#findings > .more").innerText(), "4950 more");
    assert.deepEqual(problems, []);
    await page.close();
  });

  for (const scheme of ["light", "dark"] as const) {
    test(`axe finds no violation: ${scheme}`, async () => {
      const { page } = await opened(reportPage(report(6), { cwd: "/", strict: false }), { width: 390, height: 844 }, scheme);
      await page.locator("#findings details.finding > summary").first().click();
      await page.locator("#findings .picture .row").first().waitFor();
      assert.deepEqual(await violations(page), []);
      await page.close();
    });
  }
});
