// Everything that reads bytes of others, one function each, for the fuzzer (scripts/fuzz.mjs) and for the test that does
// the kept inputs again. A target throws where the reader did what it must not: an exception, a number that is none, a
// control character on its way out, an input that takes seconds.
import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { parseDuration } from "../../src/base/duration.js";
import type { Result } from "../../src/base/result.js";
import { COMMANDS } from "../../src/cli/commands.js";
import { settingTables } from "../../src/cli/read-project.js";
import { readMemory } from "../../src/cli/flags/memory.js";
import { collect } from "../../src/collect/collect.js";
import { CollectError, type CollectOptions } from "../../src/collect/collected.js";
import { parseSource, sourceName } from "../../src/collect/source.js";
import { unpack } from "../../src/collect/unpack.js";
import { ZstdReader } from "../../src/collect/zstd-reader.js";
import type { Discovered } from "../../src/discover/discovered.js";
import { parseDiscovery } from "../../src/discover/discovery.js";
import { parseTargetGroups } from "../../src/discover/target-groups.js";
import { exploreSettings } from "../../src/explore/explore-settings.js";
import { serveLsp } from "../../src/lsp/server.js";
import { chooseFinding } from "../../src/mcp/explorations.js";
import type { Report } from "../../src/model/results/examination.js";
import { parsePattern } from "../../src/model/source/pattern.js";
import { publicName, publicWords } from "../../src/model/public-name.js";
import { formatSchedule, parseSchedule } from "../../src/model/run/schedule.js";
import { selectCases } from "../../src/model/source/select-case.js";
import { MemoryBudget } from "../../src/parse/memory.js";
import { parseCensus } from "../../src/parse/native.js";
import { AnyParser, parseBytes } from "../../src/parse/parse.js";
import { applyComments } from "../../src/pipeline/config/ignore-comments.js";
import { parseConfig } from "../../src/pipeline/config/parse-config.js";
import { applyBaseline, applyIgnores, parseBaseline } from "../../src/pipeline/config/suppressions.js";
import { TestOutput } from "../../src/pipeline/native/native-output.js";
import { lastReports, reportsFolder } from "../../src/pipeline/results/last-report.js";
import { ResultCache, withKept } from "../../src/pipeline/results/result-cache.js";
import { Builds } from "../../src/pipeline/services/builds.js";
import { parseAccepted } from "../../src/pipeline/services/gate.js";
import { lookAtAll } from "../../src/pipeline/services/inspect.js";
import { reportGithub } from "../../src/report/exploration/github.js";
import { reportJson } from "../../src/report/exploration/json.js";
import { reportJunit } from "../../src/report/exploration/junit.js";
import { reportMarkdown } from "../../src/report/exploration/markdown.js";
import { readReport } from "../../src/report/exploration/read-json.js";
import { mergeReports, readWholeReport } from "../../src/report/exploration/read-whole.js";
import { reportSarif } from "../../src/report/exploration/sarif.js";
import { reportText } from "../../src/report/exploration/text.js";
import { inspectionJson } from "../../src/report/inspect/json.js";
import { inspectionText } from "../../src/report/inspect/text.js";
import { reportPage } from "../../src/report/report-page/html.js";
import { answerEndpoint } from "../../src/runtime/observe/endpoints.js";
import { contentHash } from "../../src/toolchain/go/cache.js";
import { splitGoFlags } from "../../src/toolchain/go/goflags.js";
import { parseGoVersion } from "../../src/toolchain/go/go-version.js";
import { readTestArgs, wordsForBuild } from "../../src/toolchain/go/go-test.js";
import { testsIn } from "../../src/toolchain/go/test-names.js";
import { findFunctions, importsPlainly, packageClauseEnd } from "../../src/toolchain/overlay/go-text.js";
import { areShown, isJson, isShown, numbersAreSome } from "./oracles.js";
import { pageServer, Peer, say } from "./peers.js";

export interface FuzzTarget {
  /** What is read. */
  readonly what: string;
  readonly run: (bytes: Buffer) => void | Promise<void>;
  readonly seeds: () => readonly (Buffer | string)[];
  /** It may be slow, for it works in a thread that has a time limit. */
  readonly slow?: true;
}

