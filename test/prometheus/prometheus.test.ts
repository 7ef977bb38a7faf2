// A real Prometheus scrapes a watch, evaluates the shipped rules and tells a real Alertmanager, which posts to a receiver here;
// the watch posts to the same receiver itself. Debian's packages: scripts/prometheus.mjs finds or installs them.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";
import { METRICS } from "../../src/server/metrics.js";
import { freePort } from "../free-port.js";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const RULES = join(ROOT, "docs/fleet/unpark.rules.yml");
const found = spawnSync(process.execPath, [join(ROOT, "scripts/prometheus.mjs")], { encoding: "utf8", timeout: 300_000 });
const [prometheus = "", promtool = "", alertmanager = ""] = found.status === 0 ? found.stdout.trim().split("\n") : [];
const skip = found.status === 0 ? false : found.stderr.trim().split("\n").at(-1)!;

let folder: string;
const children: ChildProcess[] = [];
before(() => void (folder = mkdtempSync(join(tmpdir(), "unpark-prometheus-"))));
after(async () => {
  for (const child of children) {
    const ended = new Promise((done) => child.once("exit", done));
    if (child.exitCode === null && child.signalCode === null && child.kill()) await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A service with one goroutine of `main.leak` more at each look. */
async function leakyService(): Promise<{ readonly url: string; close(): void }> {
  let looks = 0;
  const server = createServer((_, response) => {
    const stuck = Array.from({ length: ++looks }, (_, i) => `goroutine ${100 + i} [chan send]:\nexample.net/shop.leak(0x1)\n\t/src/shop/feed.go:41 +0x1d\ncreated by example.net/shop.Watch in goroutine 1\n\t/src/shop/feed.go:30 +0x2a\n`);
    response.end(["goroutine 1 [select]:\nmain.main()\n\t/src/main.go:9 +0x1\n", ...stuck].join("\n"));
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/goroutine?debug=2`, close: () => void (server.closeAllConnections(), server.close()) };
}

interface Message {
  readonly status: string;
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> }[];
}

/** Keeps what is posted, by path; `leak(path)` is the first message there that holds a firing leak. */
async function receiver(): Promise<{ readonly url: string; leak(path: string): Promise<Message>; close(): void }> {
  const messages: { readonly path: string; readonly message: Message }[] = [];
  const wake: (() => void)[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString())).on("end", () => {
      messages.push({ path: request.url!, message: JSON.parse(body) as Message });
      response.end();
      for (const one of wake.splice(0)) one();
    });
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leak: async (path) => {
      for (;;) {
        const one = messages.find((m) => m.path === path && m.message.alerts.some(({ status, labels }) => status === "firing" && labels["alertname"] === "UnparkGoroutineLeak"));
        if (one) return one.message;
        await new Promise<void>((done) => void wake.push(done));
      }
    },
    close: () => void (server.closeAllConnections(), server.close()),
  };
}

/** Started, and answered with the first match of `ready` in what it says. */
function start(command: string, args: readonly string[], ready: RegExp, env: NodeJS.ProcessEnv = process.env): Promise<RegExpExecArray> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], cwd: folder, env });
  children.push(child);
  let said = "";
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (piece: Buffer) => {
        said += piece.toString();
        const match = ready.exec(said);
        if (match) resolve(match);
      });
    }
    child.once("exit", () => reject(new Error(`${command} ended: ${said.slice(-2000)}`)));
  });
}

test("promtool takes the rules, and each fires when it should and else not", { skip }, () => {
  const check = spawnSync(promtool, ["check", "rules", RULES], { encoding: "utf8" });
  assert.equal(check.status, 0, check.stdout + check.stderr);
  const file = join(folder, "rules.test.yml");
  writeFileSync(file, readFileSync(join(ROOT, "test/prometheus/rules.test.yml"), "utf8").replace("RULES", RULES));
  const run = spawnSync(promtool, ["test", "rules", file], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stdout + run.stderr);
});

test("the rules and the dashboard ask only for metrics that there are", () => {
  const names = new Set(METRICS.map(({ name }) => name));
  for (const file of [RULES, join(ROOT, "docs/fleet/grafana.json")]) {
    const asked = readFileSync(file, "utf8").match(/\bunpark_\w+/g)!;
    assert.deepEqual(asked.filter((name) => !names.has(name)), [], file);
  }
});

test("a leak comes through Prometheus and Alertmanager, and by the webhook: the same message; the dashboard's queries bring something", { skip, timeout: 180_000 }, async () => {
  const [service, hooks, port, alertPort] = [await leakyService(), await receiver(), await freePort(), await freePort()];
  const [, metrics] = await start(process.execPath, [
    BIN, "watch", "--store", "none", "--interval", "100ms", "--window", "1200ms", "--alarm", "rise", "--json", "--metrics", "127.0.0.1:0", service.url, "http://127.0.0.1:1/",
  ], /metrics at (http:\S+)/, { ...process.env, UNPARK_WEBHOOK: `${hooks.url}/own` });
  writeFileSync(join(folder, "alertmanager.yml"), JSON.stringify({
    route: { receiver: "test", group_wait: "0s", group_interval: "1s", repeat_interval: "1h" }, receivers: [{ name: "test", webhook_configs: [{ url: `${hooks.url}/alertmanager` }] }],
  }));
  writeFileSync(join(folder, "prometheus.yml"), JSON.stringify({
    global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" }, rule_files: [RULES],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertPort}`] }] }] },
    scrape_configs: [{ job_name: "unpark", static_configs: [{ targets: [new URL(metrics!).host] }] }],
  }));
  await start(alertmanager, ["--config.file=alertmanager.yml", "--storage.path=alerts", `--web.listen-address=127.0.0.1:${alertPort}`, "--cluster.listen-address="], /Listening on|msg=Listening/);
  await start(prometheus, ["--config.file=prometheus.yml", "--storage.tsdb.path=data", `--web.listen-address=127.0.0.1:${port}`], /Server is ready/);

  const [own, theirs] = await Promise.all([hooks.leak("/own"), hooks.leak("/alertmanager")]);
  assert.deepEqual(Object.keys(own).sort(), Object.keys(theirs).sort());
  assert.deepEqual(Object.keys(own.alerts[0]!).sort(), Object.keys(theirs.alerts[0]!).sort());
  const leak = (message: Message) => message.alerts.find(({ labels }) => labels["alertname"] === "UnparkGoroutineLeak")!;
  for (const message of [own, theirs]) {
    const { labels, annotations } = leak(message);
    assert.deepEqual([labels["target"], labels["function"], labels["place"], labels["severity"]], [service.url, "shop.leak", "/src/shop/feed.go:41", "warning"]);
    assert.match(annotations["summary"]!, /goroutines of shop\.leak grow like a leak$/);
  }
  assert.equal(leak(own).labels["group"], leak(theirs).labels["group"]);

  const text = await (await fetch(metrics!)).text();
  assert.match(text, /unpark_target_failure_info\{target="http:\/\/127\.0\.0\.1:1\/",reason="refused"\} 1/);
  const lint = spawnSync(promtool, ["check", "metrics"], { input: text, encoding: "utf8" });
  assert.equal(lint.status, 0, lint.stdout + lint.stderr);
  const dashboard = JSON.parse(readFileSync(join(ROOT, "docs/fleet/grafana.json"), "utf8")) as { panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[] };
  for (const { title, targets } of dashboard.panels) {
    for (const { expr } of targets) {
      const query = new URLSearchParams({ query: expr.replaceAll("$target", ".*") });
      // Some bring something only when there is more of the leak, which grows.
      for (let found = 0; found === 0; ) {
        const answer = (await (await fetch(`http://127.0.0.1:${port}/api/v1/query?${query}`)).json()) as { readonly status: string; readonly data: { readonly result: readonly unknown[] } };
        assert.equal(answer.status, "success", title);
        found = answer.data.result.length;
        if (found === 0) await new Promise((done) => setTimeout(done, 500));
      }
    }
  }
  service.close();
  hooks.close();
});

