// How late V8 may optimize a guest's functions (src/host/guest/optimized-later.ts): processor time of explorations by V8's
// budget. Processor time, for V8 optimizes on threads of its own: the least of some runs in turns, each a process.
//   node bench/tiering.mjs [WORDS of rows] > bench/tiering.txt
import { spawnSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ROUNDS = 2;
/** 1,800,000 is that of V8 11 (Node 20), 13,000,000 that of V8 12. */
const BUDGETS = [1_800_000, 13_000_000, 30_000_000];
const EXPLORATIONS = [
  ["eleven tests, once each", "examples/go", ["--schedules", "1", "./35-reentrant-lock", "./38-early-return", "./18-count-compare"]],
  ["eleven tests, all schedules", "examples/go", ["./35-reentrant-lock", "./38-early-return", "./18-count-compare"]],
  ["many-schedules, 4,000 each", "fixtures/many-schedules", ["--schedules", "4000", "."]],
];

/** Unpark sets the flag itself: here it gets another number. */
const preload = (budget) =>
  `data:text/javascript,${encodeURIComponent(`import v8 from "node:v8"; import { syncBuiltinESMExports } from "node:module"; const set = v8.setFlagsFromString; v8.setFlagsFromString = (flag) => set(flag.startsWith("--wasm-tiering-budget") ? "--wasm-tiering-budget=${budget}" : flag); syncBuiltinESMExports();`)}`;

function seconds(folder, words, budget) {
  const argv = ["--import", preload(budget), `${ROOT}bin/unpark.js`, "test", "--no-native", "--no-cache", "--workers", "1", "--budget", "60s", ...words];
  const { stdout } = spawnSync("sh", ["-c", `"$@" > /dev/null 2>&1; times`, "sh", process.execPath, ...argv], { cwd: `${ROOT}${folder}`, encoding: "utf8" });
  return [...stdout.trim().split("\n").at(-1).matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
}

console.log(`${process.version}, V8 ${process.versions.v8}, ${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}; seconds of processor time, the least of ${ROUNDS}\n`);
console.log(`${"".padEnd(30)}${BUDGETS.map((budget) => budget.toLocaleString("en").padStart(14)).join("")}`);
const wanted = process.argv.slice(2);
for (const [name, folder, words] of EXPLORATIONS) {
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
  const least = BUDGETS.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) BUDGETS.forEach((budget, i) => (least[i] = Math.min(least[i], seconds(folder, words, budget))));
  console.log(`${name.padEnd(30)}${least.map((one) => one.toFixed(2).padStart(14)).join("")}`);
}
