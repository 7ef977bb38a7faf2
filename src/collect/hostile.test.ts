import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer as createHttp, type RequestListener } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer as createTcp, type Server } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { nanos } from "../model/ids.js";
import { inAddress } from "../model/public-name.js";
import { collectChild } from "./collect.js";
import { fetched, listen, options, scratch, selfSigned } from "./testing/collect-fixtures.js";

const SECRET = "hunter2canary";
const temporary = scratch();
const { folder } = temporary;
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
  temporary.remove();
});
async function serve(server: Server): Promise<number> {
  servers.push(server);
  return listen(server);
}

test("headers and credentials never follow a redirect to another origin: scheme, host or port", async () => {
  const { cert, key } = selfSigned(folder);
  const seen: string[] = [];
  const note: RequestListener = (request, response) => {
    seen.push(`${request.url} ${String(request.headers.authorization)} ${String(request.headers["x-secret"])}`);
    response.end("goroutine 1 [select]:\n");
  };
  const other = await serve(createHttp(note));
  const plain = createHttp(note);
  let port = 0;
  const secure = createHttps({ cert, key }, (request, response) => {
    const targets: Readonly<Record<string, string>> = { "/scheme": `http://127.0.0.1:${port}/ok`, "/port": `https://127.0.0.1:${other}/ok`, "/host": `https://localhost:${port}/ok`, "/user": `https://evil:evil@127.0.0.1:${port}/ok` };
    const target = targets[request.url!];
    if (target === undefined) return note(request, response);
    response.writeHead(302, { location: target }).end();
  });
  // One port for http and https, told apart by a TLS record's first byte.
  port = await serve(createTcp((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (bytes) => {
      socket.pause();
      socket.unshift(bytes);
      (bytes[0] === 22 ? secure : plain).emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  }));
  const ask = (path: string): Promise<string> => fetched(`https://alice:${SECRET}@127.0.0.1:${port}${path}`, { tls: { ca: cert }, headers: [["X-Secret", SECRET]] });
  for (const path of ["/scheme", "/port", "/host"]) {
    const said = await ask(path);
    assert.match(said, /^error: .*which is not followed/, path);
    assert.ok(!said.includes(SECRET), said);
  }
  assert.deepEqual(seen, []);
  assert.equal(await ask("/user"), "goroutine 1 [select]:\n");
  assert.deepEqual(seen, [`/ok Basic ${Buffer.from(`alice:${SECRET}`).toString("base64")} ${SECRET}`]);
});

test("no error repeats a password, a token, a header, nor a server that repeats them", async () => {
  const port = await serve(createHttp((request, response) => response.writeHead(403).end(`bad ${String(request.headers.authorization)} ${String(request.headers["x-token"])} ${request.url} ${SECRET}\u001b]0;title\u0007`)));
  const sources = [
    `http://alice:${SECRET}@127.0.0.1:${port}/`, `http://127.0.0.1:${port}/?token=${SECRET}`, `http://127.0.0.1:${port}/?${SECRET}`, `127.0.0.1:${port}/x?a=1&k=${SECRET}`, `http://alice:${SECRET}@127.0.0.1:1/`,
    `http://alice:${SECRET}@[bad/`, `http://alice:${SECRET}@host with blanks/`, `ftp://alice:${SECRET}@host/x`, `alice:${SECRET}@host:6060`, `gops:alice:${SECRET}@host:1`, `gops:alice:${SECRET}@host:x`,
    `unix:/no/such.sock:/x?token=${SECRET}`, `http://${SECRET}%zz@127.0.0.1:${port}/`, `https://alice:${SECRET}@127.0.0.1:${port}/`,
  ];
  for (const source of sources) {
    const said = await fetched(source, { headers: [["X-Token", `Bearer ${SECRET}`]] });
    assert.match(said, /^error: /, source);
    assert.ok(!said.includes(SECRET), `${source}: ${said}`);
    assert.ok(!/[\u0000-\u001f]/.test(said), `${source}: ${said}`);
    for (const secret of inAddress(source)) assert.ok(!said.includes(secret), `${source}: ${said}`);
  }
  const basic = await fetched(`http://127.0.0.1:${port}/`, { user: `alice:${SECRET}` });
  assert.ok(!basic.includes(SECRET) && !basic.includes("]0;title\u0007"), basic);
});

test("a gops agent that drips is given up at --timeout, and one on IPv6 is understood", async () => {
  const drip = await serve(createTcp((socket) => {
    socket.on("error", () => undefined);
    const timer = setInterval(() => socket.write("g"), 20);
    socket.on("close", () => clearInterval(timer));
  }));
  assert.match(await fetched(`gops:127.0.0.1:${drip}`, { timeoutMs: 300 }), /^error: gops:127\.0\.0\.1:\d+: no complete answer of the gops agent within 0\.3 s/);
  assert.match(await fetched("gops:[::1]:1"), /^error: gops:\[::1\]:1: (?:no gops agent listens on|connect E)/);
});

/** A zstd frame of RLE blocks: four bytes each. */
function runs(blocks: number, size: number, window = 0x58): Buffer {
  const block = (last: number): Buffer => Buffer.from([(size << 3) | 2 | last, size >> 5, size >> 13, 0x20]);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, window]), ...Array.from({ length: blocks }, (_, i) => block(i === blocks - 1 ? 1 : 0))]);
}

