// The pictures of the documents, from real runs: `node scripts/pictures.mjs` (needs Chromium: scripts/browser.mjs).
//   docs/pictures/schedule.png   the same finding as `unpark replay --web` draws it; schedule-dark.png, schedule-narrow.png
//   docs/pictures/aligned.png    below it, the schedule in which the goroutine ends, aligned
//   docs/pictures/report.png     `unpark test --html` over the example tests
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "docs/pictures");
const examples = join(root, "examples/go");
const scratch = mkdtempSync(join(tmpdir(), "unpark-pictures-"));
mkdirSync(out, { recursive: true });
const unpark = (...args) => spawnSync(process.execPath, [join(root, "bin/unpark.js"), ...args], { cwd: examples, encoding: "utf8" });

unpark("run", `--json=${join(scratch, "report.json")}`, "./42-timeout-wins");
unpark("replay", `--web=${join(scratch, "schedule.html")}`, join(scratch, "report.json"));
unpark("test", "--no-native", `--html=${join(scratch, "report.html")}`, "./timeouts", "./ways-to-wait");

const executablePath = spawnSync(process.execPath, [join(root, "scripts/browser.mjs")], { encoding: "utf8" }).stdout.trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const [name, page, viewport, colorScheme, part] of [
  ["schedule.png", "schedule.html", { width: 1200, height: 560 }, "light"],
  ["schedule-dark.png", "schedule.html", { width: 1200, height: 560 }, "dark"],
  ["schedule-narrow.png", "schedule.html", { width: 390, height: 844 }, "light"],
  ["aligned.png", "schedule.html", { width: 1200, height: 560 }, "light", "section.both"],
  ["report.png", "report.html", { width: 1200, height: 700 }, "light"],
]) {
  const tab = await browser.newPage({ viewport, colorScheme });
  await tab.goto(pathToFileURL(join(scratch, page)).href);
  await (part === undefined ? tab : tab.locator(part)).screenshot({ path: join(out, name) });
  await tab.close();
}
await browser.close();
rmSync(scratch, { recursive: true, force: true });