const ROOT = new URL("../../..", import.meta.url);
const FOLDER = mkdtempSync(join(tmpdir(), "unpark-fuzz-"));
const never = new AbortController().signal;
const options = (): CollectOptions & { readonly module?: string } => ({
  profile: "goroutine", headers: [["x-secret", "CANARY-HEADER"]] as const, user: "alice:CANARY-PASSWORD", timeoutMs: 5000, maxBytes: 1 << 20, budget: 64 << 20,
  signal: never, stdin: (async function* () {})(), env: { KUBECONFIG: join(FOLDER, "kubeconfig"), HOME: FOLDER }, cwd: FOLDER, now: () => 0n as ReturnType<CollectOptions["now"]>,
});

const dumps = (): readonly Buffer[] => {
  const folder = new URL("fixtures/dumps/go1.26.8/", ROOT);
  return readdirSync(folder).filter((name) => /\.(txt|gz)$/.test(name)).map((name) => readFileSync(new URL(name, folder))).map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).subarray(0, 4096));
};
const fixture = (path: string): Buffer => readFileSync(new URL(path, ROOT));
const text = (bytes: Buffer): string => bytes.toString("utf8");

const CANARY = /CANARY-(?:PASSWORD|HEADER|TOKEN)/;

/** An error of ours is a sentence; anything else is a fault. */
async function sentence(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof CollectError)) throw error;
    isShown(error.message);
    assert.ok(!CANARY.test(error.message), error.message);
  }
}
/** Errors that are sentences are spelled out where they are printed (complain). */
function said<T>(result: Result<T, unknown>): T | undefined {
  if (result.ok) return result.value;
  assert.ok(!CANARY.test(String(result.error)), String(result.error));
  return undefined;
}
const named = (found: readonly Discovered[]): void => found.forEach(({ name }) => isShown(name));

