// `node bench/inspect/run.mjs`: unpark inspect, panicparse and `go tool pprof -top` on the same files, whole processes,
// best of RUNS (3); writes bench/inspect/results.md. The files are made by fixtures/programs/big: dump text that Go cuts at
// 64 MiB, a profile with 50,000 distinct stacks, and a profile of 1,000,000 goroutines (about 5 GB of memory for some
// seconds; left out with --small). Needs GNU time (/usr/bin/time) for the memory column; without it the column is empty.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "unpark-bench-"));
const RUNS = Number(process.env.RUNS ?? 3);
const LIMIT = 120_000; // panicparse compares each goroutine with each bucket: with many distinct stacks that takes minutes
const gnuTime = existsSync("/usr/bin/time");

function build(folder, name) {
  const binary = join(scratch, name);
  execFileSync("go", ["build", "-o", binary, "."], { cwd: join(root, folder), stdio: "inherit" });
  return binary;
}

/** Best wall time, in milliseconds, and the largest memory, in MiB. */
function measure(argv, ok = [0, 1]) {
  let best = Infinity;
  let memory = 0;
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    const whole = gnuTime ? ["/usr/bin/time", "-f", "%M", ...argv] : argv;
    const run = spawnSync(whole[0], whole.slice(1), { encoding: "utf8", maxBuffer: 1 << 28, timeout: LIMIT });
    const ms = performance.now() - start;
    if (run.error) return { ms: LIMIT, memory: 0, over: true };
    if (!ok.includes(run.status)) return { ms: NaN, memory: 0, failed: (run.stderr || "").split("\n")[0] };
    best = Math.min(best, ms);
    if (gnuTime) memory = Math.max(memory, Number(run.stderr.trim().split("\n").pop()) / 1024);
  }
  return { ms: best, memory };
}

const rows = [];
try {
  const big = build("fixtures/programs/big", "big");
  const oracle = build("bench/inspect/oracle", "oracle");
  const sets = [
    ["60,001, 257 distinct stacks", ["60000", "50000", "8"]],
    ["50,001, all stacks distinct", ["50000", "50000", "16"]],
  ];
  if (!process.argv.includes("--small")) sets.push(["1,000,001, 4,096 distinct stacks", ["1000000", "4096", "12"]]);
  for (const [name, args] of sets) {
    const folder = join(scratch, String(rows.length));
    mkdirSync(folder);
    execFileSync(big, [...args, folder], { stdio: "inherit" });
    for (const file of ["big.debug2.txt", "big.debug1.txt", "big.pb.gz"]) {
      const path = join(folder, file);
      const unpark = measure([process.execPath, join(root, "bin/unpark.js"), "inspect", path]);
      const parse = file.includes("debug2") ? measure([oracle, "-time", path]) : undefined;
      const pprof = file.endsWith(".pb.gz") ? measure(["go", "tool", "pprof", "-top", path]) : undefined;
      rows.push({ name, file, bytes: statSync(path).size, unpark, parse, pprof });
      console.error(name, file, JSON.stringify({ unpark, parse, pprof }));
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const cell = (m) => (m === undefined ? "–" : m.failed ? "failed" : `${m.over ? "more than " : ""}${(m.ms / 1000).toFixed(2)} s${m.memory > 0 ? `, ${Math.round(m.memory)} MiB` : ""}`);
const factor = ({ unpark, parse }) => (parse && !parse.failed ? `${parse.over ? "> " : ""}${(parse.ms / unpark.ms).toFixed(1)}×` : "");
const go = execFileSync("go", ["version"], { encoding: "utf8" }).trim();
writeFileSync(
  join(root, "bench/inspect/results.md"),
  [
    "# Reading dumps: Unpark, panicparse, go tool pprof",
    "",
    `Whole processes, wall time, ${RUNS === 1 ? "one run" : `best of ${RUNS}`}; memory is the largest resident size. Load average ${loadavg()[0].toFixed(1)} at the end. ${cpus().length} × ${cpus()[0].model} (shared with other work),`,
    `Node ${process.version}, ${go}, panicparse v2.5.0. Made by \`node bench/inspect/run.mjs\`.`,
    "",
    "| goroutines | file | size | unpark inspect | panicparse | go tool pprof -top | panicparse / unpark |",
    "|---|---|---|---|---|---|---|",
    ...rows.map((r) => `| ${r.name} | ${r.file} | ${(r.bytes / 2 ** 20).toFixed(1)} MiB | ${cell(r.unpark)} | ${cell(r.parse)} | ${cell(r.pprof)} | ${factor(r)} |`),
    "",
  ].join("\n"),
);
