// Pending awaits of an ordinary async service under load, read by the commands as goroutines are.
import assert from "node:assert/strict";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";

const SOURCE = fileURLToPath(new URL("../../../test/examples-ts/awaits-service.ts", import.meta.url));
const LINE = readFileSync(SOURCE, "utf8").split("\n").findIndex((line) => line.includes("// stuck here")) + 1;
const folder = mkdtempSync(join(tmpdir(), "unpark-awaits-"));
let child: ChildProcess;
let url: string;

before(async () => {
  child = spawn(process.execPath, ["--enable-source-maps", fileURLToPath(new URL("awaits-service.js", import.meta.url))], { stdio: ["ignore", "pipe", "inherit"] });
  url = await new Promise((resolve, reject) => {
    child.stdout!.on("data", (chunk: Buffer) => {
      const port = /port (\d+)/.exec(chunk.toString())?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    });
    child.once("exit", () => reject(new Error("it ended without a port")));
  });
});
after(() => {
  child.kill();
  rmSync(folder, { recursive: true, force: true });
});

interface Done {
  readonly code: number | string | null;
  readonly stdout: string;
}
const unpark = (...args: readonly string[]): Promise<Done> =>
  new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], { timeout: 60_000, env: { ...process.env, XDG_STATE_HOME: folder } }, (error, stdout) => resolve({ code: error?.code ?? 0, stdout }));
  });

/** Asks, and gives up what is not answered once all of them are seen to wait, or `enough` says so. */
async function stick(many: number, enough: () => boolean = () => false): Promise<void> {
  const before = await stuck();
  const requests = Array.from({ length: many }, () => get(`${url}/stuck`, { agent: false }).on("error", () => undefined));
  while (!enough() && (await stuck()) < before + many);
  for (const request of requests) request.destroy();
}

async function stuck(): Promise<number> {
  const places = (await (await fetch(`${url}/debug/pprof/await?debug=json`)).json()) as readonly { readonly file: string; readonly line: number; readonly count: number }[];
  return places.find(({ line, file }) => line === LINE && /awaits-service/.test(file))?.count ?? 0;
}

describe("a service's pending awaits", () => {
  const row = (count: number): RegExp => new RegExp(`\\n  ${count} +await +main\\.query +.*awaits-service\\.ts:${LINE}\\n`);

  it("inspect: those that wait, by line, after a thousand requests that were answered", async () => {
    for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 50 }, async () => assert.equal(await (await fetch(`${url}/work`)).text(), "answer to /work")));
    assert.equal(await stuck(), 0);
    await stick(7);
    const { code, stdout } = await unpark("inspect", url);
    assert.equal(code, 0, stdout);
    assert.match(stdout, row(7));
    assert.match((await unpark("inspect", `${url}/debug/pprof/await?debug=2`)).stdout, row(7));
  });

  it("diff and verify: what is new since a look before", async () => {
    const look = async (name: string): Promise<string> => {
      const file = join(folder, name);
      writeFileSync(file, await (await fetch(`${url}/debug/pprof/goroutine?debug=2`)).text());
      return file;
    };
    const first = await look("first.txt");
    assert.equal((await unpark("diff", first, first)).code, 0);
    await stick(12);
    const { code, stdout } = await unpark("diff", first, await look("second.txt"));
    assert.equal(code, 1);
    assert.match(stdout, new RegExp(`main\\.query +.*awaits-service\\.ts:${LINE}`));
    assert.equal((await unpark("verify", url, "--absent", "main.query")).code, 1);
    assert.equal((await unpark("verify", url, "--absent", "main.nobody")).code, 0);
    assert.equal((await unpark("verify", url, "--baseline", first)).code, 1);
  });

  it("watch: the line that grows", async () => {
    const watching = unpark("watch", url, "--interval", "100ms", "--until", "5s", "--window", "2s", "--min-rise", "5", "--store", "none");
    let isOver = false;
    void watching.then(() => (isOver = true));
    while (!isOver) await stick(3, () => isOver); // three at a time: a busy machine has few turns within the window
    const { code, stdout } = await watching;
    assert.equal(code, 1, stdout);
    assert.match(stdout, new RegExp(`main\\.query.*awaits-service\\.ts:${LINE}`));
  });
});
