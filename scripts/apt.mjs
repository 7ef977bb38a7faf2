// A program that tests need, from the PATH; where there is none, Debian's package of it (needs root).
import { spawnSync } from "node:child_process";

/** The path of the first of `names` that is there (or a pattern of the shell). Ends the process with 2 where none is, and none can be installed. */
export function installed(what, names, pkg) {
  const find = () => names.map((name) => spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim().split("\n")[0]).find((path) => path !== "");
  if (find() === undefined) {
    console.error(`no ${what}: installing Debian's`);
    spawnSync("apt-get", ["update", "-q"], { stdio: ["ignore", 2, 2] });
    spawnSync("apt-get", ["install", "-y", "-q", "--no-install-recommends", pkg], { stdio: ["ignore", 2, 2] });
  }
  const path = find();
  if (path !== undefined) return path;
  console.error(`there is no ${what}, and it could not be installed: install one and try again`);
  process.exit(2);
}
