import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { selfSigned } from "../../collect/testing/collect-fixtures.js";
import { parseDiscovery } from "../discovery.js";
import type { FoundTargets } from "../discovered.js";
import { type FakeKubernetes, fakeKubernetes, podOf } from "../testing/fake-kubernetes.js";

let folder: string;
before(() => void (folder = mkdtempSync(join(tmpdir(), "unpark-kubernetes-"))));
after(() => rmSync(folder, { recursive: true, force: true }));
const TOKEN = "hunter2-of-the-cluster";

/** A file as kubectl has it; `user` and `cluster` in the form of JSON, which is YAML. */
function kubeconfig(server: string, user: object = { token: TOKEN }, cluster: object = {}): string {
  const file = join(folder, `config-${Math.abs([...JSON.stringify([server, user, cluster])].reduce((n, c) => (n * 31 + c.charCodeAt(0)) | 0, 7))}`);
  writeFileSync(file, `apiVersion: v1\nkind: Config\ncurrent-context: test\ncontexts:\n- name: test\n  context: {cluster: c, user: u, namespace: shop}\n- name: other\n  context: {cluster: gone, user: u}\nclusters:\n- name: c\n  cluster: ${JSON.stringify({ server, ...cluster })}\nusers:\n- name: u\n  user: ${JSON.stringify(user)}\n`);
  return file;
}

const shown = (found: FoundTargets): readonly string[] | string => (found.ok ? found.value.map(({ name, source }) => `${name} ${source.ok ? source.value : source.error}`) : found.error);

async function once(text: string, env: Readonly<Record<string, string>>): Promise<readonly string[] | string> {
  const discovery = parseDiscovery(text, { env, cwd: folder, timeoutMs: 5000 });
  return discovery.ok ? shown(await discovery.value.once(new AbortController().signal)) : discovery.error;
}

async function shop(page?: number): Promise<FakeKubernetes> {
  const api = await fakeKubernetes({ token: TOKEN, ...(page === undefined ? {} : { page }) });
  api.deployments.set("cart", { spec: { selector: { matchLabels: { app: "cart" } } } });
  for (const pod of [
    podOf("cart-a", { app: "cart" }), podOf("cart-b", { app: "cart" }, { ip: "10.0.0.7" }), podOf("cart-new", { app: "cart" }, { phase: "Pending" }), podOf("cart-old", { app: "cart" }, { deleted: true }),
    podOf("web-a", { app: "web" }, { ports: [{ name: "http", containerPort: 80 }] }),
  ]) api.put(pod);
  return api;
}

test("pods of a deployment, of a selector, one by name: those that run, at the port that is named or given", async () => {
  await using api = await shop();
  const env = { KUBECONFIG: kubeconfig(api.url) };
  const proxy = (pod: string, path = "/"): string => `${api.url}/api/v1/namespaces/shop/pods/${pod}/proxy${path}`;
  const table: readonly (readonly [text: string, found: readonly string[] | RegExp])[] = [
    ["k8s://shop/cart", [`k8s://shop/pod/cart-a:6060 ${proxy("cart-a:6060")}`, `k8s://shop/pod/cart-b:6060 ${proxy("cart-b:6060")}`]],
    ["k8s:///cart?port=7070&path=app/&scheme=https", [`k8s://shop/pod/cart-a:7070 ${proxy("https:cart-a:7070", "/app/")}`, `k8s://shop/pod/cart-b:7070 ${proxy("https:cart-b:7070", "/app/")}`]],
    ["k8s://shop/pod/cart-b?via=pod", ["k8s://shop/pod/cart-b:6060 http://10.0.0.7:6060/"]],
    ["k8s://shop?selector=app%3Dweb&port=http", [`k8s://shop/pod/web-a:80 ${proxy("web-a:80")}`]],
    ["k8s://shop?selector=app%3Dweb", ["k8s://shop/pod/web-a it has no container port called pprof, http-pprof, profile, debug, http-debug; ?port=6060 gives its number"]],
    ["k8s://shop/cart?selector=tier%3Dx", []],
    ["k8s://shop/none", /^k8s:\/\/shop\/none: there is no deployment, stateful set or daemon set 'none' in namespace 'shop'$/],
    ["k8s://shop/cart?context=other", /the context 'other' names no cluster with a server$/],
    ["k8s://shop/cart?context=none", /the context 'none' names no cluster/],
    ["k8s://shop/cart?token=x", /^k8s: there is no parameter 'token': expected port/],
    ["k8s://shop/a/b/c", /names no pods: expected for instance/],
    ["k8s://Shop/../x", /names no pods/],
    ["k8s://shop/cart?via=ssh", /'via' is 'proxy' or 'pod'/],
  ];
  for (const [text, found] of table) {
    const read = await once(text, env);
    if (found instanceof RegExp) assert.match(String(read), found, text);
    else assert.deepEqual(read, found, text);
  }
});

