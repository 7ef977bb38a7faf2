// Rows 11, 13 and 14 as live TypeScript services: read by `unpark inspect`, as it reads Go's.
import assert from "node:assert/strict";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { BIN } from "../../src/cli/testing/bin.js";

const config = mkdtempSync(join(tmpdir(), "unpark-"));
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill();
  rmSync(config, { recursive: true, force: true });
});

async function start(name: string): Promise<string> {
  const file = fileURLToPath(new URL("service.js", import.meta.url));
  const env = { ...process.env, GOPS_CONFIG_DIR: config };
  const child = spawn(process.execPath, ["--enable-source-maps", file, name], { stdio: ["ignore", "pipe", "inherit"], env });
  children.push(child);
  // Read on to the end: a service that cannot print any more would fall over.
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      const found = /port (\d+)/.exec(chunk.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", () => reject(new Error(`${name} ended without a port`)));
  });
  return `http://127.0.0.1:${port}`;
}

const run = promisify(execFile);

/** What a person sees; each group of goroutines is a line: count, reason, function, place. */
const look = async (source: string): Promise<string> => (await run(process.execPath, [BIN, "inspect", source], { timeout: 20_000 })).stdout;

describe("TypeScript services are inspected as Go services are", () => {
  it("row 13 grows by one blocked sender with each request, row 14 does not", async () => {
    const leaky = await start("13-sum-server");
    const fixed = await start("14-sum-server-fixed");
    for (const requests of [1, 2, 3]) {
      assert.equal(await (await fetch(`${leaky}/sum`)).text(), "sum 3\n");
      assert.equal(await (await fetch(`${fixed}/sum`)).text(), "sum 10\n");
      // A profile counts alike places; only the dump tells why they wait.
      assert.match(await look(`${leaky}/debug/pprof/goroutine?debug=2`), new RegExp(`\\n  ${requests} +chan send +main\\.func +.*13-sum-server\\.ts:\\d+\\n`));
      assert.match(await look(`${leaky}/debug/pprof/goroutine?debug=1`), new RegExp(`\\n  ${requests} .*13-sum-server\\.ts:\\d+\\n`));
      assert.doesNotMatch(await look(fixed), /chan send/);
    }
  });

  it("row 11 shows itself over HTTP", async () => {
    const url = await start("11-dump-endpoint");
    assert.match(await (await fetch(`${url}/stack`)).text(), /goroutine \d+ \[chan receive\]:\nmain\.worker\(\.\.\.\)/);
    assert.match(await look(url), /\n {2}1 +chan receive +main\.worker +.*11-dump-endpoint\.ts:\d+\n/);
  });
});
