import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { BIN } from "../../src/cli/testing/bin.js";
import { unpark as commandLine } from "../../src/cli/testing/command-line.js";
import { listen } from "../../src/collect/testing/collect-fixtures.js";
import { buildServices, startService } from "./services.js";

/** The ten rows of bad input, each through all four commands: exit code 2, one sentence, nothing on stdout or half-written. */
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
let built: ReturnType<typeof buildServices>;
before(() => void (built = buildServices()));
after(() => built.remove());

const APART = { apart: true } as const;
/** As root every file can be read: the command is run as somebody else. */
const NOBODY = { ...APART, ...(process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}) };

/** In this process, where it need not be another. */
async function unpark(argv: readonly string[], { env, apart = false, ...user }: { readonly env?: NodeJS.ProcessEnv; readonly apart?: boolean; readonly uid?: number; readonly gid?: number } = {}) {
  if (!apart) return commandLine(argv, { cwd: built.bin, ...(env ? { env } : {}) });
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: built.bin, stdio: ["ignore", "pipe", "pipe"], ...user });
  const [stdout, stderr, [status]] = await Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, "close") as Promise<[number | null]>]);
  return { status, stdout, stderr };
}

/** Every command that reads a source, and a file that it would write had it something to say. */
const COMMANDS = (source: string): readonly (readonly string[])[] => [
  ["inspect", source, "--json", "--web=half.html", "--save", "half.pb.gz"],
  ["diff", source, source],
  ["verify", source, "--max", "5", "--junit", "half.xml", "--sarif", "half.sarif"],
  ["verify", join(ROOT, "fixtures/dumps/go1.26.8/zoo.pb.gz"), "--baseline", source],
];

async function refused(row: string, source: string, error: RegExp, flags: readonly string[] = [], settings: Parameters<typeof unpark>[1] = {}): Promise<void> {
  for (const command of COMMANDS(source)) {
    const { status, stdout, stderr } = await unpark([...command, ...flags], settings);
    const what = `${row}: ${command[0]}: ${stderr}`;
    assert.deepEqual([status, stdout], [2, ""], what);
    assert.match(stderr, error, what);
    assert.equal(stderr.trimEnd().split("\n").length, 1, what);
    assert.ok(stderr.startsWith("unpark: ") && !/\bat .*\.js:\d+/.test(stderr), what);
    for (const file of ["half.html", "half.pb.gz", "half.xml", "half.sarif"]) assert.ok(!existsSync(join(built.bin, file)), `${what} wrote ${file}`);
  }
}

const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(built.bin, name), content);
  return name;
};

test("files: binary junk, empty, not there, not ours to read, damaged; a wrong PID", async () => {
  await refused("binary junk", file("junk", Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))), /no goroutines in it: it is binary, but no pprof profile$/m);
  await refused("empty file", file("empty", ""), /empty: no goroutines in it: it is empty$/m);
  await refused("no file", "nope", /nope: there is no such file$/m);
  await refused("damaged gzip", file("cut.gz", gzipSync("goroutine 1 [running]:\n".repeat(5000)).subarray(0, 60)), /its gzip data is damaged/);
  await refused("wrong PID", "pid:999999999", /pid:999999999: there is no process with this number$/m);
  await refused("a PID without an agent", `pid:${process.pid}`, /the process has no gops agent; give its pprof address instead/, [], { env: { ...process.env, GOPS_CONFIG_DIR: built.bin } });
  chmodSync(join(built.bin, file("secret", "goroutine 1 [running]:\n")), 0);
  chmodSync(built.bin, 0o755);
  await refused("permission denied", "secret", /secret: permission denied$/m, [], NOBODY);
});

