import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { debugFetch } from "../../index.js";
import { Prng } from "../../base/prng.js";
import { answerEndpoint } from "../observe/endpoints.js";
import { debugHandler, gopsAgent, sampleAwaits } from "./index.js";

/** Request targets that `new URL(target, base)` throws for, or that are none at all. */
const TARGETS = ["//", "//[", "//:99999/", "http://x:99999999/debug/pprof/goroutine", "http://[", "*", "", "?", "#", "/%", "/%zz?debug=%", "///", "\\\\", "//a@b:c@d/", "http:", "x:y", "/debug/pprof/../..//", "/debug/pprof/goroutine?debug=%ff&debug=", "/debug/pprof/goroutine?" + "debug=1&".repeat(2000)];
const PIECES = ["/", "//", "[", "]", ":", "@", "?", "#", "%", "%00", "..", "http://", "debug", "pprof", "goroutine", "await", "json", "=", "&", "99999", "\\", "*", "x", "\u00ff", "é"];

function malformed(random: Prng): string {
  if (random.below(10) === 0) return TARGETS[random.below(TARGETS.length)]!;
  return Array.from({ length: 1 + random.below(8) }, () => PIECES[random.below(PIECES.length)]!).join("");
}

/** Sends bytes as they are; resolves when the server has closed or half a second of silence is over. */
function send(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => void (text += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
    socket.end(bytes, "latin1");
  });
}

const sampling = sampleAwaits({ share: 1 });
after(() => sampling.stop());

describe("what a service of somebody's runs never throws into it", () => {
  let server: Server;
  let port: number;
  let passedOn = 0;
  const thrown: unknown[] = [];
  const note = (error: unknown): void => void thrown.push(error);
  before(async () => {
    process.on("uncaughtException", note);
    server = createServer(debugHandler((_, response) => {
      passedOn++;
      response.end("the application");
    })).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    process.off("uncaughtException", note);
    server.close();
    server.closeAllConnections();
  });

  it("10,000 malformed requests to a node:http server", async () => {
    const random = new Prng(1);
    const methods = ["GET", "HEAD", "POST", "OPTIONS", "BREW", "CONNECT"];
    for (let i = 0; i < 100; i++) {
      const requests = Array.from({ length: 100 }, () => `${methods[random.below(methods.length)]} ${malformed(random)} HTTP/1.${random.below(2)}\r\nHost: x${random.below(20) === 0 ? "\r\nContent-Length: 5" : ""}\r\nConnection: close\r\n\r\n`);
      await Promise.all(requests.map((request) => send(port, request)));
    }
    assert.deepEqual(thrown, []);
    assert.ok(passedOn > 1000, `${passedOn} reached the application`);
    assert.match(await send(port, "GET /debug/pprof/goroutine?debug=2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), /^HTTP\/1\.1 200 /);
    assert.match(await send(port, "GET http://x:99999999/debug/pprof/goroutine?debug=2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), /^HTTP\/1\.1 200 /);
    for (const target of ["//", "//[", "//:99999/", "http://x:99999999/"]) {
      assert.match(await send(port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`), /the application$/, target);
    }
  });

  it("targets of every kind have an answer or none, and never an exception", () => {
    const random = new Prng(2);
    for (let i = 0; i < 10_000; i++) answerEndpoint(malformed(random));
    assert.equal(answerEndpoint("http://h/debug/pprof/goroutine?debug=2#x")?.status, 200);
    assert.equal(answerEndpoint("/debug/pprof/nothing")?.status, 404);
    for (const debug of ["0", "1", "2", "json", "%ff", ""]) assert.equal(answerEndpoint(`/debug/pprof/await?debug=${debug}`)?.status, 200, debug);
    assert.equal(answerEndpoint("//debug/pprof/goroutine"), undefined);
    assert.equal(debugFetch(new Request("http://h//x")), undefined);
  });

  it("the gops agent: any byte, rubbish, silence, and too many connections", async () => {
    const folder = mkdtempSync(join(tmpdir(), "unpark-gops-"));
    process.env["GOPS_CONFIG_DIR"] = folder;
    const agent = await gopsAgent();
    try {
      assert.equal(statSync(join(folder, String(process.pid))).mode & 0o777, 0o600);
      for (let byte = 0; byte < 256; byte++) await send(agent.port, `${String.fromCharCode(byte)}\u001b\u0000rubbish`);
      const silent = Array.from({ length: 40 }, () => connect(agent.port, "127.0.0.1").on("error", () => undefined));
      await agent.close(); // does not wait for them
      silent.forEach((socket) => socket.destroy());
      assert.deepEqual(thrown, []);
    } finally {
      delete process.env["GOPS_CONFIG_DIR"];
      rmSync(folder, { recursive: true });
    }
  });
});
