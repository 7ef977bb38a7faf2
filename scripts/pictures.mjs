// The pictures of the documents, from real runs: `node scripts/pictures.mjs` (needs Chromium: scripts/browser.mjs).
//   docs/pictures/terminal.svg   what `unpark run` prints of example 42
//   docs/pictures/schedule.png   the same finding as `unpark replay --web` draws it; schedule-dark.png, schedule-narrow.png
//   docs/pictures/report.png     `unpark test --html` over the example tests
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

const text = unpark("run", `--json=${join(scratch, "report.json")}`, "./42-timeout-wins").stdout;
writeFileSync(join(out, "terminal.svg"), terminal("unpark run ./42-timeout-wins", text));
unpark("replay", `--web=${join(scratch, "schedule.html")}`, join(scratch, "report.json"));
unpark("test", "--no-native", `--html=${join(scratch, "report.html")}`, "./timeouts", "./ways-to-wait");

const executablePath = spawnSync(process.execPath, [join(root, "scripts/browser.mjs")], { encoding: "utf8" }).stdout.trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const [name, page, viewport, colorScheme] of [
  ["schedule.png", "schedule.html", { width: 1200, height: 560 }, "light"],
  ["schedule-dark.png", "schedule.html", { width: 1200, height: 560 }, "dark"],
  ["schedule-narrow.png", "schedule.html", { width: 390, height: 844 }, "light"],
  ["report.png", "report.html", { width: 1200, height: 700 }, "light"],
]) {
  const tab = await browser.newPage({ viewport, colorScheme });
  await tab.goto(pathToFileURL(join(scratch, page)).href);
  await tab.screenshot({ path: join(out, name) });
  await tab.close();
}
await browser.close();
rmSync(scratch, { recursive: true, force: true });

/** Lines of text as an SVG terminal, the verdict in red; no script, no font from outside. */
function terminal(command, printed) {
  const lines = [`$ ${command}`, ...printed.trimEnd().split("\n").map((line) => line.slice(0, 132))];
  const escape = (line) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const colour = (line) => (line.startsWith("$") ? "#8ec5ff" : /^ *(leaked|stuck|deadlock|runaway):|blocked for ever/.test(line) ? "#ff8a80" : "#e4e7ea");
  const height = lines.length * 17 + 24;
  const rows = lines.map((line, i) => `<text x="14" y="${i * 17 + 25}" fill="${colour(line)}" xml:space="preserve">${escape(line)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1060" height="${height}" viewBox="0 0 1060 ${height}" role="img" aria-label="${escape(command)}: what it prints"><rect width="100%" height="100%" rx="8" fill="#14171a"/><g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">${rows.join("\n")}</g></svg>\n`;
}
