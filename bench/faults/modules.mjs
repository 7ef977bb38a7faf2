// Leaks, waits without a time-out, deadlocks and panics of published modules that only a fault shows: `node bench/faults/modules.mjs [name …]`, after a
// build. Each module by version and issue, with a small test that takes the happy path; the version in which it was mended
// beside it. Explored without faults, and with one. Faults of the network, and of files in the last row; none of exec, for under control no process
// starts, with or without faults. Output kept in modules.txt.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const UNPARK = fileURLToPath(new URL("../../bin/unpark.js", import.meta.url));
const SCHEDULES = 250;

/** `mended`: undefined where the issue is open. */
const ROWS = [
  { name: "connpool-unusable", module: "github.com/buraksezer/connpool", version: "v0.4.0", mended: "v0.5.0", issue: "buraksezer/connpool#2", tests: ["connpool_unusable_test.go", "echo_test.go", "serve_test.go"], shows: "deadlock" },
  { name: "connpool-factory", module: "github.com/buraksezer/connpool", version: "v0.5.0", mended: "v0.6.0", issue: "buraksezer/connpool#4", tests: ["connpool_factory_test.go", "echo_test.go", "serve_test.go"], shows: "deadlock" },
  { name: "eventsource", module: "github.com/donovanhide/eventsource", version: "v0.0.0-20210830082556-c59027999da0", mended: undefined, issue: "donovanhide/eventsource#39", tests: ["eventsource_test.go"], shows: "panics" },
  { name: "resty", module: "github.com/go-resty/resty/v2", version: "v2.17.2", mended: undefined, issue: "not reported: saveResponseIntoFile returns before it defers the close of the body", tests: ["resty_test.go"], shows: "leaked" },
  { name: "mqtt", module: "github.com/eclipse/paho.mqtt.golang", version: "v1.4.1", mended: "v1.4.2", issue: "eclipse-paho/paho.mqtt.golang#597", tests: ["mqtt_test.go", "serve_test.go"], shows: "waiting-outside" },
  { name: "amqp", module: "github.com/rabbitmq/amqp091-go", version: "v1.15.0", mended: "v1.16.0", issue: "rabbitmq/amqp091-go#408", tests: ["amqp_recovery_test.go", "amqp_broker_test.go", "serve_test.go"], shows: "leaked" },
  { name: "ldap", module: "github.com/go-ldap/ldap/v3", version: "v3.4.13", mended: "v3.4.14", issue: "go-ldap/ldap#599", tests: ["ldap_test.go", "serve_test.go"], shows: "deadlock" },
  { name: "imap", module: "github.com/emersion/go-imap", version: "v1.0.0-beta.1", mended: "v1.0.0", issue: "emersion/go-imap#140", tests: ["imap_test.go", "serve_test.go"], shows: "deadlock" },
  { name: "pgx", module: "github.com/jackc/pgx/v5", version: "v5.8.0", mended: "v5.9.0", issue: "jackc/pgx#1999", tests: ["pgx_test.go", "postgres_test.go", "serve_test.go"], shows: "leaked" },
  { name: "pq", module: "github.com/lib/pq", version: "v1.10.9", mended: "v1.11.0", issue: "lib/pq#1192", tests: ["pq_test.go", "postgres_test.go", "serve_test.go"], shows: "leaked" },
  { name: "zk", module: "github.com/go-zookeeper/zk", version: "v1.0.2", mended: "v1.0.3", issue: "go-zookeeper/zk#79", tests: ["zk_test.go", "serve_test.go"], shows: "leaked" },
  { name: "mqtt-disconnect", module: "github.com/eclipse/paho.mqtt.golang", version: "v1.2.0", mended: "v1.4.3", issue: "eclipse-paho/paho.mqtt.golang#501", tests: ["mqtt_test.go", "serve_test.go"], shows: "deadlock" },
  { name: "websocket", module: "nhooyr.io/websocket", version: "v1.8.7", mended: "v1.8.10", issue: "coder/websocket#405", tests: ["websocket_test.go"], shows: "leaked" },
  { name: "slack", module: "github.com/slack-go/slack", version: "v0.30.1", mended: "v0.31.0", issue: "its CHANGELOG.md, 0.31.0: release multipart upload writers when a request fails", tests: ["slack_test.go"], shows: "leaked" },
  { name: "rollingwriter", module: "github.com/arthurkiller/rollingwriter", version: "v1.1.3", mended: undefined, issue: "not reported: the writer hands the error of a write to the next one, and waits for that when there is none", tests: ["rollingwriter_test.go"], shows: "leaked" },
  { name: "radix", module: "github.com/mediocregopher/radix/v3", version: "v3.8.0", mended: undefined, issue: "not reported: Subscribe adds to a map that is nil once the connection has ended", tests: ["radix_test.go", "redis_test.go", "serve_test.go"], shows: "panics" },
];

function found({ module, tests }, version, faults) {
  const folder = mkdtempSync(join(tmpdir(), "unpark-faults-"));
  try {
    writeFileSync(join(folder, "go.mod"), "module faults\n\ngo 1.24\n");
    for (const test of tests) cpSync(fileURLToPath(new URL(test, import.meta.url)), join(folder, test));
    execFileSync("go", ["get", `${module}@${version}`], { cwd: folder, stdio: "ignore" });
    execFileSync("go", ["mod", "tidy"], { cwd: folder, stdio: "ignore" });
    const report = join(folder, "report.json");
    const words = ["test", "--no-native", "--no-cache", "--workers=1", `--faults=${faults}`, `--schedules=${SCHEDULES}`, "--budget=2m", `--json=${report}`];
    spawnSync(process.execPath, [UNPARK, ...words], { cwd: folder, stdio: "ignore" });
    const { programs = [] } = JSON.parse(readFileSync(report, "utf8"));
    const all = programs.flatMap(({ findings }) => findings).filter(({ verdict, needsStall }) => verdict !== "lingering" && !needsStall);
    return { words: all.map(({ verdict, blocked, needsFault }) => `${verdict} ${blocked.function}${needsFault ? "" : " (without a fault)"}`), schedules: programs[0]?.schedules, complete: programs[0]?.complete === true };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const say = ({ words, schedules, complete }) => `${words.join(", ") || "nothing"} in ${schedules} schedules${complete ? ", explored completely" : ""}`;
const wanted = process.argv.slice(2);
let wrong = 0;
console.log(`node ${process.version}, ${execFileSync("go", ["env", "GOVERSION"]).toString().trim()}, ${cpus()[0]?.model ?? "?"}; at most ${SCHEDULES} schedules each`);
for (const row of ROWS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const without = found(row, row.version, 0);
  const one = found(row, row.version, 1);
  const mended = row.mended === undefined ? undefined : found(row, row.mended, 1);
  const right = without.words.length === 0 && one.words.some((word) => word.startsWith(row.shows)) && (mended === undefined || mended.words.length === 0);
  if (!right) wrong++;
  console.log(`${right ? "ok " : "NOT"} ${row.module} ${row.version}, ${row.issue}`);
  console.log(`      no faults: ${say(without)}`);
  console.log(`      one fault: ${say(one)}`);
  console.log(`      ${row.mended ?? "not mended"}${mended === undefined ? "" : `: ${say(mended)}`}`);
}
process.exit(wrong === 0 ? 0 : 1);
