// One test with 1,680 schedules of some milliseconds each, explored by the command alone and over a real nats-server with 1, 2 and 4 workers; then
// one whose runs take six times as long, with a worker killed every 10 seconds and the server killed and started again twice. What is said must be the same each time.
//     npm run build && node bench/queue/queue.mjs > bench/queue/queue.txt
// Processes of one thread each, all on this machine: how much faster it gets depends on its cores and on what else runs. CPU seconds, and
// what a schedule costs in CPU and in traffic, do not. `--short` leaves the killing out. Exit code 1: something was said otherwise.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { machine } from "../../scripts/machine.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const UNPARK = join(ROOT, "bin/unpark.js");
const FOLDER = join(ROOT, "bench/queue/slow");
const binary = spawnSync(process.execPath, [join(ROOT, "scripts/nats.mjs")], { encoding: "utf8" }).stdout.trim();
const folder = mkdtempSync(join(tmpdir(), "unpark-bench-queue-"));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

const [port, monitor] = [await freePort(), await freePort()];
const url = `nats://127.0.0.1:${port}`;
let server;
async function startServer() {
  server = spawn(binary, ["-js", "-sd", folder, "-a", "127.0.0.1", "-p", String(port), "-m", String(monitor)], { stdio: "ignore" });
  for (;;) {
    await pause(100);
    if (await fetch(`http://127.0.0.1:${monitor}/varz`).then(({ ok }) => ok, () => false)) return;
  }
}
const stopServer = () => new Promise((resolve) => (server.once("exit", resolve), server.kill("SIGKILL")));
const traffic = async () => {
  const { in_bytes, out_bytes, in_msgs, out_msgs } = await (await fetch(`http://127.0.0.1:${monitor}/varz`)).json();
  return { bytes: in_bytes + out_bytes, messages: in_msgs + out_msgs };
};

/** CPU seconds of a process that runs (user and system, all its threads), from /proc. */
function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

async function startWorker() {
  const child = spawn(process.execPath, [UNPARK, "worker", "--queue", url, "--workers", "1"], { stdio: ["ignore", "ignore", "pipe"] });
  const worker = { child, cpu: 0 };
  await new Promise((resolve) => child.stderr.on("data", (bytes) => {
    const text = String(bytes);
    if (text.includes("works on")) resolve();
  }));
  worker.began = cpuOf(child.pid); // loading the program is not what is measured
  return worker;
}

function stopWorker(worker, signal) {
  worker.cpu = cpuOf(worker.child.pid) - worker.began;
  const gone = new Promise((resolve) => worker.child.once("exit", resolve));
  worker.child.kill(signal);
  return gone;
}

/** The command: what it says, and its time from the first schedule to the last. */
function command(args) {
  const child = spawn(process.execPath, [UNPARK, "test", "--no-native", "--no-cache", "--budget", "1h", "--workers", "1", "--json", ...args, "."], { cwd: FOLDER, stdio: ["ignore", "pipe", "inherit"] });
  const seen = { cpu: 0 };
  const looking = setInterval(() => (seen.cpu = Math.max(seen.cpu, cpuOf(child.pid))), 100);
  let text = "";
  child.stdout.on("data", (bytes) => (text += bytes));
  const ended = new Promise((resolve) => child.once("close", () => {
    clearInterval(looking);
    const report = JSON.parse(text);
    const seconds = report.programs[0].milliseconds / 1000;
    resolve({ report, seconds, cpu: seen.cpu, said: JSON.stringify(report, (key, value) => (key === "milliseconds" || key === "repeated" ? undefined : value)) });
  }));
  return { child, ended };
}

const rows = [];
let code = 0;
const expected = new Map();
function row(name, { report, seconds, cpu, said }, workers, used) {
  const test = report.programs[0].name;
  if (!expected.has(test)) expected.set(test, said);
  if (said !== expected.get(test)) code = 1;
  const { schedules, repeated = 0 } = report.programs[0];
  const all = cpu + workers.reduce((sum, one) => sum + one.cpu, 0);
  rows.push([name, String(schedules), said === expected.get(test) ? "the same" : "DIFFERENT", seconds.toFixed(1), all.toFixed(1), String(repeated),
    used === undefined ? "" : String(used.messages), used === undefined ? "" : `${Math.round(used.bytes / 1024)}`, used === undefined ? "" : `${Math.round(used.bytes / schedules)}`]);
}

await startServer();
const [SLOW, SLOWER] = [["-run", "^TestSlow$"], ["-run", "^TestSlower$"]];
await command(["--schedules", "1", ...SLOW]).ended; // builds what is not built yet
row("no queue", await command(SLOW).ended, []);
for (const count of [1, 2, 4]) {
  const workers = [];
  for (let n = 0; n < count; n++) workers.push(await startWorker());
  await pause(1_500); // their first signs of life
  const before = await traffic();
  const result = await command(["--queue", url, ...SLOW]).ended;
  const after = await traffic();
  await Promise.all(workers.map((worker) => stopWorker(worker, "SIGTERM")));
  row(`and ${count} worker${count === 1 ? "" : "s"}`, result, workers, { bytes: after.bytes - before.bytes, messages: after.messages - before.messages });
}
if (!process.argv.includes("--short")) {
  row("six times as long: no queue", await command(SLOWER).ended, []);
  const workers = [await startWorker(), await startWorker()];
  const gone = [];
  await pause(1_500);
  const running = command(["--queue", url, ...SLOWER]);
  let isOver = false;
  let killed = 0;
  let restarted = 0;
  const ended = running.ended.then((result) => ((isOver = true), result));
  while (!isOver) {
    await Promise.race([pause(10_000), ended]);
    if (isOver) break;
    const worker = workers.shift();
    await stopWorker(worker, "SIGKILL");
    gone.push(worker);
    killed++;
    if (restarted < 2) {
      await stopServer();
      await startServer();
      restarted++;
    }
    workers.push(await startWorker());
  }
  const result = await ended;
  await Promise.all(workers.map((worker) => stopWorker(worker, "SIGTERM")));
  row(`2, ${killed} killed, server ${restarted} times`, result, [...workers, ...gone]);
}
await stopServer();
rmSync(folder, { recursive: true, force: true });

const head = ["command, 1 thread", "schedules", "report", "seconds", "CPU s", "given up", "messages", "KiB", "bytes/schedule"];
const widths = head.map((word, i) => Math.max(word.length, ...rows.map((one) => one[i].length)));
const here = Object.entries(machine()).map(([key, value]) => `${key} ${value}`).join(", ");
console.log(`${here}\nload ${loadavg()[0].toFixed(0)} at the end; nats-server 2.15.2, all processes on this machine\n`);
for (const one of [head, ...rows]) console.log(one.map((word, i) => (i === 0 ? word.padEnd(widths[i]) : word.padStart(widths[i]))).join("  "));
console.log("\nseconds: of the exploration. CPU s: of the command with its start-up and build, and of the workers since they stood ready. given up: runs\nthat would have repeated others. messages, KiB: in and out of the server, modules and folders included.");
process.exit(code);