test("long lists come in pages", async () => {
  await using api = await shop(1);
  assert.equal((await once("k8s://shop/cart", { KUBECONFIG: kubeconfig(api.url) })).length, 2);
  assert.equal(api.asked.filter((line) => line.includes("continue=")).length, 3);
});

test("list and watch: pods that come, change and go; a bookmark, and a version that is too old", { timeout: 60_000 }, async () => {
  await using api = await shop();
  const discovery = parseDiscovery("k8s://shop/cart", { env: { KUBECONFIG: kubeconfig(api.url) }, cwd: folder, timeoutMs: 5000, refreshMs: 1 });
  assert.ok(discovery.ok);
  const stop = new AbortController();
  const names: string[][] = [];
  // Each is done as soon as what the one before did was told. A watch begins right after the list: until it does, the server
  // has nobody to tell, and a pod that comes meanwhile is in the next list.
  const watching = async (): Promise<void> => {
    while (api.watches === 0 && !stop.signal.aborted) await new Promise((done) => setImmediate(done));
  };
  const steps: readonly (() => void | Promise<void>)[] = [
    async () => (await watching(), api.bookmark(), api.put(podOf("cart-c", { app: "cart" }))),
    () => api.put(podOf("cart-new", { app: "cart" })),
    () => (api.put(podOf("web-b", { app: "web" })), api.remove("cart-a")),
    () => (api.put(podOf("cart-b", { app: "cart" }, { deleted: true }))),
    () => api.compact(), // the stream ends, the next answers 410: it is listed again
    async () => (await watching(), api.remove("cart-c")),
  ];
  await discovery.value.follow(stop.signal, (found) => {
    assert.ok(found.ok, String(shown(found)));
    names.push(found.value.map(({ labels }) => labels["pod"]!));
    const next = steps[names.length - 1];
    if (next) void next();
    else stop.abort();
  });
  assert.deepEqual(names, [
    ["cart-a", "cart-b"], ["cart-a", "cart-b", "cart-c"], ["cart-a", "cart-b", "cart-c", "cart-new"], ["cart-b", "cart-c", "cart-new"], ["cart-c", "cart-new"], ["cart-c", "cart-new"], ["cart-new"],
  ]);
});

test("credentials: a token, a file, a program; who has none is refused, and no error repeats any", async () => {
  await using api = await shop();
  writeFileSync(join(folder, "token"), `${TOKEN}\n`);
  const plugin = join(folder, "plugin");
  writeFileSync(plugin, `#!${process.execPath}\nconst { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);\nconsole.log(JSON.stringify({ apiVersion, kind: "ExecCredential", status: { token: process.argv[2] + process.env.REST } }));\n`, { mode: 0o755 });
  const exec = (more: object): object => ({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: "./plugin", args: [TOKEN.slice(0, 5)], env: [{ name: "REST", value: TOKEN.slice(5) }], ...more } });
  for (const user of [{ token: TOKEN }, { tokenFile: "token" }, exec({})]) assert.equal((await once("k8s://shop/cart", { KUBECONFIG: kubeconfig(api.url, user) })).length, 2, JSON.stringify(user));
  assert.equal(api.refused, 0);
  const refused: readonly (readonly [user: object, error: RegExp])[] = [
    [{}, /^k8s:\/\/shop\/cart: it answered 401: it does not accept what was sent along$/], [{ token: "hunter3" }, /it answered 401/], [{ username: "u", password: "hunter4" }, /it answered 401/],
    [{ tokenFile: "none" }, /the token in .* cannot be read \(ENOENT\)$/], [exec({ args: ["hunter5", "\n"], env: [] }), /it answered 401/], [exec({ command: "./none" }), /'\.\/none' gave no credentials$/], [{ "client-certificate": "none" }, /a certificate cannot be read/],
  ];
  for (const [user, error] of refused) {
    const said = String(await once("k8s://shop/cart", { KUBECONFIG: kubeconfig(api.url, user) }));
    assert.match(said, error);
    assert.doesNotMatch(said, /hunter/);
  }
});