test("serve answers /metrics of its page's address; with a token, only whoever has it", async () => {
  const service = await leakyService();
  const token = "abcdefghijklmnop";
  const [, url] = await start(process.execPath, [BIN, "serve", "--store", "none", "--interval", "50ms", "--listen", "127.0.0.1:0", service.url], /^(http:\S+)/m, { ...process.env, UNPARK_TOKEN: token });
  assert.equal((await fetch(`${url}metrics`)).status, 401);
  const answer = await fetch(`${url}metrics`, { headers: { authorization: `Bearer ${token}` } });
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "text/plain; version=0.0.4; charset=utf-8"]);
  assert.match(await answer.text(), /^unpark_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
  service.close();
});

test("where prom-client is not installed, --metrics says what to do, and watches nothing", () => {
  const hook = `import { register } from "node:module"; register("data:text/javascript," + encodeURIComponent('export const resolve = (name, context, next) => name === "prom-client" ? Promise.reject(Object.assign(new Error("not found"), { code: "ERR_MODULE_NOT_FOUND" })) : next(name, context);'));`;
  const { status, stderr } = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(hook)}`, BIN, "watch", "--store", "none", "--metrics", "127.0.0.1:0", "http://127.0.0.1:1/"], { encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(stderr, /^unpark: --metrics: prom-client is not installed: npm install prom-client@\d+\.\d+\.\d+, beside unpark/);
});

test("an address that is none is refused without its secret", () => {
  const run = (...more: readonly string[]) => spawnSync(process.execPath, [BIN, "watch", "--store", "none", ...more, "http://127.0.0.1:1/"], { encoding: "utf8" });
  for (const [words, error] of [[["--webhook", "hooks.example/hunter2secret"], /^unpark: --webhook: it is no address/], [["--metrics", "here"], /^unpark: --metrics: 'here' is not of the form HOST:PORT/], [["--metrics-groups", "-1"], /./], [["--metrics-groups=9999"], /^unpark: --metrics-groups: '9999'/]] as const) {
    const { status, stderr } = run(...words);
    assert.equal(status, 2);
    assert.match(stderr, error);
    assert.doesNotMatch(stderr, /hunter2/);
  }
});
