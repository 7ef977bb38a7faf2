// Prints the path of a Chromium; installs Debian's where there is none (needs root). `node scripts/browser.mjs`
import { spawnSync } from "node:child_process";

const find = () =>
  ["chromium", "chromium-browser", "google-chrome"]
    .map((name) => spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim())
    .find((path) => path !== "");

if (find() === undefined) {
  console.error("no Chromium: installing Debian's");
  spawnSync("apt-get", ["update", "-q"], { stdio: ["ignore", 2, 2] });
  spawnSync("apt-get", ["install", "-y", "-q", "--no-install-recommends", "chromium"], { stdio: ["ignore", 2, 2] });
}
const path = find();
if (path === undefined) {
  console.error("there is no Chromium, and it could not be installed: install one and try again");
  process.exit(2);
}
console.log(path);
