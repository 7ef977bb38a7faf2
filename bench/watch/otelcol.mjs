// What `unpark watch --otlp` sends, as a real OpenTelemetry collector receives it (scripts/otelcol.mjs), with each record's fields as its debug exporter prints them.
// `node scripts/build.mjs && node bench/watch/otelcol.mjs > bench/watch/otelcol.txt`
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const found = spawnSync(process.execPath, [join(ROOT, "scripts/otelcol.mjs")], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
if (found.status !== 0) process.exit(2);
const folder = mkdtempSync(join(tmpdir(), "unpark-otelcol-"));

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const port = await freePort();
writeFileSync(join(folder, "otelcol.yaml"), `receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${port}" } } } }
exporters: { debug: { verbosity: detailed } }
service:
  telemetry: { metrics: { level: none } }
  pipelines: { logs: { receivers: [otlp], exporters: [debug] } }
`);
const collector = spawn(found.stdout.trim(), ["--config", join(folder, "otelcol.yaml")], { stdio: ["ignore", "pipe", "pipe"] });
let said = "";
for (const stream of [collector.stdout, collector.stderr]) stream.on("data", (bytes) => (said += String(bytes)));
while (!said.includes("Everything is ready")) {
  if (collector.exitCode !== null) throw new Error(said);
  await new Promise((resolve) => setTimeout(resolve, 100));
}

/** A service as a file that is written again, with more and more goroutines at one place. */
const dump = join(folder, "shop.txt");
const write = (goroutines) => {
  writeFileSync(`${dump}.new`, Array.from({ length: goroutines }, (_, i) => `goroutine ${i + 1} [chan send]:\nmain.leak()\n\t/src/shop/leak.go:9 +0x1d\n\n`).join(""));
  renameSync(`${dump}.new`, dump);
};
write(1);
const begin = Date.now();
const growing = setInterval(() => write(1 + Math.floor((Date.now() - begin) / 40)), 20);
const watch = spawn(process.execPath, [join(ROOT, "bin/unpark.js"), "watch", "--store", "none", "--interval", "50ms", "--window", "1s", "--until", "4s", "--otlp", `http://127.0.0.1:${port}/v1/logs`, "shop.txt", "gone.txt"], { cwd: folder, stdio: "ignore" });
await new Promise((resolve) => watch.once("close", resolve));
clearInterval(growing);
await new Promise((resolve) => setTimeout(resolve, 500));
collector.kill("SIGTERM");
await new Promise((resolve) => collector.once("close", resolve));

const version = spawnSync(found.stdout.trim(), ["--version"], { encoding: "utf8" }).stdout.trim();
const records = said.split(/^LogRecord #\d+\n/m).slice(1).map((text) => text.split(/\n(?:ResourceLog|20\d\d-|\t?\{)/)[0].trimEnd());
const nameOf = (record) => /EventName: (\S+)/.exec(record)?.[1] ?? "?";
const counts = new Map();
for (const record of records) counts.set(nameOf(record), (counts.get(nameOf(record)) ?? 0) + 1);
console.log(`${version}, the OTLP receiver (HTTP, JSON) and the debug exporter, built from the Go module proxy\n`);
console.log(`${records.length} records: ${[...counts].map(([name, count]) => `${count} ${name}`).join(", ")}`);
console.log(`${/Resource attributes:\n(?:\s+->.*\n)+/.exec(said)?.[0] ?? "no resource"}`);
for (const name of counts.keys()) console.log(`The first ${name}:\n${records.find((one) => nameOf(one) === name).replaceAll(folder, "FOLDER")}\n`);
rmSync(folder, { recursive: true, force: true });
