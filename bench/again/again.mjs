// The second run of the example tests, with nothing changed: what CI pays for a repository that is done. Here and, for comparison, in other
// checkouts (built, with their node_modules), in turns, best of RUNS (5); the first run of each, which explores, is not counted. This checkout as its
// npm package has it, the others as they are. Before that, from an empty cache of Unpark's: the first, second and third run.
//     npm run build && node bench/again/again.mjs [CHECKOUT…] > bench/again/again.txt
// Needs GNU time (/usr/bin/time) for processor time, children's included.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadavg, tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { machine } from "../../scripts/machine.mjs";
import { stage } from "../../scripts/release/stage.mjs";

const ROOT = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const RUNS = Number(process.env.RUNS ?? 5);
const WAYS = [["both passes", []], ["--no-native", ["--no-native"]]];

const scratch = mkdtempSync(join(tmpdir(), "unpark-again-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
const released = join(scratch, "package");
await stage(ROOT, released);
symlinkSync(join(ROOT, "node_modules"), join(scratch, "node_modules"));

function once(checkout, flags, env = {}) {
  const start = performance.now();
  const argv = ["-f", "%U %S", process.execPath, join(checkout, "bin/unpark.js"), "test", ...flags, "./..."];
  const { stderr, status } = spawnSync("/usr/bin/time", argv, { cwd: join(ROOT, "examples/go"), encoding: "utf8", env: { ...process.env, ...env } });
  if (status !== 1) throw new Error(`exit code ${status}, not that of findings:\n${stderr}`);
  const [user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { seconds: (performance.now() - start) / 1000, cpu: user + system };
}

const checkouts = [["this checkout", released], ...process.argv.slice(2).map((path) => {
  const commit = spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: path, encoding: "utf8" }).stdout.trim();
  return [commit, resolve(path)];
})];
const { node, go, commit, system, cpu, memoryGiB } = machine();
const rows = [];
for (const which of ["first", "second", "third"]) {
  const { seconds, cpu: processor } = once(released, [], { UNPARK_CACHE: join(scratch, "cache") });
  rows.push(["both passes", `the ${which}, from an empty cache`, seconds.toFixed(2), processor.toFixed(2)]);
}
for (const [way, flags] of WAYS) {
  // Twice: after a change a package runs twice natively before go test repeats it (docs/cache.md).
  for (const [, path] of checkouts) for (let i = 0; i < 2; i++) once(path, flags);
  const runs = checkouts.map(() => []);
  for (let run = 0; run < RUNS; run++) checkouts.forEach(([, path], i) => runs[i].push(once(path, flags)));
  checkouts.forEach(([name], i) => rows.push([way, name, Math.min(...runs[i].map(({ seconds }) => seconds)).toFixed(2), Math.min(...runs[i].map((one) => one.cpu)).toFixed(2)]));
}
console.log(`node ${node}, go ${go}, commit ${commit}, system ${system}, cpu ${cpu}, memoryGiB ${memoryGiB}`);
console.log(`load ${loadavg()[0].toFixed(0)} at the end; unpark test ./... in examples/go again, best of ${RUNS}\n`);
const table = [["", "", "seconds", "CPU s"], ...rows];
for (const row of table) console.log(row.map((cell, i) => (i < 2 ? cell.padEnd(i === 0 ? 12 : 30) : cell.padStart(8))).join(" ").trimEnd());
