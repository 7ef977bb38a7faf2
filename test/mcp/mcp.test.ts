// `unpark mcp` under the SDK's own client, over stdio, on a project with a leak, and by hand: what stdout carries.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const DUMP = fileURLToPath(new URL("../../../fixtures/", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "unpark-mcp-test-"));
after(() => rmSync(root, { recursive: true, force: true }));

const goTest = (name: string, body: string): string => `package ${name}\n\nimport "testing"\n\nfunc TestX(t *testing.T) {\n${body}\n}\n`;
const FILES: Readonly<Record<string, string>> = {
  "go.mod": "module example.com/shop\n\ngo 1.24\n",
  "leak/x_test.go": goTest("leak", '\tprintln("to stderr")\n\tos.Stdout.WriteString("to stdout\\n")\n\tc := make(chan int)\n\tgo func() { c <- 1 }()').replace('import "testing"', 'import (\n\t"os"\n\t"testing"\n)'),
  "clean/x_test.go": goTest("clean", "\tc := make(chan int, 1)\n\tgo func() { c <- 1 }()\n\t<-c"),
  // Seven goroutines of four steps each on one channel: more schedules than a minute can try.
  "many/x_test.go": goTest("many", "\tc := make(chan int, 28)\n\tfor range 7 {\n\t\tgo func() {\n\t\t\tfor i := range 4 {\n\t\t\t\tc <- i\n\t\t\t}\n\t\t}()\n\t}\n\tfor range 28 {\n\t\t<-c\n\t}"),
  "broken/x_test.go": goTest("broken", "\tnothing()"),
};
const env = { ...process.env, UNPARK_CACHE: join(root, "cache"), GOFLAGS: "" } as Record<string, string>;

interface Answer {
  readonly isError?: boolean;
  readonly content: readonly { readonly type: string; readonly text: string }[];
}