test("a cluster's own authority is trusted, and no other", async () => {
  const tls = selfSigned(folder);
  await using api = await fakeKubernetes({ token: TOKEN, tls });
  api.put(podOf("cart-a", { app: "cart" }));
  const data = Buffer.from(tls.cert).toString("base64");
  for (const cluster of [{ "certificate-authority-data": data }, { "certificate-authority": "cert.pem" }, { "insecure-skip-tls-verify": true }]) assert.equal((await once("k8s://shop", { KUBECONFIG: kubeconfig(api.url, { token: TOKEN }, cluster) })).length, 1, JSON.stringify(cluster));
  assert.match(String(await once("k8s://shop", { KUBECONFIG: kubeconfig(api.url) })), /it cannot be reached \((?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)\)$/);
  // In a pod: the service account, and pods at their own addresses.
  const account = join(folder, "account");
  mkdirSync(account);
  for (const [name, text] of [["token", TOKEN], ["ca.crt", tls.cert], ["namespace", "shop"]] as const) writeFileSync(join(account, name), text);
  const inside = { HOME: folder, KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: new URL(api.url).port, UNPARK_SERVICE_ACCOUNT: account };
  assert.deepEqual(await once("k8s:///?selector=app%3Dcart", inside), ["k8s://shop/pod/cart-a:6060 http://127.0.0.1:6060/"]);
  assert.match(String(await once("k8s://shop", { HOME: folder })), /^k8s:\/\/shop: no cluster: there is no .*\/\.kube\/config; KUBECONFIG names another file$/);
});

test("an API that answers anything else: a sentence or targets, neither an exception nor a list without an end", async () => {
  const answers = ["null", "[]", "5", '"x"', '{"items":5}', '{"items":[null,5,{"metadata":null,"spec":5,"status":[]}]}', '{"items":[{"metadata":{"name":5,"labels":[1],"uid":{}},"spec":{"containers":[null,{"ports":[null,{"containerPort":"x"}]}]},"status":{"phase":"Running","podIP":7}}]}', '{"items":[],"metadata":{"continue":"again"}}', '{"items":[{}],"metadata":{"continue":7}}', '{"items":[],"metadata":null}', "x"];
  let answer = "";
  const server = createServer((request, response) => response.end(request.url?.includes("watch=1") === true ? '{"type":"ADDED","object":null}\nnull\n{"type":"DELETED"}\n[]\n' : answer)).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const env = { KUBECONFIG: kubeconfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) };
  const seen: string[] = [];
  for (answer of answers) {
    seen.push(JSON.stringify(await once("k8s://shop/cart?port=6060", env)), JSON.stringify(await once("k8s://shop?port=6060", env)));
    const discovery = parseDiscovery("k8s://shop?port=6060", { env, cwd: folder, timeoutMs: 5000, refreshMs: 1 });
    assert.ok(discovery.ok);
    const stop = new AbortController();
    let told = 0;
    await discovery.value.follow(stop.signal, () => ++told > 3 && stop.abort());
    assert.ok(told > 3);
  }
  server.close();
  assert.ok(seen.includes('"k8s://shop: its list has no end (0 objects so far)"'), seen.join("\n"));
  assert.ok(seen.some((one) => one.includes("its name is none that a pod may have") || one === '["k8s://shop/pod/:6060 its name is none that a pod may have"]'), seen.join("\n"));
  assert.ok(!seen.some((one) => /TypeError|Cannot read/.test(one)), seen.join("\n"));
});