test("zstd: neither large blocks, nor many, nor a large window, nor slow ones go beyond the limits", async () => {
  const unpacked = async (name: string, bytes: Uint8Array, more: Parameters<typeof fetched>[1] = {}): Promise<string> => {
    writeFileSync(join(folder, name), bytes);
    return fetched(join(folder, name), more);
  };
  const before = process.memoryUsage().rss;
  assert.match(await unpacked("large.zst", runs(1500, (1 << 21) - 1)), /^error: .*(?:more than 1 MiB unpacked|larger than 128 KiB)/);
  assert.match(await unpacked("many.zst", runs(4000, 1 << 17)), /^error: .*more than 1 MiB unpacked, given up; --max-size raises the limit/);
  assert.match(await unpacked("window.zst", runs(1, 10, 21 << 3)), /^error: .*it needs a window of 2\^31 bytes/);
  assert.equal((await unpacked("good.zst", runs(3, 1000))).length, 3000);
  assert.ok(process.memoryUsage().rss - before < 256 << 20);
  // A sequence of matches that copies 65,539 bytes 97,000 times, in a block of a few bytes (all tables are of one symbol).
  const slow = Buffer.from([0x00, 0xff, 0xff, 0xff, 0x54, 35, 31, 52, 0, 0, 0, 0, 1]);
  const header = Buffer.from([(slow.length << 3) | 4, slow.length >> 5, 0]);
  const bytes = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]), ...Array<Buffer>(50).fill(Buffer.concat([header, slow]))]);
  assert.match(await unpacked("slow.zst", bytes, { timeoutMs: 400 }), /^error: .*(?:not unpacked within 0\.4 s|damaged)/);
});

test("inspect -- PROGRAM: a process of its own that holds its stderr keeps nobody waiting, and is ended", async () => {
  const read = async (argv: readonly string[], afterMs: number, timeoutMs: number): Promise<string> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of collectChild(argv, afterMs, options({ env: process.env, timeoutMs })).chunks) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };
  const alive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const said = await read(["sh", "-c", "sleep 600 & echo $! >&2; exec sleep 601"], 50, 200);
  const pid = Number(said);
  assert.ok(pid > 0, said);
  for (let looks = 0; alive(pid) && looks < 200; looks++) await new Promise((done) => setTimeout(done, 10));
  assert.equal(alive(pid), false);
  assert.match(await read(["sh", "-c", "sleep 600 & echo said >&2"], 50_000, 50_000), /^said/);
});

test("what little bytes of a service unpack to is read within --timeout, too; a file takes the time that it takes", async () => {
  const packed = gzipSync(Buffer.alloc(8 << 20, "x\n"));
  const port = await serve(createHttp((_, response) => response.end(packed)));
  /** A second at each look at it: as where whoever reads is slow. */
  const slow = (): { readonly steady: () => number } => {
    let seconds = 0;
    return { steady: () => 1000 * seconds++ };
  };
  assert.equal(await fetched(`http://127.0.0.1:${port}/d`, { ...slow(), timeoutMs: 30_000, maxBytes: 1 << 30 }), `error: http://127.0.0.1:${port}/d: what it sent is not read within 30 s; --timeout allows more`);
  // A clock that is set forward meanwhile is no time that passed.
  let hours = 0n;
  const leaping = { now: (): ReturnType<typeof nanos> => nanos(3_600_000_000_000n * hours++) };
  assert.equal((await fetched(`http://127.0.0.1:${port}/d`, { ...leaping, timeoutMs: 30_000, maxBytes: 1 << 30 })).length, 8 << 20);
  writeFileSync(join(folder, "large.gz"), packed);
  assert.equal((await fetched(join(folder, "large.gz"), { ...slow(), timeoutMs: 30_000, maxBytes: 1 << 30 })).length, 8 << 20);
});

test("a server that wants another protocol, or never ends what stands before or behind its answer, is given up", async () => {
  const dump = "goroutine 1 [select]:\nmain.f()\n\t/a.go:1 +0x1\n\n";
  const answers: Readonly<Record<string, readonly [whole: string, again: string]>> = {
    upgrade: [`HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n${dump}`, ""],
    early: ["HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"],
    trailer: [`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${dump.length.toString(16)}\r\n${dump}\r\n0\r\n`, "X: y\r\n"],
  };
  for (const [kind, [whole, again]] of Object.entries(answers)) {
    const port = await serve(createTcp((socket) => {
      socket.on("error", () => undefined).once("data", () => {
        socket.write(whole);
        const more = again === "" ? undefined : setInterval(() => socket.write(again), 5);
        socket.on("close", () => clearInterval(more));
      });
    }));
    assert.match(await fetched(`http://127.0.0.1:${port}/d`, { timeoutMs: 500 }), /no complete answer within 0.5 s|the server closed the connection before the answer was complete|not HTTP/, kind);
  }
});

test("a named pipe: what is written into it, later too; nobody writes; interrupted while nobody writes", { skip: process.platform === "win32" }, async () => {
  const pipe = join(folder, "pipe");
  assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
  const writer = spawn("sh", ["-c", 'sleep 0.2; { printf "goroutine 1 [select]:\n"; sleep 0.2; printf "main.f()\n"; } > "$1"', "sh", pipe]);
  assert.equal(await fetched(pipe, { timeoutMs: 20_000 }), "goroutine 1 [select]:\nmain.f()\n");
  writer.kill();
  assert.equal(await fetched(pipe, { timeoutMs: 100 }), "");
  const stop = new AbortController();
  const waiting = fetched(pipe, { timeoutMs: 20_000, signal: stop.signal });
  stop.abort(new Error("interrupted"));
  assert.equal(await waiting, `error: ${pipe}: interrupted`);
});

test("a gops address with control characters is none (found by the fuzzer)", async () => {
  for (const host of [":\u00001", "a\u001b[31m", "a\u202eb", "a\u009bb"]) assert.match(await fetched(`gops:${host}:80`), /^error: '[^\u0000\u001b\u202e\u009b]*' is not a gops agent/);
});
