import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

/** A word that is secret goes in by every way in which one can be given, and must come out by none: terminal, files, store, title. */
const CANARY = "hunter2canary";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
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

function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, "bin/unpark.js"), ...argv], { cwd: folder, env: { ...process.env, XDG_STATE_HOME: folder, ...env }, stdio: ["ignore", "pipe", "pipe"] });
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
  const calls = sources().flatMap((source, i) => commands(source).map((command) => [...command, ...(command[0] === "ps" || command.length < 2 || command[0] === "replay" ? [] : given[i % given.length]!)]));
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
