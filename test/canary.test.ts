import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BIN } from "../src/cli/testing/bin.js";

/** A word that is secret goes in by every way in which one can be given, and must come out by none: terminal, files, store, title. */
const CANARY = "hunter2canary";
const folder = mkdtempSync(join(tmpdir(), "unpark-canary-"));
let host = "";
// It repeats what it is told where it refuses, and hides it in what a terminal would obey.
const server = createServer((request, response) => {
  if (request.url!.includes("refuse")) response.writeHead(403).end(`no ${request.url} ${String(request.headers.authorization)} ${String(request.headers["x-token"])} ${CANARY}`);
  else if (request.url!.includes("away")) response.writeHead(302, { location: `http://evil:${CANARY}@elsewhere/?t=${CANARY}` }).end();
  else response.end("goroutine 1 [select]:\nmain.f()\n\t/a.go:1 +0x1\n\n");
});
before(async () => {
  server.listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}, { cwd = folder, input = "" } = {}): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BIN, ...argv], { cwd, env: { ...process.env, XDG_STATE_HOME: folder, ...env }, stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.on("error", () => undefined).end(input);
    let said = "";
    let title = "";
    const look = setInterval(() => {
      try {
        const words = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
        if (said !== "" || /^unpark /.test(words)) title = words; // once it has begun its work
      } catch {
        // There is no /proc, or it has ended.
      }
    }, 5);
    child.stdout.on("data", (data: Buffer) => void (said += String(data)));
    child.stderr.on("data", (data: Buffer) => void (said += String(data)));
    child.on("close", () => {
      clearInterval(look);
      resolve(`${said}\n${title.includes(CANARY) ? `title: ${title}` : ""}`);
    });
  });
}

const sources = (): readonly string[] => [
  `http://alice:${CANARY}@${host}/d`, `http://${host}/d?token=${CANARY}`, `http://${host}/d?${CANARY}`, `http://${host}/refuse?sig=${CANARY}`, `http://alice:${CANARY}@${host}/refuse`, `http://${host}/away?a=${CANARY}`,
  `http://alice:${CANARY}@127.0.0.1:1/d`, `http://alice:${CANARY}@[bad/`, `alice:${CANARY}@${host}/d`, `${host}/d?k=${CANARY}`, `ftp://alice:${CANARY}@host/x`, `unix:/none.sock:/x?k=${CANARY}`, `gops:alice:${CANARY}@host:1`,
];
const given = [["--user", `alice:${CANARY}`], ["--header", `X-Token: ${CANARY}`], ["--header", `${CANARY} without a colon`], []] as const;

test("every command that takes a source, by every way to give a secret, in every form", async () => {
  const commands = (source: string): readonly (readonly string[])[] => [
    ["inspect", source], ["inspect", "--json", "--all", source], ["inspect", "--web=i.html", "--save", "i.pb.gz", source],
    ["diff", source, source], ["diff", "--json", source, source], ["diff", source],
    ["verify", source, "--max", "0", "--junit", "v.xml", "--sarif", "v.sarif"], ["verify", "--json", source, "--baseline", source],
    ["watch", "--interval", "10ms", "--until", "40ms", source], ["watch", "--json", "--interval", "10ms", "--until", "40ms", "--store", "w.db", source], ["watch", "--history", source], ["watch", "--history"],
    ["ps", source], [source], ["replay", source],
  ];
  // What is read from a source and what is written by a command are apart: each source is given to a third of the commands, each command a
  // third of the sources, and the first two to all. UNPARK_EFFORT=3: all to all.
  const isAsked = (i: number, j: number): boolean => i < 2 || (i + j) % 3 === 0 || Number(process.env["UNPARK_EFFORT"] ?? 1) >= 3;
  const calls = sources().flatMap((source, i) => commands(source).filter((_, j) => isAsked(i, j)).map((command) => [...command, ...(command[0] === "ps" || command.length < 2 || command[0] === "replay" ? [] : given[i % given.length]!)]));
  const leaks: string[] = [];
  for (let at = 0; at < calls.length; at += 4) {
    const said = await Promise.all(calls.slice(at, at + 4).map((argv) => run(argv)));
    said.forEach((text, i) => {
      if (text.includes(CANARY)) leaks.push(`${calls[at + i]!.join(" ")}\n${text}`);
    });
  }
  assert.deepEqual(leaks, []);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  assert.ok(files.some((path) => path.endsWith("v.xml")) && files.some((path) => path.endsWith(".db")) && files.some((path) => path.endsWith("i.html")), files.join(" "));
  assert.deepEqual(files.filter((path) => readFileSync(path).includes(CANARY)), []);
  for (const path of files.filter((one) => /\.db(-wal|-shm)?$/.test(one))) assert.equal(statSync(path).mode & 0o077, 0, path);
});

