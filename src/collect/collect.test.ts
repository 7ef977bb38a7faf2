import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync, chmodSync } from "node:fs";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";
import { fetched, listen, scratch, selfSigned } from "./testing/collect-fixtures.js";

const made = scratch();
const { folder } = made;
let tls: { cert: string; key: string };
before(() => void (tls = selfSigned(folder)));
after(() => made.remove());

/** A server for one test. */
async function serving<T>(handler: RequestListener, use: (base: string) => Promise<T>): Promise<T> {
  const server = createServer(handler);
  const port = await listen(server);
  try {
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a base finds /debug/pprof/goroutine with the debug level; any other path is taken as it is", async () => {
  await serving(
    (request, response) => void response.end(request.url),
    async (base) => {
      assert.equal(await fetched(base), "/debug/pprof/goroutine?debug=2");
      assert.equal(await fetched(`${base}/app/`, { debug: 0 }), "/app/debug/pprof/goroutine?debug=0");
      assert.equal(await fetched(`${base}/debug/pprof`, { debug: 1 }), "/debug/pprof/goroutine?debug=1");
      assert.equal(await fetched(`${base}/debug/pprof/`, { profile: "goroutineleak" }), "/debug/pprof/goroutineleak?debug=2");
      assert.equal(await fetched(`${base}/stack?x=1`), "/stack?x=1");
      assert.equal(await fetched(base.replace("http://", "")), "/debug/pprof/goroutine?debug=2");
    },
  );
});

test("headers, basic authentication from flag and URL, redirects on the same host only", async () => {
  await serving(
    (request, response) => {
      if (request.url === "/r/x") return void response.writeHead(302, { location: "/here" }).end();
      if (request.url === "/away") return void response.writeHead(302, { location: "http://example.com/" }).end();
      response.end(`${request.headers.authorization} ${String(request.headers["x-team"])}`);
    },
    async (base) => {
      const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
      assert.equal(await fetched(`${base}/r/x`, { user: "a:b", headers: [["x-team", "blue"]] }), `${basic("a:b")} blue`);
      assert.equal(await fetched(`${base.replace("//", "//u:p%21@")}/x`), `${basic("u:p!")} undefined`);
      assert.match(await fetched(`${base}/away`), /^error: .*redirects to http:\/\/example\.com\/, which is not followed/);
    },
  );
});

test("gzip and zstd are unpacked by what they are, whatever the name says", async () => {
  const text = "goroutine 1 [running]:\n".repeat(1000);
  writeFileSync(join(folder, "a.txt"), gzipSync(text));
  assert.equal(await fetched(join(folder, "a.txt")), text);
  writeFileSync(join(folder, "plain"), text);
  const zstd = execFileSyncOrSkip("zstd", ["-q", "-f", join(folder, "plain"), "-o", join(folder, "b.txt")]);
  if (zstd) assert.equal(await fetched(join(folder, "b.txt")), text);
  await serving((_, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text)), async (base) => assert.equal(await fetched(`${base}/x`), text));
  // A small zstd frame made once (`printf hello | zstd`), for machines without the command.
  assert.equal(await fetched("-", { stdin: once(Buffer.from("28b52ffd0458290000" + "68656c6c6f" + "a36d9f88", "hex")) }), "hello");
});

test("unix sockets, with a path behind", async () => {
  const server = createServer((request, response) => void response.end(request.url));
  const socket = join(folder, "s.sock");
  await listen(server, { path: socket });
  assert.equal(await fetched(`unix:${socket}`), "/debug/pprof/goroutine?debug=2");
  assert.equal(await fetched(`unix:${socket}:/stack`), "/stack");
  server.close();
  assert.match(await fetched(`unix:${join(folder, "none.sock")}`), /there is no such socket/);
});

