import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import { fakeKubernetes, podOf } from "../../src/discover/testing/fake-kubernetes.js";

/** Targets that come and go while the real command runs; pods by the API's proxy. */
let folder: string;
before(() => void (folder = mkdtempSync(join(tmpdir(), "unpark-discovery-"))));
after(() => rmSync(folder, { recursive: true, force: true }));

const DUMP = "goroutine 1 [select]:\nmain.main()\n\t/src/main.go:9 +0x1\n";
const STUCK = Array.from({ length: 30 }, (_, i) => `goroutine ${10 + i} [chan send, 9 minutes]:\nmain.leak(0x1)\n\t/src/feed.go:41 +0x1d\ncreated by main.start in goroutine 1\n\t/src/feed.go:30 +0x2a\n`).join("\n");

interface WatchLine {
  readonly kind: string;
  readonly target?: string;
  readonly error?: string;
}

test("watch --targets: what is added is looked at, what is removed is not any more, and a file that breaks changes nothing", { timeout: 60_000 }, async () => {
  const looks = new Map<string, number>();
  let authorization: string | undefined;
  const server = createServer((request, response) => {
    looks.set(request.url!, (looks.get(request.url!) ?? 0) + 1);
    authorization = request.headers.authorization;
    response.end(DUMP);
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = join(folder, "targets.json");
  const put = (text: string): void => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file); // nobody reads half of it
  };
  const write = (...paths: readonly string[]): void => put(JSON.stringify(paths.map((path) => ({ targets: [address], labels: { __profile_path__: path } }))));
  write("/a");
  const child = spawn(process.execPath, [BIN, "watch", "--store", "none", "--interval", "20ms", "--json", "--targets", file, "--refresh", "20ms", "--user", "me:hunter2"], { stdio: ["ignore", "pipe", "pipe"] });
  const lines: WatchLine[] = [];
  let rest = "";
  let errors = "";
  child.stderr.on("data", (piece: Buffer) => (errors += piece.toString()));
  // Each step begins when the line that it waits for has come.
  const steps: readonly (readonly [until: (line: WatchLine) => boolean, then: () => void])[] = [
    [({ kind, target }) => kind === "scraped" && target === `http://${address}/a`, () => write("/a", "/b")],
    [({ kind, target }) => kind === "scraped" && target === `http://${address}/b`, () => put("[{")],
    [({ kind }) => kind === "undiscovered", () => undefined],
    [({ kind, target }) => kind === "scraped" && target === `http://${address}/a`, () => write("/b")],
    [({ kind, target }) => kind === "removed" && target === `http://${address}/a`, () => looks.clear()],
    [({ kind }) => kind === "scraped", () => undefined],
    [({ kind }) => kind === "scraped", () => child.kill("SIGINT")],
  ];
  let step = 0;
  child.stdout.on("data", (piece: Buffer) => {
    const whole = (rest + piece.toString()).split("\n");
    rest = whole.pop()!;
    for (const text of whole) {
      const line = JSON.parse(text) as WatchLine;
      lines.push(line);
      if (step < steps.length && steps[step]![0](line)) steps[step++]![1]();
    }
  });
  const code = await new Promise((done) => child.once("exit", done));
  server.closeAllConnections();
  server.close();
  assert.equal(code, 0, errors);
  assert.equal(step, steps.length);
  assert.ok(!looks.has("/a") || looks.get("/a")! <= 1, "at most the look that was under way");
  assert.deepEqual(lines.filter(({ kind }) => /added|removed|undiscovered|rediscovered/.test(kind)).map(({ kind }) => kind), ["added", "added", "undiscovered", "rediscovered", "removed"]);
  assert.match(lines.find(({ kind }) => kind === "undiscovered")!.error!, /targets\.json: it is neither JSON nor YAML/);
  assert.equal(authorization, `Basic ${Buffer.from("me:hunter2").toString("base64")}`);
});

test("inspect k8s://: each pod of a deployment, with the cluster's credentials and no others", async () => {
  const api = await fakeKubernetes({ token: "hunter2-cluster", answer: (pod, _, path) => (path.startsWith("/debug/pprof/goroutine") ? (pod === "cart-b" ? `${DUMP}\n${STUCK}` : DUMP) : undefined) });
  api.deployments.set("cart", { spec: { selector: { matchLabels: { app: "cart" } } } });
  for (const name of ["cart-a", "cart-b"]) api.put(podOf(name, { app: "cart" }));
  const config = join(folder, "config");
  writeFileSync(config, JSON.stringify({ "current-context": "t", contexts: [{ name: "t", context: { cluster: "c", user: "u" } }], clusters: [{ name: "c", cluster: { server: api.url } }], users: [{ name: "u", user: { token: "hunter2-cluster" } }] }));
  const run = (...argv: readonly string[]) => new Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>((done) => {
    const child = spawn(process.execPath, [BIN, ...argv], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, KUBECONFIG: config } });
    let [out, err] = ["", ""];
    child.stdout.on("data", (piece: Buffer) => (out += piece.toString()));
    child.stderr.on("data", (piece: Buffer) => (err += piece.toString()));
    child.once("exit", (code) => done({ code, out, err }));
  });
  const { code, out, err } = await run("inspect", "k8s://shop/cart");
  assert.equal(code, 1, err);
  assert.match(out, /pods\/cart-a:6060[^]*pods\/cart-b:6060[^]*main\.leak/);
  const refused = await run("inspect", "--user", "me:hunter3", "k8s://shop/cart?port=7070");
  assert.equal(refused.code, 1, refused.err); // the user's own name and password do not take the place of the cluster's token
  api.deployments.clear();
  const gone = await run("inspect", "k8s://shop/cart");
  assert.deepEqual([gone.code, gone.out, gone.err], [2, "", "unpark: k8s://shop/cart: there is no deployment, stateful set or daemon set 'cart' in namespace 'shop'\n"]);
  assert.doesNotMatch(out + err + refused.out + refused.err, /hunter/);
  await api[Symbol.asyncDispose]();
});

test("a place that is none is refused", () => {
  for (const [words, error] of [[["--targets", "k8s://a/b/c/d"], /names no pods/], [["--targets", "dns:?"], /is no name of SRV records/], [["--refresh", "soon", "http://127.0.0.1:1/"], /^unpark: --refresh:/], [[], /nothing to watch: give at least one source, or --targets/]] as const) {
    const { status, stderr } = spawnSync(process.execPath, [BIN, "watch", "--store", "none", ...words], { encoding: "utf8" });
    assert.equal(status, 2);
    assert.match(stderr, error);
  }
});