let peer: Promise<Peer> | undefined;
async function answered(bytes: Buffer, ask: (port: number) => Promise<unknown>): Promise<void> {
  const { port } = await (peer ??= Peer.start()).then((one) => (one.answer(bytes), one));
  await ask(port);
}
const all = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of chunks) pieces.push(piece);
  return Buffer.concat(pieces);
};
const http = (status: string, body: Buffer | string, headers = ""): Buffer => Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${headers}Content-Length: ${Buffer.from(body).length}\r\n\r\n`), Buffer.from(body)]);

/** All forms of a report. */
function forms(report: Report): void {
  areShown(reportText(report, {}));
  areShown(reportGithub(report, {}).replace(/^::/gm, ""));
  areShown(reportMarkdown(report, {}));
  isJson(reportJson(report));
  isJson(reportSarif(report, {}));
  areShown(reportJunit(report, {}));
  assert.equal(reportPage(report, { cwd: "/w", unpark: "0", at: new Date(0) } as never).split("<script").length, 3);
}

const SPEC = { name: "m", package: "m", kind: "tests", wasm: "/m.wasm", args: [], environment: [], mounts: [], cwd: "/", goVersion: "1.26.8", reachability: true, limits: [] } as const;
const SETTINGS = exploreSettings({}, { budget: 1, workers: 1 });
let server: ReturnType<typeof pageServer> | undefined;
let guarded: ReturnType<typeof pageServer> | undefined;

/** The servers that targets have started would keep the process alive. */
export async function close(): Promise<void> {
  for (const one of [server, guarded]) await (await one)?.close();
  rmSync(FOLDER, { recursive: true, force: true });
}

export const TARGETS: Readonly<Record<string, FuzzTarget>> = {
  dump: {
    what: "dumps, counts, pprof, panicparse, delve, JSON envelopes: any form of goroutines",
    run: (bytes) => {
      const parsed = parseBytes(bytes, { source: "fuzz" }, new MemoryBudget(64 << 20));
      if (parsed.ok) numbersAreSome(parsed.value);
    },
    seeds: dumps,
  },
  pieces: {
    what: "the same in pieces: what comes out must not depend on where they are cut",
    run: (bytes) => {
      const [step = 1] = bytes;
      const rest = bytes.subarray(1);
      const parser = new AnyParser({ source: "fuzz" }, new MemoryBudget(64 << 20));
      for (let at = 0; at < rest.length; at += 1 + step) parser.push(rest.subarray(at, at + 1 + step));
      const show = (value: unknown): string => JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one));
      assert.equal(show(parser.end()), show(parseBytes(rest, { source: "fuzz" }, new MemoryBudget(64 << 20))));
    },
    seeds: dumps,
  },
  inspect: {
    what: "what inspect says of goroutines: suspects, text, JSON",
    run: (bytes) => {
      const parsed = parseBytes(bytes, { source: "fuzz" }, new MemoryBudget(64 << 20));
      if (!parsed.ok) return;
      const inspections = lookAtAll(parsed.value, options());
      for (const one of inspections) for (const whole of [true, false]) areShown(inspectionText(one, { colour: false, columns: 80, cwd: "/w", all: whole }));
      numbersAreSome(inspectionJson(inspections));
    },
    seeds: dumps,
  },
  census: {
    what: "the file that a test binary of the native mode writes",
    run: (bytes) => {
      const census = said(parseCensus(bytes, "census"));
      if (census) numbersAreSome({ ...census, owners: census.owners });
    },
    seeds: () => ["unpark-native 1\npackage p\ngo go1.26.8\npid 7\nproof true\nover 1 TestA\nrunning 2 TestB/sub\nowned 1 TestA\tp.f:3;p.g:4\nleaked 8\nabandoned 9\nmissed 2\noutlived\ngoroutine 8 [select]:\nmain.f()\n\t/a.go:1 +0x1\n\nstacks\ngoroutine 8 [select] {\"unpark\": \"1 x\"}:\nmain.f()\n\t/a.go:1 +0x1\ncreated by main.g in goroutine 1\n\t/a.go:3 +0x5\n\nend\n"],
  },
  zstd: {
    what: "zstd (RFC 8878) in pieces",
    slow: true,
    run: (bytes) => {
      const reader = new ZstdReader(1 << 20);
      let size = 0;
      for (let at = 0; at < bytes.length; at += 97) {
        const answer = reader.push(new Uint8Array(bytes.subarray(at, at + 97)));
        if (answer.kind !== "unpacked") return;
        for (const piece of answer.pieces) size += piece.length;
      }
      reader.push(null);
      assert.ok(size <= 1 << 20);
    },
    seeds: () => [Buffer.from("28b52ffd0458290000 68656c6c6f d01c2a0e".replaceAll(" ", ""), "hex"), Buffer.from("28b52ffd00580200007801", "hex"), ...readdirSync(new URL("fixtures/counts/", ROOT)).filter((name) => name.endsWith(".zst")).map((name) => fixture(`fixtures/counts/${name}`))],
  },
  gzip: {
    what: "gzip (RFC 1952), members and rubbish behind them",
    run: async (bytes) => {
      await sentence(all(unpack((async function* () { for (let at = 0; at < bytes.length; at += 113) yield await Promise.resolve(bytes.subarray(at, at + 113)); })(), "fuzz", options())));
      await new Promise((turn) => setImmediate(turn)); // zlib gives its memory back when the event loop turns, which it does not between two of the fuzzer's runs
    },
    seeds: () => [gzipSync("goroutine 1 [select]:\nmain.f()\n"), Buffer.concat([gzipSync("a"), gzipSync("b")]), Buffer.concat([gzipSync("a"), Buffer.from("rubbish")])],
  },
  "go-test": {
    what: "what go test prints, as text and with -json",
    run: (bytes) => {
      const output = new TestOutput();
      const [step = 1] = bytes;
      for (let at = 1; at < bytes.length; at += 1 + step) output.push(at % 3 === 0 ? "stderr" : "stdout", bytes.subarray(at, at + 1 + step));
      const results = output.end();
      numbersAreSome(results);
      for (const { path } of results) output.why(path);
      output.why();
    },
    seeds: () => ["\xffok  \tp\t0.1s\nFAIL\tq [build failed]\n?   \tr\t[no test files]\npanic: test timed out after 1s\n\trunning tests:\n\t\tTestA (1s)\nFAIL\tp\t0.1s\n", "\xff{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"ok  \\tp\\t0.1s\\n\"}\n{\"Action\":\"build-output\",\"Output\":\"# p\\nx.go:1: bad\\n\"}\n"],
  },
  settings: {
    what: ".unpark.yaml",
    run: async (bytes) => {
      const config = said(await parseConfig(text(bytes), "/w/.unpark.yaml", settingTables(COMMANDS)));
      if (config) applyIgnores({ examinations: [], failures: [] }, config.ignore, "2027-01-01");
    },
    seeds: () => ["budget: 10s\nignore:\n  - function: a.(*B).*\n    test: TestA\n    reason: known\n    expires: 2027-03-31\nseverity:\n  flaky: off\npackages:\n  - match: ./server/...\n    budget: 1m\n    clock: lazy\nskip:\n  - test: Test*\n    reason: slow\nwatch:\n  interval: 10s\n", "a: &a [*a]\n? {x: 1}\n: |2-\n  x\n<<: *a\n"],
  },
  baseline: {
    what: "a baseline, and patterns of the ignore list",
    run: (bytes) => {
      const report: Report = { examinations: [{ name: "n", package: "p", outcome: "failed", limits: [], findings: [{ verdict: "leaked", cause: "unknown", evidence: [], goroutines: 1, stack: [], blocked: { reason: "select", function: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", file: "/a.go", line: 1 } }], coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 1 } }], failures: [] };
      const known = parseBaseline(text(bytes));
      if (known) applyBaseline(report, known).notes.forEach(isShown);
      applyIgnores(report, [{ function: text(bytes), reason: "x", expires: "2099-01-01", line: 1 }], "2027-01-01");
    },
    seeds: () => ['{"schema":"unpark-baseline/1","findings":[{"verdict":"leaked","cause":"unknown","package":"p","blocked":{"function":"f","file":"a.go"},"stack":["f"]},null]}', "a*b*c.(*D).*"],
  },
  report: {
    what: "a JSON report that is read back, and every form that it is then printed in",
    run: (bytes) => {
      const source = text(bytes);
      const head = said(readReport(source));
      if (head) chooseFinding(source, head.findings.length);
      const report = said(readWholeReport(source));
      if (!report) return;
      forms(report);
      mergeReports([{ name: "a", report }, { name: "b", report }]);
    },
    seeds: () => [reportJson({ origin: { command: "test", packages: ["./..."], args: [], unpark: "0", goVersion: "1.26.8" } as never, examinations: [{ name: "TestA", package: "p", outcome: "failed", output: "x", limits: ["l"], findings: [{ verdict: "leaked", cause: "missing-receiver" as never, evidence: ["e"], goroutines: 1, unreachable: true, package: "p", test: "TestA", schedule: "u1 1*3 1.1", stack: [{ function: "f", file: "/a.go", line: 1 }], blocked: { reason: "chan send", function: "f", file: "/a.go", line: 1 }, createdBy: { function: "g", file: "/a.go", line: 2 }, steps: [{ number: 1, goroutine: "1" as never, text: "starts", function: "f", file: "/a.go", line: 1, key: true }] }], coverage: { schedules: 1, complete: true, bounds: ["b"], depth: 1, milliseconds: 1 } }], failures: [{ package: "q", message: "m" }] })],
  },
  schedule: {
    what: "a printed schedule",
    run: (bytes) => {
      const schedule = said(parseSchedule(text(bytes)));
      if (schedule && schedule.length < 10_000) assert.deepEqual(parseSchedule(formatSchedule(schedule)), { ok: true, value: schedule });
    },
    seeds: () => ["u1 1 1.1*3 (@ 1)*64 1>1.1", "u1e 1?2 1!3 @"],
  },
  targets: {
    what: "Prometheus' lists of targets, as JSON and YAML",
    run: (bytes) => named(said(parseTargetGroups(text(bytes))) ?? []),
    seeds: () => ['[{"targets":["10.0.0.1:6060","http://u:p@h/x?token=1"],"labels":{"job":"cart","__scheme__":"https","__profile_path__":"/p","__address__":"a:1"}}]', "- targets: [a:1]\n  labels: {job: b}\n"],
  },
  "kubernetes-answer": {
    what: "what an API of Kubernetes answers: objects, lists, streams of changes",
    run: async (bytes) => answered(bytes, async (port) => {
      writeFileSync(join(FOLDER, "kubeconfig"), JSON.stringify({ "current-context": "c", clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }], users: [{ name: "u", user: { token: "CANARY-TOKEN" } }], contexts: [{ name: "c", context: { cluster: "c", user: "u", namespace: "shop" } }] }));
      for (const address of ["k8s://shop/pod/cart-0?port=6060", "k8s://shop/cart"]) {
        const discovery = parseDiscovery(address, { ...options(), refreshMs: 1 });
        assert.ok(discovery.ok);
        named(said(await discovery.value.once(never)) ?? []);
      }
      const stop = new AbortController();
      const discovery = parseDiscovery("k8s://shop?port=6060", { ...options(), refreshMs: 1 });
      assert.ok(discovery.ok);
      let told = 0;
      const late = setTimeout(() => stop.abort(), 50);
      await discovery.value.follow(stop.signal, (found) => {
        named(said(found) ?? []);
        if (++told > 2) stop.abort();
      });
      clearTimeout(late);
    }),
    seeds: () => [
      http("200 OK", JSON.stringify({ items: [{ metadata: { name: "cart-0", uid: "u", labels: { app: "cart" } }, spec: { nodeName: "n", containers: [{ ports: [{ name: "pprof", containerPort: 6060 }] }] }, status: { phase: "Running", podIP: "10.0.0.1" } }, null], metadata: { resourceVersion: "1" }, spec: { selector: { matchLabels: { a: "b" }, matchExpressions: [{ key: "k", operator: "In", values: ["v"] }] } } })),
      http("200 OK", "null"), http("410 Gone", ""), http("200 OK", '{"type":"ADDED","object":null}\n'),
    ],
  },
  kubeconfig: {
    what: "a kubeconfig",
    run: async (bytes) => {
      writeFileSync(join(FOLDER, "kubeconfig"), bytes);
      const { findCluster } = await import("../../src/discover/kubernetes/kubeconfig.js");
      const cluster = said(findCluster({ env: { KUBECONFIG: join(FOLDER, "kubeconfig") }, timeoutMs: 1 }));
      // A plug-in would be started; no other credential is more than data.
      if (cluster && !text(bytes).includes("exec")) said(await cluster.access());
    },
    seeds: () => ["current-context: c\nclusters:\n- name: c\n  cluster: {server: 'https://h:1', certificate-authority-data: eA==}\ncontexts:\n- name: c\n  context: {cluster: c, user: u, namespace: n}\nusers:\n- name: u\n  user: {token: t}\n"],
  },
  "http-answer": {
    what: "what a server answers that is asked for a profile",
    run: async (bytes) => answered(bytes, (port) => sentence(all(collect({ kind: "url", url: `http://127.0.0.1:${port}/`, exact: false } as never, options()).chunks))),
    seeds: () => [http("200 OK", "goroutine 1 [select]:\nmain.f()\n\t/a.go:1 +0x1\n"), http("302 Found", "", "Location: http://127.0.0.1:1/\r\n"), http("401 Unauthorized", "CANARY-PASSWORD\u001b]0;x\u0007"), http("200 OK", gzipSync("x"), "Content-Encoding: gzip\r\n"), Buffer.from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")],
  },
  "gops-answer": {
    what: "what a gops agent answers",
    run: async (bytes) => answered(bytes, (port) => sentence(all(collect({ kind: "gops", host: "127.0.0.1", port } as never, options()).chunks))),
    seeds: () => ["goroutine 1 [select]:\nmain.f()\n\t/a.go:1 +0x1\n", gzipSync("x")],
  },
  source: {
    what: "the name of a source, of a discovery, a size, a duration: what is secret in it must not come back",
    run: (bytes) => {
      const words = text(bytes);
      const source = said(parseSource(words));
      if (source) isShown(sourceName(source));
      isShown(publicName(words));
      publicWords(words.split(" ")).forEach(isShown);
      said(parseDuration(words));
      said(readMemory(words));
      said(parsePattern(words));
      if (!words.startsWith("k8s:")) said(parseDiscovery(words, options()));
      const host = words.replace(/[^a-z0-9.-]/g, "").slice(0, 30) || "h";
      for (const address of [`http://alice:CANARY-PASSWORD@${host}/`, `https://${host}/p?x=${words.replace(/[^!-~]/g, "").slice(0, 20)}&token=CANARY-TOKEN`]) assert.ok(!publicName(address).includes("CANARY"), address);
    },
    seeds: () => ["http://alice:pw@host:6060/debug/pprof/?token=x#y", "unix:/run/a.sock:/p?x=1", "gops:[::1]:80", "pid:7", "dns://1.1.1.1/_pprof._tcp.x", "512MiB", "1h2m3s", "/a.*b/", "*.Serve"],
  },
  "debug-request": {
    what: "a request target that debugHandler gets",
    run: (bytes) => {
      const answer = answerEndpoint(bytes.toString("latin1"));
      if (answer !== undefined) assert.ok(answer.status >= 200 && answer.status < 500, String(answer.body));
    },
    seeds: () => ["/debug/pprof/goroutine?debug=2", "//", "http://x:99999999/debug/pprof/", "*", "/debug/pprof/goroutine?debug=0&debug=1#x"],
  },
  "page-request": {
    what: "a request to the services page's server, with and without a token",
    run: async (bytes) => {
      for (const one of [await (server ??= pageServer()), await (guarded ??= pageServer("CANARY-TOKEN"))]) {
        const { port } = new URL(one.url);
        const heard = await say(Number(port), bytes);
        assert.ok(heard === "" || /^HTTP\/1\.1 [2345]\d\d /.test(heard), heard.slice(0, 200));
        assert.ok(bytes.includes("CANARY") || !heard.includes("CANARY"), "the token went out");
        assert.ok(!/^HTTP\/1\.1 200[\s\S]*\r\naccess-control-allow-origin/i.test(heard));
      }
    },
    seeds: () => ["GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "GET /api/fails?x=1 HTTP/1.0\r\nHost: localhost\r\n\r\n", "GET /?token=x HTTP/1.1\r\nHost: h\r\nCookie: unpark-token=x\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n", "HEAD // HTTP/1.1\r\nHost: x\r\nOrigin: http://e\r\nSec-Fetch-Site: cross-site\r\nConnection: close\r\n\r\n"],
  },
  builds: {
    what: "the file of verify --leaks --builds",
    run: (bytes) => {
      writeFileSync(join(FOLDER, "builds"), bytes);
      said(Builds.read(join(FOLDER, "builds"), "b2"))?.since("x");
    },
    seeds: () => ['{"version":1,"build":"b1","at":"2026-01-01T00:00:00.000Z","targets":[{"target":"t","state":"leaking","leaks":[{"group":"x","goroutines":3}]}]}\n'],
  },
  accepted: {
    what: "the list of accepted leaks",
    run: (bytes) => void said(parseAccepted(text(bytes))),
    seeds: () => ["main.f  # known\n/a+b/ # c\n# comment\n"],
  },
  "last-report": {
    what: "the last report that editors read",
    run: (bytes) => {
      const env = { UNPARK_CACHE: FOLDER };
      mkdirSync(reportsFolder(env), { recursive: true });
      writeFileSync(join(reportsFolder(env), "x.json"), bytes);
      for (const { report, lines, accepted } of lastReports(FOLDER, env)) {
        forms(report);
        assert.equal(typeof lines, "object");
        assert.ok(lines !== null && accepted.every((one) => typeof one === "string"));
      }
    },
    seeds: () => [JSON.stringify({ format: "unpark-last-report/1", id: `test ${FOLDER}`, root: FOLDER, accepted: ["/a.go:1"], lines: { "/a.go": { 1: "x" } }, report: JSON.parse(TARGETS["report"]!.seeds()[0]!.toString()) as unknown })],
  },
  "kept-result": {
    what: "a result in the cache, with a right checksum",
    run: (bytes) => {
      const cache = new ResultCache(FOLDER, "fuzz");
      cache.keep(SPEC, "TestA", SETTINGS, { examination: { name: "TestA", package: "p", outcome: "ok", limits: [], findings: [], coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 1 } }, budget: 1, rounds: 1 });
      const [name = ""] = readdirSync(join(FOLDER, "results")).filter((one) => one.endsWith(".json"));
      writeFileSync(join(FOLDER, "results", name), `${contentHash(bytes)}\n${text(bytes)}`);
      const kept = cache.find(SPEC, "TestA", SETTINGS);
      if (kept) forms({ examinations: [withKept(kept, kept.examination, 1).examination], failures: [] });
    },
    seeds: () => [JSON.stringify({ examination: (JSON.parse(TARGETS["report"]!.seeds()[0]!.toString()) as { programs: object[] }).programs.map((one) => ({ ...one, coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 1 } }))[0], budget: 1, rounds: 1 })],
  },
  "go-words": {
    what: "GOFLAGS, a version of Go, the words after go test",
    run: (bytes) => {
      const words = text(bytes);
      splitGoFlags(words);
      parseGoVersion(words);
      readTestArgs(words.split(" "), "/w");
      wordsForBuild(words.split(" "), "/w");
    },
    seeds: () => ["-mod=mod '-ldflags=-s -w' -tags=a,b", "go1.27rc1", "-C d -overlay o.json -run '^TestA$' -args -x"],
  },
  "go-source": {
    what: "source files of strangers: tests, functions, cases of a select, comments",
    run: (bytes) => {
      const source = text(bytes);
      for (const { name } of testsIn(source, "/a_test.go")) findFunctions(source, name);
      packageClauseEnd(source);
      importsPlainly(source, "time");
      const lines = source.split("\n");
      for (let line = 1; line <= Math.min(lines.length, 20); line++) selectCases(lines, line);
      applyComments({ examinations: [{ name: "n", package: "p", outcome: "failed", limits: [], findings: [{ verdict: "leaked", cause: "unknown", evidence: [], goroutines: 1, stack: [], blocked: { reason: "", function: "f", file: "/a.go", line: 1 }, createdBy: { function: "g", file: "/a.go", line: 2 } }], coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 1 } }], failures: [] }, () => lines);
    },
    seeds: () => ["package a\n\nimport (\n\t\"testing\"\n\t\"time\"\n)\n\nfunc TestA(t *testing.T) {\n\tgo f() //unpark:ignore reason\n\tselect {\n\tcase <-c:\n\tcase x := <-d:\n\tdefault:\n\t}\n}\n\nfunc ExampleA() {\n\t// Output: x\n}\n"],
  },
  lsp: {
    what: "what an editor sends to the language server",
    run: async (bytes) => {
      const [stdin, stdout] = [new PassThrough(), new PassThrough()];
      stdout.resume();
      const stop = new AbortController();
      const served = serveLsp({ stdin, stdout, version: "0", cwd: FOLDER, run: () => Promise.resolve({ exit: 0, stdout: "", stderr: "" }), reports: () => [], watch: () => ({ close: () => undefined }), signal: stop.signal });
      stdin.end(bytes);
      await new Promise((done) => setTimeout(done, 2));
      stop.abort();
      await served;
    },
    seeds: () => ['{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"rootUri":"file:///w","capabilities":{}}}', '{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///w/a.go","languageId":"go","version":1,"text":"package a"}}}', '{"jsonrpc":"2.0","id":2,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///w/a.go"},"position":{"line":0,"character":0}}}', '{"jsonrpc":"2.0","id":3,"method":"workspace/executeCommand","params":{"command":"unpark.explore","arguments":[null]}}'].map((one) => `Content-Length: ${one.length}\r\n\r\n${one}`),
  },
};