describe("unpark mcp, by the SDK's own client", () => {
  const client = new Client({ name: "test", version: "1" });
  before(async () => {
    for (const [file, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [BIN, "mcp"], cwd: root, env }));
  });
  after(() => client.close());

  const call = async (name: string, args: Record<string, unknown>): Promise<Answer> => (await client.callTool({ name, arguments: args }, undefined, { timeout: 300_000 })) as unknown as Answer;
  const value = async (name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { isError, content } = await call(name, args);
    assert.notEqual(isError, true, content[0]!.text);
    return JSON.parse(content[0]!.text) as Record<string, unknown>;
  };
  const refused = async (name: string, args: Record<string, unknown>): Promise<string> => {
    const { isError, content } = await call(name, args);
    assert.equal(isError, true, content[0]!.text);
    return content[0]!.text;
  };

  it("lists four tools, each argument with its description", async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name, annotations }) => `${name} ${String(annotations?.readOnlyHint)}`), ["explore_test false", "explain_finding true", "replay_schedule false", "inspect_dump true"]);
    for (const { inputSchema } of tools) for (const schema of Object.values(inputSchema.properties ?? {})) assert.ok((schema as { description?: string }).description);
  });

  it("explores, explains and replays a leak; the report is the one that --json prints", async () => {
    const explored = await value("explore_test", { package: "./leak", run: "TestX", budget: "2s" });
    const [finding, ...others] = explored["findings"] as readonly Record<string, unknown>[];
    assert.deepEqual(others, []);
    assert.deepEqual({ ...finding, at: undefined }, { number: 1, verdict: "leaked", cause: "send-without-receiver", package: "example.com/shop/leak", test: "TestX", goroutines: 1, at: undefined, reason: "chan send" });
    assert.match(String(finding!["at"]), /leak\/x_test\.go:12$/);
    assert.equal(explored["exit"], 1);
    const { stdout } = spawnSync(process.execPath, [BIN, "test", "--json", "--total=2m", "--budget=2s", "-run=TestX", "./leak"], { cwd: root, env, encoding: "utf8" });
    const timeless = (report: unknown): unknown => JSON.parse(JSON.stringify(report).replace(/"milliseconds":[\d.]+|"cached":true,/g, '"milliseconds":0').replace(/"milliseconds":0"/g, '"'));
    assert.deepEqual(timeless(explored["report"]), timeless(JSON.parse(stdout)));

    const explained = await value("explain_finding", { finding: 1 });
    assert.deepEqual(explained["verdict"], { code: "leaked", meaning: "blocked for ever, and nothing can ever wake it" });
    assert.match(String(explained["text"]), /leaked: 1 goroutine, proved[^]*chan send[^]*fix {2}/);
    assert.match(String(explained["replay"]), /^unpark replay 'u1 .*--test=TestX example\.com\/shop\/leak$/);
    const reported = (explored["report"] as { programs: readonly { findings: readonly unknown[] }[] }).programs.flatMap(({ findings }) => findings);
    assert.deepEqual(explained["finding"], reported[0]);

    for (const args of [{ finding: 1 }, { schedule: (explained["finding"] as { schedule: string }).schedule, package: "./leak", test: "TestX" }]) {
      const replayed = await value("replay_schedule", args);
      const findings = (replayed["report"] as { programs: readonly { findings: readonly { verdict: string; steps: readonly { text: string }[] }[] }[] }).programs.flatMap((one) => one.findings);
      assert.deepEqual(findings.map(({ verdict }) => verdict), ["leaked"]);
      assert.match(findings[0]!.steps.map(({ text }) => text).join("\n"), /starts goroutine[^]*is blocked for ever/);
    }
  });

  it("says of a clean test that it was explored completely, and of one that does not build why", async () => {
    const clean = await value("explore_test", { package: "./clean" });
    assert.deepEqual([clean["exit"], clean["findings"]], [0, []]);
    assert.deepEqual((clean["report"] as { programs: readonly { complete: boolean; native?: boolean }[] }).programs.filter((one) => !one.native).map(({ complete }) => complete), [true]);
    const broken = await value("explore_test", { package: "./broken" });
    assert.equal(broken["exit"], 2);
    assert.match(String(broken["couldNotBeDone"]), /undefined: nothing/);
    assert.match(await refused("explain_finding", { finding: 1 }), /^this exploration found nothing$/);
    assert.match(await refused("explain_finding", { finding: 2, exploration: 1 }), /^there is no finding 2; there are 1 to 1$/);
    assert.match(await refused("explore_test", { package: "--html=/tmp/x" }), /^'package' must match/);
    assert.match(await refused("replay_schedule", { schedule: "u1 1" }), /give its package/);
  });

  it("a call that is cancelled ends, so that the next is answered", async () => {
    const abort = new AbortController();
    let heard = 0;
    const called = client.callTool({ name: "explore_test", arguments: { package: "./many", budget: "20m", total: "20m" } }, undefined, {
      signal: abort.signal, timeout: 300_000, onprogress: () => (heard++, abort.abort(new Error("enough"))),
    });
    await assert.rejects(called, /enough/);
    assert.ok(heard > 0);
    assert.match(await refused("explain_finding", { finding: 9, exploration: 1 }), /^there is no finding 9/);
  });

  it("inspects a service on loopback and a file, and no other address", async () => {
    const dump = readFileSync(join(DUMP, "dumps/go1.26.8/leaks.debug2.txt"), "utf8");
    const service = createServer((request, response) => (request.url === "/away/debug/pprof/goroutine?debug=2" ? response.writeHead(302, { location: "http://example.com/" }).end() : response.end(dump)));
    await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
    const { port } = service.address() as AddressInfo;
    const groups = (answer: Record<string, unknown>): number => (answer["inspection"] as { snapshots: readonly { groups: readonly unknown[] }[] }).snapshots[0]!.groups.length;
    const live = groups(await value("inspect_dump", { source: `http://localhost:${port}` }));
    assert.ok(live > 3);
    writeFileSync(join(root, "dump.txt"), dump);
    assert.equal(groups(await value("inspect_dump", { source: "dump.txt" })), live);
    assert.match(await refused("inspect_dump", { source: `http://127.0.0.1:${port}/away/` }), /redirects to http:\/\/example\.com\/, which is not followed/);
    assert.match(await refused("inspect_dump", { source: "http://169.254.169.254/" }), /refused: only loopback addresses .* and files are read here/);
    assert.match(await refused("inspect_dump", { source: "nothing.txt" }), /nothing\.txt/);
    service.close();
  });
});

it("stdout carries the protocol only, whatever the tests print, and the command ends with its stdin", async () => {
  const child = spawn(process.execPath, [BIN, "mcp"], { cwd: root, env, stdio: ["pipe", "pipe", "inherit"] });
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const messages: { readonly jsonrpc: string; readonly id?: number }[] = [];
  send({ id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "hand", version: "1" } } });
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line) as { jsonrpc: string; id?: number };
    messages.push(message);
    if (message.id === 1) {
      send({ method: "notifications/initialized" });
      send({ id: 2, method: "tools/call", params: { name: "explore_test", arguments: { package: "./leak", budget: "1s" } } });
    }
    if (message.id === 2) child.stdin.end();
  }
  assert.deepEqual(messages.map(({ jsonrpc, id }) => [jsonrpc, id]), [["2.0", 1], ["2.0", 2]]);
  assert.match(JSON.stringify(messages[1]), /to stdout/); // it was printed, and is in the report
});

it("without the SDK it says how to get it", () => {
  const hook = `import { register } from "node:module"; register("data:text/javascript," + encodeURIComponent('export const resolve = (name, context, next) => name.startsWith("@modelcontextprotocol/") ? Promise.reject(Object.assign(new Error("not found"), { code: "ERR_MODULE_NOT_FOUND" })) : next(name, context);'));`;
  const { status, stderr, stdout } = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(hook)}`, BIN, "mcp"], { cwd: root, env, encoding: "utf8", input: "" });
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(stderr, /^unpark: the MCP SDK is not installed: npm install @modelcontextprotocol\/sdk@\d+\.\d+\.\d+, beside unpark/);
});
