import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { unpark } from "../../src/cli/testing/command-line.js";
import { fakeKubernetes, podOf } from "../../src/discover/testing/fake-kubernetes.js";

/** The gate over many components, by the command line: captured dumps of the leak collection, and targets that cannot be checked. */
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const LEAKS = readFileSync(join(ROOT, "fixtures/dumps/go1.27.0/leaks.debug2.txt"), "utf8");
const CLEAN = "goroutine 1 [select]:\nmain.main()\n\t/src/main.go:9 +0x1\n";
const PORT = "PORT";
let folder: string;
let server: Server;
let port: number;
/** How often `/late` was asked: it answers the second time. */
let late = 0;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "unpark-gate-"));
  server = createServer((request, response) => {
    const path = new URL(request.url!, "http://x").pathname;
    if (path === "/leaky/debug/pprof/goroutineleak" || path === "/other/debug/pprof/goroutine") return void response.end(LEAKS.replaceAll(" (leaked)", path.startsWith("/leaky") ? " (leaked)" : ""));
    if (path === "/clean/debug/pprof/goroutineleak") return void response.end(CLEAN);
    if (path === "/late/debug/pprof/goroutineleak" && ++late > 1) return void response.end(CLEAN);
    response.writeHead(404).end("404 page not found");
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  port = (server.address() as AddressInfo).port;
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const targets = (...paths: readonly string[]): string => file(`${paths.join("-").replaceAll("/", "_")}.json`, JSON.stringify(paths.map((path) => ({ targets: [`127.0.0.1:${port}`], labels: { __profile_path__: path } }))));

async function verify(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const { status, stdout, stderr } = await unpark(["verify", "--leaks", ...argv], { cwd: folder, env: { ...process.env, KUBECONFIG: join(folder, "kubeconfig") } });
  return { code: status, out: stdout.replaceAll(String(port), PORT), err: stderr.replaceAll(String(port), PORT) };
}

/** The first word of each target's line, and its path. */
const states = (out: string): readonly string[] => out.split("\n").flatMap((line) => {
  const [, state, path] = /^(clean|leaking|unchecked) +http:\/\/127\.0\.0\.1:PORT([\w/]*)/.exec(line) ?? [];
  return state === undefined ? [] : [`${state} ${path}`];
});

test("each target is clean, leaking or unchecked, in text, JSON and JUnit; what is not a leak profile is no clean one", async () => {
  const list = targets("/leaky/", "/clean/", "/old/", "/other/debug/pprof/goroutine");
  const { code, out, err } = await verify("--targets", list, "http://127.0.0.1:1/", file("dump.txt", CLEAN), "--junit", "report.xml");
  assert.equal(code, 1, err);
  assert.deepEqual(states(out), ["leaking /leaky", "clean /clean", "unchecked /old", "unchecked /other/debug/pprof/goroutine"]);
  assert.match(out, /^unchecked  http:\/\/127\.0\.0\.1:1\/: nothing listens there/m);
  assert.match(out, /^unchecked  .*dump\.txt: a file or an agent does not say whether the runtime looked for leaks/m);
  assert.match(out, /^unchecked  \S+\/old: the server answered 404.*has no goroutineleak profile/m);
  assert.match(out, /^unchecked  \S+goroutine: its address is that of another profile/m);
  assert.match(out, /^leaking +\S+: 8 goroutines that nothing can wake\n +3 × chan send[^]*main\.send[^]*\n6 targets: 1 clean, 1 leaking, 4 unchecked\n$/m);
  const junit = readFileSync(join(folder, "report.xml"), "utf8");
  assert.match(junit, /<testsuite name="unpark verify --leaks" tests="6" failures="1" errors="4" skipped="0"/);
  assert.equal(junit.match(/<error message="unchecked: /g)!.length, 4);
  const json = JSON.parse((await verify("--targets", list, "--json")).out) as { clean: number; leaking: number; unchecked: number; targets: readonly { state: string; leaked?: number; leaks?: readonly { count: number }[] }[] };
  assert.deepEqual([json.clean, json.leaking, json.unchecked], [1, 1, 2]);
  assert.deepEqual([json.targets[0]!.leaked, json.targets[0]!.leaks!.length], [8, 5]);
});

test("the exit code: a leak is 1, unchecked without a leak 2, a warning 0, and nothing checked 2 whatever was asked for", async () => {
  const table: readonly (readonly [code: number, targets: readonly string[], more: readonly string[]])[] = [
    [0, ["/clean/"], []], [1, ["/clean/", "/leaky/"], []], [1, ["/leaky/", "/old/"], []], [2, ["/clean/", "/old/"], []],
    [0, ["/clean/", "/old/"], ["--warn-only"]], [0, ["/leaky/", "/old/"], ["--warn-only"]], [2, ["/old/"], ["--warn-only"]], [2, [], ["--warn-only"]],
  ];
  for (const [code, paths, more] of table) {
    const run = await verify("--targets", targets(...paths), ...more);
    assert.equal(run.code, code, `${paths.join(" ")} ${more.join(" ")}: ${run.out}${run.err}`);
  }
  const warned = await verify("--targets", targets("/leaky/", "/clean/", "/old/"), "--warn-only", "--junit", "warned.xml");
  assert.match(warned.out, /leaking .*\n[^]*Only a warning: --warn-only was given\.\n$/);
  const junit = readFileSync(join(folder, "warned.xml"), "utf8");
  assert.match(junit, /failures="0" errors="0" skipped="1"/);
  assert.match(junit, /<system-out>leaking[^]*main\.send/);
});

test("accepted leaks: each with its reason; what an entry no longer matches is said", async () => {
  const list = targets("/leaky/");
  const all = file("all.txt", "# known\nmain.send  # issue 12: the feed\n/^main\\.(receive|choose)$/ # issue 13\n\nmain.lockTwice # a test of ours\nmain.waitFor # the same\nmain.gone # was once\n");
  const run = await verify("--targets", list, "--ignore", all);
  assert.equal(run.code, 0, run.err);
  assert.match(run.out, /^clean .* \(8 accepted ones\)\n\n1 target: 1 clean, 0 leaking, 0 unchecked\nline 7 of the list of accepted leaks matches nothing: main\.gone\n$/m);
  const some = await verify("--targets", list, "--ignore", file("some.txt", "main.send # x\n"));
  assert.match(some.out, /^leaking .*: 5 goroutines that nothing can wake \(3 accepted ones\)$/m);
  for (const [text, error] of [["main.send\n", /some\.txt line 1: why is it accepted\? Write 'main\.send {2}# reason'/], ["a # x\n/(/ # y\n", /line 2: '\/\(\/' is not a regular expression/]] as const) {
    const refused = await verify("--targets", list, "--ignore", file("some.txt", text));
    assert.deepEqual([refused.code, refused.out], [2, ""]);
    assert.match(refused.err, error);
  }
});

test("build by build: a leak is told with the first build that had it", async () => {
  const list = targets("/leaky/", "/old/");
  const builds = join(folder, "builds.jsonl");
  const first = await verify("--targets", list, "--builds", builds, "--build", "41", "--ignore", file("send.txt", "main.send # x\n"));
  assert.doesNotMatch(first.out, /since build/);
  const second = await verify("--targets", list, "--builds", builds, "--build", "42");
  assert.equal(second.out.match(/since build 41/g)!.length, 4);
  assert.match(second.out, /3 × chan send[^]*?main\.send \S+\n(?! +since)/);
  const lines = readFileSync(builds, "utf8").trim().split("\n").map((line) => JSON.parse(line) as { build: string; targets: readonly { state: string; leaks?: readonly unknown[] }[] });
  assert.deepEqual(lines.map(({ build, targets: all }) => [build, all.map(({ state, leaks }) => `${state} ${leaks?.length ?? 0}`)]), [["41", ["leaking 4", "unchecked 0"]], ["42", ["leaking 5", "unchecked 0"]]]);
  writeFileSync(builds, "{}\n");
  const broken = await verify("--targets", list, "--builds", builds, "--build", "43");
  assert.deepEqual([broken.code, broken.err], [2, `unpark: --builds: ${builds}: line 1 is none of unpark's\n`]);
});

test("--wait: what cannot be checked is asked again", async () => {
  late = 0;
  const run = await verify("--targets", targets("/late/"), "--wait", "20s", "--every", "10ms");
  assert.equal(run.code, 0, run.out);
  assert.deepEqual(states(run.out), ["clean /late"]);
});

test("pods: each of a deployment, one without a port, one that answers nobody; and no cluster at all", async () => {
  await using api = await fakeKubernetes({ token: "hunter2-cluster", answer: (pod) => (pod === "cart-a" ? CLEAN : pod === "cart-b" ? LEAKS : undefined) });
  api.deployments.set("cart", { spec: { selector: { matchLabels: { app: "cart" } } } });
  for (const pod of [podOf("cart-a", { app: "cart" }), podOf("cart-b", { app: "cart" }), podOf("cart-c", { app: "cart" }), podOf("cart-d", { app: "cart" }, { ports: [] })]) api.put(pod);
  file("kubeconfig", JSON.stringify({ "current-context": "t", contexts: [{ name: "t", context: { cluster: "c", user: "u" } }], clusters: [{ name: "c", cluster: { server: api.url } }], users: [{ name: "u", user: { token: "hunter2-cluster" } }] }));
  const run = await verify("--targets", "k8s://shop/cart");
  assert.equal(run.code, 1, run.err);
  assert.deepEqual(run.out.split("\n").flatMap((line) => /^(?:clean|leaking|unchecked) +k8s:\S+/.exec(line)?.[0].replace(/ +/, " ") ?? []), ["clean k8s://shop/pod/cart-a:6060", "leaking k8s://shop/pod/cart-b:6060:", "unchecked k8s://shop/pod/cart-c:6060:", "unchecked k8s://shop/pod/cart-d:"]);
  assert.match(run.out, /cart-c:6060: the server answered 503/);
  assert.match(run.out, /cart-d: it has no container port called pprof/);
  assert.doesNotMatch(run.out + run.err, /hunter/);
  const none = await verify("--warn-only", "--targets", "k8s://shop/none");
  assert.equal(none.code, 2);
  const empty = await verify("--targets", "k8s://shop?selector=app%3Dnone");
  assert.deepEqual([empty.code, empty.err], [2, "unpark: nothing to check: k8s://shop knows of no target\n"]);
});

test("flags that do not go together", async () => {
  const table: readonly (readonly [words: readonly string[], error: RegExp])[] = [
    [[], /nothing to check: give at least one source, or --targets/], [["http://127.0.0.1:1/", "--sarif", "x"], /--sarif: a gate over many services/], [["http://127.0.0.1:1/", "--build", "1"], /--builds FILE and --build NAME go together/],
    [["http://127.0.0.1:1/", "--max", "3", "--targets", "x"], /--targets is for --leaks without another demand/], [["http://127.0.0.1:1/", "--ignore", "none"], /--ignore: none: there is no such file/],
  ];
  for (const [words, error] of table) {
    const { code, err } = await verify(...words);
    assert.equal(code, 2);
    assert.match(err, error);
  }
});