test("a program that is started for its dump: its name does not tell its arguments' secrets", async () => {
  writeFileSync(join(folder, "quits.sh"), "#!/bin/sh\ntrap 'printf \"goroutine 1 [select]:\\nmain.f()\\n\\t/a.go:1 +0x1\\n\\n\" >&2; exit 2' QUIT\nwhile :; do sleep 0.01; done\n", { mode: 0o755 });
  for (const argv of [["--password", CANARY], [`--token=${CANARY}`], [`http://alice:${CANARY}@h/`]]) {
    for (const json of [[], ["--json"]]) {
      const said = await run(["inspect", ...json, "--after", "100ms", "--", "./quits.sh", ...argv]);
      assert.ok(!said.includes(CANARY), said);
      assert.match(said, /main\.f/);
    }
  }
});

test("serve: the page, its news and its JSON hold no secret of a source, of the browser's token or of the command line", async () => {
  const argv = ["serve", "--listen", "127.0.0.1:0", "--interval", "50ms", "--store", "serve.db", "--header", `X-Token: ${CANARY}`, `http://alice:${CANARY}@${host}/d?token=${CANARY}`, `http://${host}/refuse?sig=${CANARY}`];
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: folder, env: { ...process.env, UNPARK_WEBHOOK: `http://${host}/${CANARY}`, UNPARK_WEBHOOK_TOKEN: CANARY }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => void (said += String(data)));
  const address = /http:\/\/127\.0\.0\.1:\d+\//;
  while (!address.test(said)) await new Promise((done) => setTimeout(done, 20));
  const page = address.exec(said)![0];
  const texts: string[] = [await (await fetch(page)).text()];
  const events = await fetch(`${page}events`);
  const reader = events.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  let news = "";
  while (news.split("\n\n").length < 3) news += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  for (const path of ["metrics", "api/target?target=x", "api/locks", "nothing"]) texts.push(await (await fetch(`${page}${path}`)).text());
  child.kill("SIGINT");
  await new Promise((done) => child.on("close", done));
  for (const text of [news, said, ...texts]) assert.ok(!text.includes(CANARY), text.slice(0, 3000));
  assert.ok(!readFileSync(join(folder, "serve.db")).includes(CANARY));
});

test("what is in the environment or in the settings, and what agents and editors send, comes back from no other command", async () => {
  const project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "go.mod"), "module m\n\ngo 1.24\n\nrequire example.com/none v1.0.0\n");
  writeFileSync(join(project, "m_test.go"), 'package m\n\nimport (\n\t"testing"\n\n\t_ "example.com/none"\n)\n\nfunc TestA(t *testing.T) {}\n');
  const env = { GOPROXY: `http://alice:${CANARY}@127.0.0.1:1`, GONOSUMDB: "*", GOFLAGS: "-mod=mod", UNPARK_TOKEN: CANARY, UNPARK_WEBHOOK: `http://alice:${CANARY}@127.0.0.1:1/${CANARY}`, UNPARK_WEBHOOK_TOKEN: CANARY, GITHUB_TOKEN: CANARY };
  const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "inspect_dump", arguments: { source: `http://alice:${CANARY}@${host}/refuse?sig=${CANARY}` } } };
  const hello = { jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } } };
  const opened = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: { processId: null, rootUri: `http://alice:${CANARY}@h/`, capabilities: {} } });
  const rows: readonly (readonly [argv: readonly string[], input: string])[] = [
    ...[["test", "--no-native", "."], ["test", "--native", "."], ["fix", "."], ["run", "."], ["env"], ["env", "--json"], ["config"], ["config", "watch"], ["config", "--json"], ["doctor"], ["migrate", "goleak"], ["merge", "none.json"], ["completion", "bash"]].map((argv) => [argv, ""] as const),
    [["mcp"], [hello, { jsonrpc: "2.0", method: "notifications/initialized" }, call].map((one) => `${JSON.stringify(one)}\n`).join("")],
    [["lsp"], `Content-Length: ${opened.length}\r\n\r\n${opened}`],
  ];
  const settings = ["user: alice:", "header: ", "webhook: http://alice:", "targets: http://u:"].map((line) => `watch:\n  ${line}${CANARY}\n`);
  const leaks: string[] = [];
  const look = async (argv: readonly string[], input: string): Promise<void> => {
    const said = await run(argv, env, { cwd: project, input });
    if (said.includes(CANARY)) leaks.push(`${argv.join(" ")}\n${said}`);
  };
  for (const [argv, input] of rows) await look(argv, input);
  for (const text of settings) {
    writeFileSync(join(project, ".unpark.yaml"), text);
    for (const argv of [["config", "watch"], ["watch", "--until", "10ms", "--interval", "10ms", `http://${host}/d`]]) await look(argv, "");
  }
  assert.deepEqual(leaks, []);
});
