import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { Chan, debugFetch, go, runtime, sync } from "../../index.js";
import { parseBytes } from "../../parse/parse.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { debugHandler, gopsAgent } from "./index.js";

const run = promisify(execFile);
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

async function idleWorker(jobs: Chan<number>): Promise<void> {
  await jobs.recv(); // the line that a dump must name
}

const GUILTY = readFileSync(new URL("../../../../src/runtime/node/introspection.test.ts", import.meta.url), "utf8")
  .split("\n")
  .findIndex((line) => line.includes("the line that a dump must name")) + 1;

const read = (bytes: Uint8Array): Snapshot => {
  const parsed = parseBytes(bytes, { source: "test" });
  assert.ok(parsed.ok, parsed.ok ? "" : JSON.stringify(parsed.error));
  return parsed.value.snapshots[0]!;
};

describe("introspection: what reads a Go process reads this one", () => {
  const jobs = new Chan<number>();
  const mu = new sync.Mutex();
  const folder = mkdtempSync(join(tmpdir(), "unpark-"));
  before(async () => {
    runtime.setTraceback(true);
    for (let i = 0; i < 3; i++) go(idleWorker, jobs);
    await mu.lock();
    go(async function lateLocker() {
      await mu.lock();
    });
    await settle();
  });
  after(async () => {
    runtime.setTraceback(false);
    await jobs.close();
    await mu.unlock();
    rmSync(folder, { recursive: true });
  });

  it("the dump text parses, with reasons, places and creators", () => {
    const { goroutines } = read(new TextEncoder().encode(runtime.stack()));
    const idle = goroutines.filter((g) => g.waitReason === "chan receive");
    assert.equal(idle.reduce((n, g) => n + g.count, 0), 3);
    const [frame] = idle[0]!.stack;
    assert.equal(frame!.function, "main.idleWorker");
    assert.match(frame!.file, /introspection\.test\.ts$/);
    assert.equal(frame!.line, GUILTY);
    assert.equal(idle[0]!.createdBy?.id, 1);
    assert.equal(goroutines.find((g) => g.waitReason === "sync.Mutex.Lock")?.stack[0]?.function, "main.lateLocker");
  });

  it("debug=0, 1 and 2 over HTTP count the same goroutines, and so does a fetch handler", async () => {
    const server = createServer(debugHandler()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    after(() => {
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    for (const debug of [0, 1, 2]) {
      const path = `http://127.0.0.1:${port}/debug/pprof/goroutine?debug=${debug}`;
      const bytes = new Uint8Array(await (await fetch(path)).arrayBuffer());
      const found = read(bytes).goroutines.filter((g) => g.stack[0]?.function === "main.idleWorker");
      assert.equal(found.reduce((n, g) => n + g.count, 0), 3, `debug=${debug}`);
      const direct = debugFetch(new Request(path))!;
      assert.equal(direct.status, 200);
    }
    assert.equal((await fetch(`http://127.0.0.1:${port}/elsewhere`)).status, 404);
    assert.equal(debugFetch(new Request("http://x/elsewhere")), undefined);
  });

  const noGo = spawnSync("go", ["version"]).status === 0 ? false : "needs Go on the PATH";
  it("go tool pprof reads the profile", { skip: noGo }, async () => {
    const file = join(folder, "goroutine.pb");
    writeFileSync(file, new Uint8Array(await debugFetch(new Request("http://x/debug/pprof/goroutine"))!.arrayBuffer()));
    const { stdout } = await run("go", ["tool", "pprof", "-lines", "-top", file]);
    assert.match(stdout, /Type: goroutine/);
    assert.match(stdout, new RegExp(`3 .* main\\.idleWorker .*introspection\\.test\\.ts:${GUILTY}`));
  });

  it("the real gops reads stack, stats and version", { skip: noGo, timeout: 180_000 }, async () => {
    await run("go", ["install", "github.com/google/gops@v0.3.28"], { env: { ...process.env, GOBIN: folder } });
    process.env["GOPS_CONFIG_DIR"] = folder;
    const agent = await gopsAgent();
    try {
      const gops = async (command: string): Promise<string> =>
        (await run(join(folder, "gops"), [command, String(process.pid)], { env: { ...process.env, GOPS_CONFIG_DIR: folder } })).stdout;
      assert.match(await gops("stack"), /goroutine \d+ \[chan receive\]:\nmain\.idleWorker\(\.\.\.\)/);
      assert.match(await gops("stats"), new RegExp(`goroutines: ${runtime.numGoroutine()}\n`));
      assert.match(await gops("version"), /unpark on node v\d+/);
    } finally {
      await agent.close();
      delete process.env["GOPS_CONFIG_DIR"];
    }
  });
});