test("servers: unreachable, 404, HTML, TLS failure, an endless answer, a gzip bomb, silence", async () => {
  await refused("unreachable", "http://127.0.0.1:1", /nothing listens there \(connection refused\)/);
  const chunk = Buffer.alloc(1 << 16, "goroutine 1 [running]:\nmain.main()\n\t/m.go:1 +0x1\n\n");
  const endless: RequestListener = (_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", more).on("error", () => undefined);
    more();
  };
  const rows: readonly (readonly [string, RequestListener, RegExp, readonly string[]])[] = [
    ["404", (_, r) => void r.writeHead(404).end("404 page not found\n"), /the server answered 404 \(404 page not found\) for \/debug\/pprof\/goroutine; is net\/http\/pprof imported there/, []],
    ["HTML", (_, r) => void r.end("<!doctype html><title>Sign in</title>"), /no goroutines in it: it is an HTML page \('Sign in'\), not a dump$/m, []],
    ["endless", endless, /more than 2 MiB long, given up; --max-size raises the limit$/m, ["--max-size", "2"]],
    ["bomb", (_, r) => void r.end(gzipSync(Buffer.alloc(1 << 26))), /more than 2 MiB unpacked, given up; --max-size raises the limit$/m, ["--max-size", "2"]],
    ["silence", () => undefined, /no complete answer within 0\.3 s; --timeout allows more$/m, ["--timeout", "300ms"]],
    ["half an answer, then silence", (_, r) => void r.write("goroutine 1 [running]:\n"), /no complete answer within 0\.3 s/, ["--timeout", "300ms"]],
  ];
  for (const [row, handler, error, flags] of rows) {
    const server = createServer(handler);
    await refused(row, `http://127.0.0.1:${await listen(server)}/`, error, flags);
    server.closeAllConnections();
    server.close();
  }
  const plain = createTcpServer((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await refused("TLS failure", `https://127.0.0.1:${await listen(plain)}/`, /TLS failed: the server does not speak TLS there/);
  plain.close();
});

test("a Go service that asks for a client certificate: without one, with one, and over its unix socket", async () => {
  await using service = await startService(built, "secure", "-folder", built.bin);
  await refused("unknown authority", service.url, /TLS failed \(.*\); --ca FILE gives its authority, --insecure accepts it$/m);
  await refused("no certificate", service.url, /TLS failed|closed the connection/, ["--ca", "ca.pem"]);
  const shown = await unpark(["inspect", service.url, "--json", "--ca", "ca.pem", "--cert", "client.pem", "--key", "client-key.pem"]);
  assert.equal(shown.status, 0, shown.stderr);
  const socket = await unpark(["inspect", "unix:app.sock", "--json"], APART);
  assert.equal(socket.status, 0, socket.stderr);
  for (const { stdout } of [shown, socket]) assert.ok((JSON.parse(stdout) as { snapshots: { goroutines: number }[] }).snapshots[0]!.goroutines >= 3);
  await refused("no key", service.url, /--key: no-key\.pem: there is no such file$/m, ["--key", "no-key.pem"]);
});

test("zstd: a whole dump in several blocks reads as the plain one; one that is cut is damaged", async () => {
  const dump = readFileSync(join(ROOT, "fixtures/dumps/go1.26.8/zoo.debug2.txt"));
  const packed = zstd(dump);
  const groups = async (source: string): Promise<unknown> => {
    const { stdout, stderr } = await unpark(["inspect", source, "--json"]);
    assert.equal(stderr, "");
    return (JSON.parse(stdout) as { snapshots: { groups: unknown }[] }).snapshots[0]!.groups;
  };
  assert.deepEqual(await groups(file("dump.zst", packed)), await groups(file("dump.txt", dump)));
  await refused("cut zstd", file("cut.zst", packed.subarray(0, 9000)), /its zstd data is damaged|broken|the text ends/);
});

/** A frame of raw blocks (RFC 8878, 3.1.1): no compressor is at hand, and every reader must take them. */
function zstd(bytes: Uint8Array): Buffer {
  const parts = [Buffer.from("28b52ffd", "hex"), Buffer.from([0xa0]), Buffer.alloc(4)]; // one segment, size in four bytes
  parts[2]!.writeUInt32LE(bytes.length);
  for (let at = 0; at < bytes.length; at += 5000) {
    const block = bytes.subarray(at, at + 5000);
    const last = at + 5000 >= bytes.length ? 1 : 0;
    const head = Buffer.alloc(4);
    head.writeUInt32LE((block.length << 3) | last);
    parts.push(head.subarray(0, 3), Buffer.from(block));
  }
  return Buffer.concat(parts);
}
