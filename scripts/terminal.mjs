// `node scripts/terminal.mjs`: docs/pictures/terminal.svg, README's recording: what `unpark run` prints of example 42, today.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const words = ["run", "./42-timeout-wins"];
const { stdout } = spawnSync(process.execPath, [join(root, "bin/unpark.js"), ...words], { cwd: join(root, "examples/go"), encoding: "utf8" });
writeFileSync(join(root, "docs/pictures/terminal.svg"), terminal(`unpark ${words.join(" ")}`, stdout));

/** Lines of text as an SVG terminal, the verdict in red; no script, no font from outside. */
function terminal(command, printed) {
  const lines = [`$ ${command}`, ...printed.trimEnd().split("\n").map((line) => line.slice(0, 132))];
  const escape = (line) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const colour = (line) => (line.startsWith("$") ? "#8ec5ff" : /^ *(leaked|stuck|deadlock|runaway):|blocked for ever/.test(line) ? "#ff8a80" : "#e4e7ea");
  const height = lines.length * 17 + 24;
  const rows = lines.map((line, i) => `<text x="14" y="${i * 17 + 25}" fill="${colour(line)}" xml:space="preserve">${escape(line)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1060" height="${height}" viewBox="0 0 1060 ${height}" role="img" aria-label="${escape(command)}: what it prints"><rect width="100%" height="100%" rx="8" fill="#14171a"/><g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">${rows.join("\n")}</g></svg>\n`;
}
