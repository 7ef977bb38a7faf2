// Three HTTP requests (bench/net.ts) under several versions of Node, each from npm (scripts/other-node.mjs), beside the one that runs this:
// `node bench/nodes.mjs [VERSION...]`, kept to one processor by who calls it. In turns, twice. Output kept in nodes.txt.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { otherNode } from "../scripts/other-node.mjs";

const VERSIONS = ["22.23.3", "24.21.0", "26.10.0"];
const ROUNDS = 2;
const NAME = "http/three";
const net = fileURLToPath(new URL("../dist/bench/net.js", import.meta.url));

/** What net.ts prints of the program: its steps, runs a second at first and later; and explored. */
function measure(node) {
  const { stdout, stderr, status } = spawnSync(node, [net, "-", NAME], { encoding: "utf8" });
  const rows = stdout.split("\n").filter((line) => line.startsWith(NAME));
  if (status !== 0 || rows.length !== 2) throw new Error(stderr);
  return [...rows[0].slice(NAME.length).trim().split(/ +/).slice(1), rows[1].slice(NAME.length).trim()];
}

const asked = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), "unpark-nodes-"));
const nodes = [{ version: process.version.slice(1), path: process.execPath }];
for (const version of asked.length > 0 ? asked : VERSIONS) {
  const { path, error } = otherNode(version, home);
  if (path === undefined) console.error(`${version}: ${error}`);
  else nodes.push({ version, path });
}
console.log(`${NAME}, ${cpus()[0].model}, one core, CPU time; natural runs a second in the first 5 s and later, explored schedules that differ a second in 5 s\n`);
console.log("node          first    later  explored    load");
for (let round = 0; round < ROUNDS; round++) {
  for (const { version, path } of nodes) {
    const [first, later, explored] = measure(path);
    console.log(`${version.padEnd(10)}${first.padStart(9)}${later.padStart(9)}${explored.padStart(10)}${loadavg()[0].toFixed(1).padStart(8)}`);
  }
}
rmSync(home, { recursive: true, force: true });
