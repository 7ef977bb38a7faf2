// `node bench/inspect/run.mjs`: unpark inspect, panicparse and `go tool pprof -top` on the same files, whole processes, in
// turn, best of RUNS (3); writes bench/inspect/results.md. Unpark is measured as it is released: the npm package, staged.
// The files are made by fixtures/programs/big (a real process: dump text that Go cuts at 64 MiB, 50,000 distinct
// stacks, 1,000,000 goroutines, which takes about 5 GB for a minute) and by synthesise.mjs (1,000,000 distinct stacks).
// --small leaves out the millions and writes to stdout.
// Needs GNU time (/usr/bin/time) for processor time and memory, and coreutils' timeout.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { stage } from "../../scripts/release/stage.mjs";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), "unpark-bench-"));
const RUNS = Number(process.env.RUNS ?? 3);
const small = process.argv.includes("--small");
const LIMIT = 120_000; // ms; panicparse compares each goroutine with each bucket: with many distinct stacks that takes minutes
const TIME = existsSync("/usr/bin/time") ? ["/usr/bin/time", "-f", "%U %S %M"] : [];

function build(folder, name) {
  const binary = join(scratch, name);
  execFileSync("go", ["build", "-o", binary, "."], { cwd: join(root, folder), stdio: "inherit" });
  return binary;
}

/** One run: wall and processor time in milliseconds, largest memory in MiB. */
function once(argv) {
  const start = performance.now();
  // Not spawnSync's own limit: it would kill GNU time alone, and the program would go on beside what is measured next.
  const whole = [...TIME, "timeout", String(LIMIT / 1000), ...argv];
  const run = spawnSync(whole[0], whole.slice(1), { encoding: "utf8", maxBuffer: 1 << 28 });
  const ms = performance.now() - start;
  if (run.status === 124) return { over: true };
  // 1 is also what Node says of a program that it could not load: whoever read the file printed something.
  if (![0, 1].includes(run.status) || run.stdout === "") throw new Error(`${argv.join(" ")}: ${run.stderr}`);
  const [user, system, memory] = TIME.length > 0 ? run.stderr.trim().split("\n").pop().split(" ").map(Number) : [NaN, NaN, NaN];
  return { ms, cpu: (user + system) * 1000, memory: memory / 1024 };
}

/** All tools in turn, RUNS times, so that a busy moment hits none of them alone; the best of each. */
function measure(tools) {
  const best = {};
  for (let i = 0; i < RUNS; i++) {
    for (const [name, argv] of Object.entries(tools)) {
      if (best[name]?.over) continue;
      const got = once(argv);
      const old = best[name];
      best[name] = got.over || !old ? got : { ms: Math.min(got.ms, old.ms), cpu: Math.min(got.cpu, old.cpu), memory: Math.max(got.memory, old.memory) };
    }
  }
  return best;
}

const SETS = [
  ["60,001, 257 distinct stacks", ["60000", "50000", "8", "012"]],
  ["50,001, all stacks distinct", ["50000", "50000", "16", "012"]],
  ...(small ? [] : [["1,000,001, 4,097 distinct stacks", ["1000000", "4096", "12", "01"]], ["1,000,000, all stacks distinct (synthesised)", "1000000"]]),
];
const rows = [];
try {
  const released = join(scratch, "package");
  await stage(root, released);
  symlinkSync(join(root, "node_modules"), join(scratch, "node_modules"));
  const big = build("fixtures/programs/big", "big");
  const oracle = build("bench/inspect/oracle", "oracle");
  for (const [index, [name, args]] of SETS.entries()) {
    const folder = join(scratch, String(index));
    mkdirSync(folder);
    if (Array.isArray(args)) execFileSync(big, [...args, folder], { stdio: "inherit" });
    else execFileSync(process.execPath, [join(root, "bench/inspect/synthesise.mjs"), args, join(folder, "big.pb.gz")], { stdio: "inherit" });
    for (const file of readdirSync(folder).sort().reverse()) {
      const path = join(folder, file);
      const best = measure({
        unpark: [process.execPath, join(released, "bin/unpark.js"), "inspect", path],
        ...(file.includes("debug2") ? { panicparse: [oracle, "-time", path] } : {}),
        ...(file.endsWith(".pb.gz") ? { pprof: ["go", "tool", "pprof", "-top", path] } : {}),
      });
      rows.push({ name, file, bytes: statSync(path).size, ...best });
      console.error(name, file, JSON.stringify(best));
    }
    rmSync(folder, { recursive: true });
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const seconds = (ms) => (ms / 1000).toFixed(2);
const cell = (m) => (m === undefined ? "–" : m.over ? `more than ${seconds(LIMIT)} s` : `${seconds(m.ms)} s${Number.isNaN(m.cpu) ? "" : ` (${seconds(m.cpu)} s), ${Math.round(m.memory)} MiB`}`);
const factor = ({ unpark, panicparse, pprof }) => {
  const other = panicparse ?? pprof;
  return other === undefined ? "" : other.over ? `> ${(LIMIT / unpark.ms).toFixed(1)}×` : `${(other.ms / unpark.ms).toFixed(1)}×`;
};
const version = (...argv) => execFileSync(argv[0], argv.slice(1), { encoding: "utf8" }).trim();
const text = [
  "# Reading dumps: Unpark, panicparse, go tool pprof",
  "",
  `Whole processes, Unpark as its npm package has it, best of ${RUNS}, the tools in turn: wall time (processor time, user and system), largest resident size.`,
  `${cpus().length} × ${cpus()[0].model}, load average ${loadavg()[0].toFixed(1)} at the end; Node ${process.version} (which alone takes`,
  `${seconds(measure({ node: [process.execPath, "-e", "console.log(0)"] }).node.ms)} s to start), ${version("go", "version")}, panicparse v2.5.0. Made by \`node bench/inspect/run.mjs\`.`,
  "",
  "| goroutines | file | size | unpark inspect | panicparse | go tool pprof -top | the other / unpark |",
  "|---|---|---|---|---|---|---|",
  ...rows.map((r) => `| ${r.name} | ${r.file} | ${(r.bytes / 2 ** 20).toFixed(1)} MiB | ${cell(r.unpark)} | ${cell(r.panicparse)} | ${cell(r.pprof)} | ${factor(r)} |`),
  "",
].join("\n");
if (small) console.log(text);
else writeFileSync(join(root, "bench/inspect/results.md"), text);
