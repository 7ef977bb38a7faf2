import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { DiscoveryOptions, FoundTargets } from "./discovered.js";
import { parseDiscovery } from "./discovery.js";
import { parseTargetGroups } from "./target-groups.js";
import { fakeDns } from "./testing/fake-dns.js";

let cwd: string;
before(() => void (cwd = mkdtempSync(join(tmpdir(), "unpark-discover-"))));
after(() => rmSync(cwd, { recursive: true, force: true }));
const options = (): DiscoveryOptions => ({ env: {}, cwd, timeoutMs: 5000, refreshMs: 10 });

/** `name source labels` of each, or the error. */
const shown = (found: FoundTargets): readonly string[] | string =>
  found.ok ? found.value.map(({ name, source, labels }) => [name, source.ok ? source.value : source.error, JSON.stringify(labels)].join(" ")) : found.error;

async function once(text: string): Promise<readonly string[] | string> {
  const discovery = parseDiscovery(text, options());
  return discovery.ok ? shown(await discovery.value.once(new AbortController().signal)) : discovery.error;
}

test("Prometheus' lists, JSON and YAML", () => {
  const table: readonly (readonly [text: string, found: readonly string[] | RegExp])[] = [
    [`[{"targets":["10.0.0.1:6060","cart:6060"],"labels":{"team":"cart","__meta_zone":"a"}},{"targets":["[::1]:7070"]}]`, [`http://10.0.0.1:6060 http://10.0.0.1:6060/ {"team":"cart"}`, `http://cart:6060 http://cart:6060/ {"team":"cart"}`, "http://[::1]:7070 http://[::1]:7070/ {}"]],
    ["- targets: [cart:6060]\n  labels: {__scheme__: https, __profile_path__: /app/, __metrics_path__: /metrics}\n- targets: []\n", ["https://cart:6060/app https://cart:6060/app/ {}"]],
    [`[{"targets":["cart:6060"],"labels":{"__address__":"10.1.1.1:99","__profile_path__":"debug/pprof/goroutine?debug=1&token=s3cret"}}]`, ["http://10.1.1.1:99/debug/pprof/goroutine?debug=1&token=*** http://10.1.1.1:99/debug/pprof/goroutine?debug=1&token=s3cret {}"]],
    [`[{"targets":["https://user:pw@cart:6060/x/"]}]`, ["https://cart:6060/x/ https://user:pw@cart:6060/x/ {}"]],
    ["[]", []],
    ["", /^it is empty: a list without targets is \[\]$/],
    ["{}", /^it is no list of targets: expected/],
    ["[1]", /^entry 1: 'targets' is no list of texts$/],
    [`[{"targets":["a:1"]},{"targets":[1]}]`, /^entry 2: 'targets'/],
    [`[{"targets":["a:1"],"labels":{"x":1}}]`, /^entry 1: the values of 'labels' are no texts$/],
    [`[{"targets":["a b"]}]`, /^entry 1: 'a b' is no address: expected host:port$/],
    [`[{"targets":["/etc/passwd"]}]`, /^entry 1: '\/etc\/passwd' is no address/],
    [`[{"targets":["a:1"],"labels":{"__scheme__":"file"}}]`, /the scheme 'file' is neither/],
    [JSON.stringify([{ targets: Array.from({ length: 10_001 }, (_, i) => `a${i}:1`) }]), /^it names more than 10,000 targets; split it, or narrow it down$/],
    ["- targets: [a\n", /^it is neither JSON nor YAML \(line \d+: /],
    [`${["a: &a [x,x,x,x,x,x,x,x,x]", ..."bcdefgh".split("").map((one, i) => `${one}: &${one} [${Array(9).fill(`*${"abcdefgh"[i]!}`).join(",")}]`)].join("\n")}\n`, /^its aliases refer to too much$/],
  ];
  for (const [text, found] of table) {
    const read = shown(parseTargetGroups(text));
    if (found instanceof RegExp) assert.match(String(read), found, text);
    else assert.deepEqual(read, found, text);
  }
});

test("a file is read again when it has changed, in place or by another in its place; what is broken is an error, and then it goes on", async () => {
  const file = join(cwd, "targets.yml");
  const steps: readonly (readonly [write: () => void, found: readonly string[] | RegExp])[] = [
    [() => undefined, /^targets\.yml: there is no such file$/],
    [() => writeFileSync(file, "- targets: [a:1]\n"), ["http://a:1 http://a:1/ {}"]],
    [() => writeFileSync(file, "- targets: [a:1, b:2]\n"), ["http://a:1 http://a:1/ {}", "http://b:2 http://b:2/ {}"]],
    [() => writeFileSync(file, "- targets: {\n"), /^targets\.yml: it is neither JSON nor YAML/],
    [() => {
      writeFileSync(`${file}.new`, "- targets: [c:3]\n");
      renameSync(`${file}.new`, file);
    }, ["http://c:3 http://c:3/ {}"]],
    [() => rmSync(file), /no such file/],
  ];
  const discovery = parseDiscovery("targets.yml", options());
  assert.ok(discovery.ok);
  const stop = new AbortController();
  let step = 0;
  await discovery.value.follow(stop.signal, (found) => {
    const expected = steps[step]![1];
    if (expected instanceof RegExp) assert.match(String(shown(found)), expected);
    else assert.deepEqual(shown(found), expected);
    if (++step === steps.length) stop.abort();
    else steps[step]![0]();
  });
  assert.equal(step, steps.length);
});

test("an address: its answers, and its errors without what is secret in it", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    const path = request.url!.split("?")[0];
    if (path === "/ok") return void response.end(`[{"targets":["a:1"]}]`);
    if (path === "/moved") return void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    if (path === "/no") return void response.writeHead(403).end("hunter2");
    return void response.end("hello");
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const base = `http://user:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}`;
  assert.deepEqual(await once(`${base}/ok?token=hunter3`), ["http://a:1 http://a:1/ {}"]);
  assert.deepEqual(seen, [`Basic ${Buffer.from("user:hunter2").toString("base64")}`]);
  const table: readonly (readonly [path: string, error: RegExp])[] = [
    ["/moved", /: it answered 302: a redirect, which is not followed/], ["/no?token=hunter3", /: it answered 403: it does not accept what was sent along$/], ["/text", /: it is no list of targets/],
  ];
  for (const [path, error] of table) {
    const said = String(await once(`${base}${path}`));
    assert.match(said, error);
    assert.doesNotMatch(said, /hunter/);
  }
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  assert.match(String(await once(`${base}/ok`)), /: nothing listens there \(connection refused\)$/);
});

test("SRV records, each a host and its port", async () => {
  await using dns = await fakeDns("_pprof._tcp.shop.example", [{ host: "cart-1.shop.example", port: 7070 }, { host: "cart-0.shop.example", port: 6060 }]);
  assert.deepEqual(await once(`dns://${dns.address}/_pprof._tcp.shop.example`), ["http://cart-0.shop.example:6060 http://cart-0.shop.example:6060/ {}", "http://cart-1.shop.example:7070 http://cart-1.shop.example:7070/ {}"]);
  assert.match(String(await once(`dns://${dns.address}/_pprof._tcp.none.example?type=SRV`)), /: there is no such record$/);
  for (const text of ["dns:", "dns://here/x", "dns:a b", "dns:x?type=A"]) assert.match(String(await once(text)), /is no name of SRV records|the server is no IP address/, text);
});