test("TLS: unknown authority, --ca, --insecure, a client certificate, plain text on the port", async () => {
  const server = createHttpsServer({ ...tls }, (_, response) => void response.end("in"));
  const port = await listen(server);
  const url = `https://127.0.0.1:${port}/x`;
  assert.match(await fetched(url), /^error: .*TLS failed \(.*self-signed certificate.*\); --ca FILE gives its authority/i);
  assert.equal(await fetched(url, { tls: { ca: tls.cert } }), "in");
  assert.equal(await fetched(url, { tls: { insecure: true } }), "in");
  server.close();

  // Its certificate is made for servers, so this one looks at it itself rather than have OpenSSL refuse its purpose.
  const strict = createHttpsServer({ ...tls, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const shown = (request.socket as TLSSocket).getPeerCertificate().raw as Buffer | undefined;
    response.writeHead(shown ? 200 : 403).end("known");
  });
  try {
    const strictUrl = `https://127.0.0.1:${await listen(strict)}/x`;
    assert.equal(await fetched(strictUrl, { tls: { ca: tls.cert, ...tls } }), "known");
    assert.match(await fetched(strictUrl, { tls: { ca: tls.cert } }), /answered 403 \(known\); --user NAME:PASSWORD, --header or --cert/);
  } finally {
    strict.close();
  }
  await serving((_, response) => void response.end("x"), async (base) => {
    assert.match(await fetched(base.replace("http:", "https:")), /TLS failed: the server does not speak TLS there/);
  });
});

test("bad answers: one clear sentence each", async () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20)); // 64 MiB of zeros in 64 KiB
  const table: readonly (readonly [string, RequestListener, RegExp])[] = [
    ["404", (_, r) => void r.writeHead(404).end("404 page not found\n"), /the server answered 404 \(404 page not found\) for \/debug\/pprof\/goroutine; is net\/http\/pprof imported/],
    ["401", (_, r) => void r.writeHead(401).end(), /answered 401; --user NAME:PASSWORD, --header or --cert/],
    ["500 with a page", (_, r) => void r.writeHead(500).end("<html>oops"), /the server answered 500$/],
    ["endless", (_, r) => void endless(r), /more than 1 MiB long, given up; --max-size raises the limit/],
    ["bomb", (_, r) => void r.end(bomb), /more than 1 MiB unpacked, given up/],
    ["damaged gzip", (_, r) => void r.end(gzipSync("x".repeat(1000)).subarray(0, 20)), /its gzip data is damaged \(unexpected end of file\)/],
    ["closed early", (_, r) => { r.writeHead(200, { "content-length": 100 }); r.write("abc"); setTimeout(() => r.destroy(), 20); }, /closed the connection before the answer was complete/],
  ];
  for (const [name, handler, error] of table) {
    await serving(handler, async (base) => assert.match(await fetched(`${base}/`), error, name));
  }
});

test("silence, a closed port, no HTTP at all, an interruption", async () => {
  await serving(() => undefined, async (base) => {
    assert.match(await fetched(base, { timeoutMs: 50 }), /no complete answer within 0\.05 s; --timeout allows more/);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    assert.match(await fetched(base, { signal: stop.signal }), /interrupted/);
  });
  assert.match(await fetched("http://127.0.0.1:1"), /nothing listens there \(connection refused\)/);
  const other = createTcpServer((socket) => void socket.end("SSH-2.0-OpenSSH\r\n"));
  assert.match(await fetched(`127.0.0.1:${await listen(other)}`), /the answer is not HTTP/);
  other.close();
});

test("files and processes that are not there, or not ours to read", async () => {
  assert.equal(await fetched("nope.txt"), "error: nope.txt: there is no such file");
  assert.equal(await fetched(folder), `error: ${folder}: it is a folder, not a file`);
  assert.equal(await fetched("pid:999999999"), "error: pid:999999999: there is no process with this number");
  assert.match(await fetched(`pid:${process.pid}`, { env: { GOPS_CONFIG_DIR: folder } }), /the process has no gops agent/);
  assert.match(await fetched("gops:127.0.0.1:1"), /no gops agent listens on 127\.0\.0\.1:1/);
  for (const bad of ["pid:x", "pid:-1", "gops:host", "gops:1:99999", "http://", ""]) assert.match(await fetched(bad), /^error: /, bad);
});

test("permission denied", async () => {
  const file = join(folder, "secret");
  writeFileSync(file, "x");
  chmodSync(file, 0);
  const root = process.getuid?.() === 0; // may read everything: be nobody for a moment
  if (root) process.seteuid!(65534);
  try {
    assert.equal(await fetched(file), `error: ${file}: permission denied`);
  } finally {
    if (root) process.seteuid!(0);
  }
});

/** Sends until nobody takes it any more. */
function endless(response: ServerResponse): void {
  const chunk = Buffer.alloc(1 << 16, "goroutine 1 [running]:\n");
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more).on("error", () => undefined);
  more();
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function execFileSyncOrSkip(program: string, argv: string[]): boolean {
  try {
    execFileSync(program, argv, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
